/** haproxy: its runtime socket, through the site's haproxyctl. */
import { quote } from '../shell/quote.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { endpointText } from '../values/endpoint.ts'
import { unknownBackend, type Balancer, type NamedEndpoint } from './balancer.ts'

/**
 * A server in maintenance gets no request at all: visitors bound to it are bound to another one by their next request.
 * @param haproxyctl sends a command to the socket, and fails when that is refused
 * @param proxy name of the backend section
 */
export function haproxy(haproxyctl: string, proxy: string): Balancer {
  return {
    title: 'haproxy',
    look: `${quote(haproxyctl)} show stat`,
    read(printed) {
      const servers = statRows(printed).filter(({ pxname, addr }) => pxname === proxy && addr !== '')
      const serverOf = (backend: NamedEndpoint): Row => {
        const found = servers.find(({ addr }) => addr === endpointText(backend))
        if (found === undefined) throw unknownBackend('haproxy', backend, servers.map(({ addr }) => addr ?? ''))
        return found
      }
      const turn = (backend: NamedEndpoint, state: 'ready' | 'maint') => ({
        summary: `${state} in haproxy: ${endpointText(backend)}`,
        argv: [haproxyctl, 'set', 'server', `${proxy}/${serverOf(backend).svname}`, 'state', state],
      })
      return {
        state(backend) {
          const { status = '' } = serverOf(backend)
          return { enabled: !/^(MAINT|DRAIN|NOLB)/.test(status), alive: !status.startsWith('DOWN'), sessions: 0 }
        },
        enable: (backend) => turn(backend, 'ready'),
        disable: (backend) => turn(backend, 'maint'),
        unbind: () => undefined,
      }
    },
  }
}

type Row = Readonly<Record<string, string>>

/**
 * The rows of `show stat`, by the names of its first line (haproxy's management guide, 9.1).
 * @throws PlonerunError for any other text
 */
export function statRows(printed: string): readonly Row[] {
  const [head = '', ...lines] = printed.trim().split('\n')
  if (!head.startsWith('# ')) throw new PlonerunError('haproxy does not tell its state', { kind: 'task', why: printed.trim() || 'haproxyctl printed nothing', hint: 'is haproxy running?' })
  const names = head.slice(2).split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))
  })
}
