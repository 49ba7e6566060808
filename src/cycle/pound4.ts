/** Pound 4: poundctl with names and JSON, and its control socket, which speaks HTTP. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { quote } from '../shell/quote.ts'
import { endpointText } from '../values/endpoint.ts'
import { unknownBackend, type Balancer, type NamedEndpoint } from './balancer.ts'

/** What `poundctl -j list /LISTENER/SERVICE` prints, as far as it is used. */
interface Service {
  readonly backends: readonly { readonly address?: string; readonly alive: boolean; readonly enabled: boolean }[]
  /** `backend` counts from 1; the one used last stands last. */
  readonly sessions: readonly { readonly key: string; readonly backend: number }[] | null
}

/** Sessions that are deleted between two looks; Pound answers each deletion with all sessions that are left. */
const AT_ONCE = 200
/** A key is what a visitor's cookie holds, and Pound takes it from a url as it is: one with other characters cannot be named. */
const NAMEABLE = /^[!-%'-~]+$/

/** poundctl would be a process for each key. Reads the keys from its standard input. An answer is not read to its end: it holds all sessions that are left, and on a connection that may be used again Pound keeps its end back for `Client` seconds. */
const DELETE = `
my ($socket, $service) = @ARGV;
while (my $key = <STDIN>) {
  chomp $key;
  my $pound = IO::Socket::UNIX->new(Peer => $socket) or die "$socket: $!\\n";
  print $pound "DELETE /session$service?key=$key HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n";
  my $status = <$pound> // "no answer";
  die "Pound does not delete a session: $status\\n" unless $status =~ m{^HTTP/1.1 200 };
}`

/**
 * @param socket its control socket
 * @param listener name of the listener in Pound's configuration
 * @param service name of its service
 */
export function pound4(socket: string, listener: string, service: string): Balancer {
  const path = `/${listener}/${service}`
  const poundctl = ['poundctl', '-s', socket]
  return {
    title: 'Pound 4',
    look: `${poundctl.map(quote).join(' ')} -j list ${quote(path)}`,
    read(printed) {
      const found = parse(printed)
      const turn = (backend: NamedEndpoint, way: 'on' | 'off') => ({ summary: `${way} in Pound: ${endpointText(backend)}`, argv: [...poundctl, way, `${path}/${indexOf(found, backend)}`] })
      return {
        state(backend) {
          const index = indexOf(found, backend)
          const { enabled, alive } = found.backends[index]!
          return { enabled, alive, sessions: keysOf(found, index).length }
        },
        enable: (backend) => turn(backend, 'on'),
        disable: (backend) => turn(backend, 'off'),
        unbind(backend) {
          const keys = keysOf(found, indexOf(found, backend)).filter((key) => NAMEABLE.test(key)).slice(-AT_ONCE).reverse()
          if (keys.length === 0) return undefined
          return { summary: `move visitors away from ${endpointText(backend)}`, argv: ['perl', '-MIO::Socket::UNIX', '-e', DELETE, socket, path], stdin: `${keys.join('\n')}\n` }
        },
      }
    },
  }
}

function parse(printed: string): Service {
  try {
    // Pound prints control characters of a visitor's cookie as they are.
    return JSON.parse(printed.replace(/[\0-\x1f]/g, ' ')) as Service
  } catch {
    throw new PlonerunError('Pound does not tell its state', { kind: 'task', why: printed.trim() || 'poundctl printed nothing', hint: 'is Pound running?' })
  }
}

function indexOf({ backends }: Service, backend: NamedEndpoint): number {
  const index = backends.findIndex(({ address }) => address === endpointText(backend))
  if (index === -1) throw unknownBackend('Pound', backend, backends.flatMap(({ address }) => address ?? []))
  return index
}

function keysOf({ sessions }: Service, index: number): string[] {
  return (sessions ?? []).filter(({ backend }) => backend === index + 1).map(({ key }) => key)
}
