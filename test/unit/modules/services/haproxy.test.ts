/** Servers of haproxy: the exact commands. They run for real in test/lab/modules.test.ts. */
import { expect, it } from 'vitest'
import { haproxy } from '../../../../src/modules/services/haproxy.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planBehind, planWith, resultWith } from '../../../support/drive.ts'

const HEAD = '# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,'
const row = (backend: string, server: string, status: string, weight = 1): string => `${backend},${server},0,0,0,0,,0,0,0,,0,,0,0,0,0,${status},${weight},`
const stat = (...rows: readonly string[]): Record<string, unknown> => ({ stat: { stdout: `${[HEAD, ...rows].join('\n')}\n\n`, code: 0 } })

/** What is said to the socket; a wait as its words. */
function said(args: Record<string, Plain>, state: Record<string, unknown>): readonly string[] {
  const { changes, fail } = planWith(haproxy, { host: 'web1', ...args }, state)
  return fail === undefined ? changes.flatMap(({ steps }) => steps.map(({ argv }) => (argv[2]!.includes('until') ? `wait ${argv.slice(5).join(' ')}` : argv[5]!))) : [`fail: ${fail}`]
}

it.each<[Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  [{ state: 'disabled' }, stat(row('a', 'web1', 'UP'), row('b', 'web1', 'no check'), row('b', 'web2', 'UP')), ['disable server a/web1', 'disable server b/web1']],
  [{ state: 'disabled', backend: 'b', shutdown_sessions: true, health: true }, stat(row('a', 'web1', 'UP'), row('b', 'web1', 'UP')), ['disable health b/web1', 'disable server b/web1', 'shutdown sessions server b/web1']],
  [{ state: 'disabled' }, stat(row('a', 'web1', 'MAINT')), []],
  [{ state: 'disabled', drain: true, wait: true, wait_interval: 1, wait_retries: 3 }, stat(row('a', 'web1', 'UP')), ['set server a/web1 state drain', 'wait a web1 DRAIN yes 1 3', 'disable server a/web1', 'wait a web1 MAINT yes 1 3']],
  [{ state: 'enabled', weight: 10, agent: true, wait: true }, stat(row('a', 'web1', 'MAINT')), ['enable server a/web1', 'enable agent a/web1', 'set weight a/web1 10', 'wait a web1 UP  5 25']],
  [{ state: 'enabled' }, stat(row('a', 'web1', 'UP')), []],
  [{ state: 'enabled', weight: 10 }, stat(row('a', 'web1', 'UP', 10)), []],
  [{ state: 'enabled', weight: 20 }, stat(row('a', 'web1', 'UP', 10)), ['enable server a/web1', 'set weight a/web1 20']],
  [{ state: 'drain' }, stat(row('a', 'web1', 'UP')), ['set server a/web1 state drain']],
  [{ state: 'drain' }, stat(row('a', 'web1', 'DRAIN')), []],
  [{ state: 'drain', host: 'nosuch' }, stat(row('a', 'web1', 'UP')), []],
  [{ state: 'drain', host: 'nosuch', fail_on_not_found: true }, stat(row('a', 'web1', 'UP')), ["fail: The specified backend '*/nosuch' was not found!"]],
  [{ state: 'drain' }, { stat: { stdout: 'connect: no such file\n', code: 1 } }, ['fail: haproxy does not answer on /var/run/haproxy.sock: connect: no such file']],
  [{ state: 'drain' }, { stat: { stdout: '', code: 127 } }, ['fail: the host has neither socat nor nc nor perl to talk to haproxy with']],
])('%j', (args, state, wanted) => {
  expect(said(args, state)).toEqual(wanted)
  expect(planBehind(haproxy, { host: 'web1', ...args }, state).changes, 'foreseen').toEqual([])
})

it('check mode foresees the opposite, too', () => {
  expect(planBehind(haproxy, { host: 'web1', state: 'disabled' }, stat(row('a', 'web1', 'UP')), { host: 'web1', state: 'enabled', weight: 5 }).changes).toHaveLength(1)
})

it('tells how the server is', () => {
  expect(resultWith(haproxy, { host: 'web1', state: 'enabled' }, stat(row('a', 'web1', 'UP', 3)))).toEqual({ state_before: [{ status: 'UP', weight: '3', scur: '0' }], state_after: [{ status: 'UP', weight: '3', scur: '0' }] })
})
