/** Programs of a supervisord: the exact commands. */
import { expect, it } from 'vitest'
import { supervisorctl } from '../../../../src/modules/services/supervisorctl.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planBehind, planWith, resultWith } from '../../../support/drive.ts'

const STATUS = 'cron                             RUNNING   pid 7680, uptime 13:22:18\nzope:zope0                       RUNNING   pid 7681, uptime 13:22:18\nzope:zope1                       STOPPED   Nov 28 05:00 PM\n'
const state = (stdout = STATUS, code = 3): Record<string, unknown> => ({ status: { stdout, code }, available: { stdout: 'cron   in use    auto      999:999\nfresh  avail     auto      999:999\nzope:zope0   in use    auto      999:999\n', code: 0 } })

/** Words after those of the script itself: what is expected to be said, and the command. */
function commands(args: Record<string, Plain>, known = state()): readonly string[] {
  const { changes, fail } = planWith(supervisorctl, args, known)
  return fail === undefined ? changes.flatMap(({ steps }) => steps.map(({ argv }) => `${argv.slice(5).join(' ')} => ${argv[4]!}`)) : [`fail: ${fail}`]
}

it.each<[Record<string, Plain>, readonly string[]]>([
  [{ name: 'cron', state: 'started' }, []],
  [{ name: 'cron', state: 'stopped' }, ['stop cron => cron: stopped']],
  [{ name: 'zope:', state: 'started' }, ['start zope:zope1 => zope:zope1: started']],
  [{ name: 'zope:zope1', state: 'stopped' }, []],
  [{ name: 'all', state: 'stopped' }, ['stop cron => cron: stopped', 'stop zope:zope0 => zope:zope0: stopped']],
  [{ name: 'zope:', state: 'restarted' }, ['update => ', 'restart zope:zope0 => zope:zope0: started', 'restart zope:zope1 => zope:zope1: started']],
  [{ name: 'fresh', state: 'restarted' }, ['update => ', 'restart fresh => fresh: started']],
  [{ name: 'nosuch', state: 'restarted' }, ['fail: ERROR (no such process)']],
  [{ name: 'nosuch', state: 'started' }, ['fail: ERROR (no such process)']],
  [{ name: 'cron', state: 'signalled', signal: 'HUP' }, ['signal HUP cron => cron: signalled']],
  [{ name: 'cron', state: 'present' }, []],
  [{ name: 'fresh', state: 'present' }, ['reread => ', 'add fresh => fresh: added process group']],
  [{ name: 'fresh', state: 'absent' }, []],
  [{ name: 'cron', state: 'absent' }, ['reread => ', 'remove cron => cron: removed process group']],
  [{ name: 'zope:', state: 'absent', stop_before_removing: true }, ['stop zope:zope0 => zope:zope0: stopped', 'reread => ', 'remove zope => zope: removed process group']],
])('%j', (args, wanted) => {
  expect(commands(args)).toEqual(wanted)
  if (args['state'] !== 'restarted' && args['state'] !== 'signalled') expect(planBehind(supervisorctl, args, state()).changes, 'foreseen').toEqual([])
})

it('check mode foresees the opposite, too', () => {
  expect(planBehind(supervisorctl, { name: 'cron', state: 'stopped' }, state(), { name: 'cron', state: 'started' }).changes).toHaveLength(1)
  expect(planBehind(supervisorctl, { name: 'fresh', state: 'present' }, state(), { name: 'fresh', state: 'absent' }).changes).toHaveLength(1)
})

it('gives the connection, and the password through the environment', () => {
  const { changes } = planWith(supervisorctl, { name: 'cron', state: 'stopped', config: '/etc/s.conf', server_url: 'http://localhost:9001', username: 'me', password: 'secret' }, state())
  expect(changes[0]!.steps[0]).toMatchObject({ environment: { PLONERUN_PASSWORD: 'secret' } })
  expect(changes[0]!.steps[0]!.argv[2]).toMatch(/supervisorctl -c \S*\/etc\/s\.conf\S* -s '?http:\/\/localhost:9001'? -u '?me'? -p "\$PLONERUN_PASSWORD" "\$@"/)
  expect(JSON.stringify(changes[0]!.steps[0]!.argv)).not.toContain('secret')
})

it('returns what it did', () => {
  expect(resultWith(supervisorctl, { name: 'zope:', state: 'started' }, state(), { changed: true })).toEqual({ name: 'zope', state: 'started', affected: ['zope:zope1'] })
  expect(resultWith(supervisorctl, { name: 'cron', state: 'started' }, state())).toEqual({ name: 'cron', state: 'started' })
})

it('says what is missing', () => {
  expect(commands({ name: 'x', state: 'started' }, state('', 127))).toEqual(['fail: supervisorctl was not found on the host: install supervisor'])
  expect(commands({ name: 'x', state: 'started' }, state('unix:///run/supervisor.sock no such file\n', 4))).toEqual(['fail: supervisorctl: unix:///run/supervisor.sock no such file'])
  expect(() => inputOf(supervisorctl, { name: 'x', state: 'signalled' })).toThrow('signal')
})
