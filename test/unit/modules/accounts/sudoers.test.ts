/** Rules of sudo, written for real in a folder of this machine. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { sudoers } from '../../../../src/modules/accounts/sudoers.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planWith } from '../../../support/drive.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { prove, runLocally } from '../../../support/local-host.ts'
import { describeWith } from '../../../support/programs.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})

it.each<[Record<string, Plain>, string]>([
  [{ user: 'zope', commands: '/usr/bin/systemctl restart zeo' }, 'zope ALL=NOPASSWD: /usr/bin/systemctl restart zeo\n'],
  [{ group: 'admin', commands: ['/bin/a', '/bin/b'], nopassword: false, runas: 'root', host: 'www' }, '%admin www=(root) /bin/a, /bin/b\n'],
  [{ user: 'x', commands: 'ALL', noexec: true, setenv: true }, 'x ALL=NOEXEC:NOPASSWD:SETENV: ALL\n'],
])('%j', (args, rule) => {
  prove(sudoers, { name: 'rule', sudoers_path: folder, ...args })
  expect(readFileSync(join(folder, 'rule'), 'utf8')).toBe(rule)
  expect(statSync(join(folder, 'rule')).mode & 0o777).toBe(0o440)
  prove(sudoers, { name: 'rule', sudoers_path: folder, state: 'absent' })
  expect(readdirSync(folder)).toEqual([])
}, 60_000)

it('check mode writes nothing', () => {
  expect(runLocally(sudoers, { name: 'rule', sudoers_path: folder, user: 'x', commands: 'ALL' }, { check: true }).summaries).toEqual([`${folder}/rule: new file, mode 0440`])
  expect(readdirSync(folder)).toEqual([])
})

const state = (code: number, stdout = ''): Record<string, unknown> => ({
  entry: { exists: false, path: '/etc/sudoers.d/rule', realPath: '/etc/sudoers.d/rule', umask: 0o022 },
  parent: { exists: true, type: 'directory', path: '/etc/sudoers.d' },
  valid: { code, stdout },
})
it('says what visudo says, also in check mode', () => {
  const args = { name: 'rule', user: 'x', commands: 'ALL' }
  expect(planWith(sudoers, args, state(1, 'stdin:1:3: syntax error\n')).fail).toBe('Failed to validate sudoers rule:\nstdin:1:3: syntax error\n')
  expect(planWith(sudoers, args, state(127)).changes).toHaveLength(1)
  expect(planWith(sudoers, { ...args, validation: 'required' }, state(127)).fail).toBe('visudo was not found on the host: install sudo')
})

describeWith('visudo', () => {
  it('a wrong rule is not written', () => {
    expect(() => runLocally(sudoers, { name: 'rule', sudoers_path: folder, user: 'x', commands: 'no path' })).toThrow('Failed to validate sudoers rule')
    expect(readdirSync(folder)).toEqual([])
  })
})

it.each<[Record<string, Plain>, string]>([
  [{ name: 'a/b' }, `'a/b' is no name of a file`],
  [{ name: 'x', commands: 'ALL' }, 'user or group is needed'],
  [{ name: 'x', user: 'x' }, 'commands are needed'],
  [{ name: 'x', user: 'x', commands: 'ALL', sudoers_path: '/nosuch' }, 'the folder /nosuch does not exist'],
])('%j is refused', (args, message) => expect(() => runLocally(sudoers, args)).toThrow(message))
