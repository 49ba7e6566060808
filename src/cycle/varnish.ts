/** Varnish as the balancer: varnishadm's health of backends, which sick takes out and auto puts in. */
import { quote } from '../shell/quote.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { unknownBackend, type Balancer, type NamedEndpoint } from './balancer.ts'

/** A backend in `backend.list -j`, as far as it is used: `probe_message` is `[good, of, "healthy"]`. */
interface Health {
  readonly admin_health: string
  readonly probe_message: readonly unknown[] | string
}

/**
 * A director chooses no sick backend, whatever visitor asks, so nobody is bound to one.
 * Backends have the names of their Zopes in every VCL.
 * @param folder the working folder of the varnishd (its -n)
 */
export function varnish(folder: string): Balancer {
  const adm = ['varnishadm', '-t', '30', '-n', folder]
  return {
    title: 'Varnish',
    look: `${adm.map(quote).join(' ')} backend.list -j`,
    read(printed) {
      const backends = parse(printed)
      const healthOf = (backend: NamedEndpoint): Health => {
        const found = backends.get(backend.name)
        if (found === undefined) throw unknownBackend('Varnish', backend, [...backends.keys()])
        return found
      }
      // In VCLs that have been replaced, too: requests that began under them end there.
      const turn = (backend: NamedEndpoint, health: 'auto' | 'sick') => ({ summary: `${health} in Varnish: ${backend.name}`, argv: [...adm, 'backend.set_health', `*.${backend.name}`, health] })
      return {
        state(backend) {
          const { admin_health: admin, probe_message: probe } = healthOf(backend)
          return { enabled: admin !== 'sick', alive: (typeof probe === 'string' ? probe : String(probe.at(-1))) === 'healthy', sessions: 0 }
        },
        enable: (backend) => turn(backend, 'auto'),
        disable: (backend) => turn(backend, 'sick'),
        unbind: () => undefined,
      }
    },
  }
}

/** `[version, command, time, { "vcl.name": health ... }]`; without a pattern it holds the VCL in use. */
function parse(printed: string): ReadonlyMap<string, Health> {
  try {
    const listing = (JSON.parse(printed) as readonly unknown[]).at(-1) as Readonly<Record<string, Health>>
    return new Map(Object.entries(listing).map(([name, health]) => [name.slice(name.indexOf('.') + 1), health]))
  } catch {
    throw new PlonerunError('Varnish does not tell its state', { kind: 'task', why: printed.trim() || 'varnishadm printed nothing', hint: 'is Varnish running?' })
  }
}
