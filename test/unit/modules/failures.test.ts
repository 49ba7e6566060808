/** What modules return when a step of theirs fails, as Ansible's do. */
import { expect, it } from 'vitest'
import { make } from '../../../src/modules/commands/make.ts'
import { raw } from '../../../src/modules/commands/raw.ts'
import type { StateModule } from '../../../src/modules/contract/module.ts'
import { blockinfile } from '../../../src/modules/files/blockinfile.ts'
import { capabilities } from '../../../src/modules/files/capabilities.ts'
import { copy } from '../../../src/modules/files/copy.ts'
import { lineinfile } from '../../../src/modules/files/lineinfile.ts'
import { tempfile } from '../../../src/modules/files/tempfile.ts'
import { gitConfig } from '../../../src/modules/git/git_config.ts'
import { service } from '../../../src/modules/services/service.ts'
import { systemd } from '../../../src/modules/services/systemd.ts'
import { mount } from '../../../src/modules/system/mount.ts'
import type { Plain } from '../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })
const INVALID = 'failed to validate: rc:2 error:no such text\n'
/** What copy has of a file of the controller. */
const SENT = { kind: 'file', file: { checksum: 'sum' } }

it.each<[StateModule, Record<string, Plain>, Record<string, unknown>, string, Record<string, Plain>, unknown?]>([
  [copy, { dest: '/x', content: 'x' }, {}, INVALID, { checksum: 'sum', msg: 'failed to validate', exit_status: 2, stdout: '', stderr: 'no such text' }, SENT],
  [copy, { dest: '/x', content: 'x' }, {}, 'mv: no\n', { checksum: 'sum', msg: 'mv: no' }, SENT],
  [copy, { src: '/y', dest: '/x', remote_src: true }, {}, 'mv: no\n', { msg: 'mv: no' }, { kind: 'remote' }],
  [lineinfile, { path: '/x', line: 'x' }, {}, INVALID, { msg: INVALID.trimEnd() }],
  [blockinfile, { path: '/x', block: 'x' }, {}, INVALID, { msg: INVALID.trimEnd() }],
  [tempfile, {}, {}, 'mktemp: no\n', { msg: 'mktemp: no' }],
  [capabilities, { path: '/x', capability: 'cap_x=ep' }, {}, 'no\n', { msg: 'Unable to set capabilities of /x', stdout: '', stderr: 'no\n' }],
  [mount, { path: '/x', state: 'unmounted' }, {}, 'no\n', { msg: 'no\n' }],
  [systemd, { name: 'x', state: 'started' }, {}, 'Job failed\n', { msg: 'Unable to start service x: Job failed\n' }],
  [systemd, { name: 'x', masked: true, state: 'stopped' }, {}, 'Failed to mask unit: no\n', { msg: 'Failed to mask the service (x): Failed to mask unit: no' }],
  [service, { name: 'x', enabled: true, state: 'started' }, {}, 'Failed to enable unit: no\n', { msg: 'Unable to enable service x: Failed to enable unit: no\n' }],
  [make, { chdir: '/x', target: 'y' }, { program: said('/usr/bin/make\n') }, 'no rule\n', { msg: 'no rule', rc: 2, stdout: '', stderr: 'no rule\n', cmd: '/usr/bin/make y' }],
])('failure %# of $1', (module, args, state, stderr, expected, prepared) => {
  const reply = { code: 2, stdout: Buffer.alloc(0), stderr: Buffer.from(stderr) }
  expect(module.failure!(inputOf(module, args), state, reply, prepared)).toEqual(expected)
})

it('raw returns what was printed, and how it ended', () => {
  const reply = (code: number): unknown => ({ code, stdout: Buffer.from('one\n'), stderr: Buffer.alloc(0) })
  const result = (code: number): unknown => resultWith(raw, { cmd: 'echo one' }, {}, { changed: true, replies: [reply(code) as never], time: { started: 0, ended: 1 } })
  expect(result(0)).toEqual({ rc: 0, stdout: 'one\n', stderr: '' })
  expect(result(4)).toEqual({ rc: 4, stdout: 'one\n', stderr: '', msg: 'non-zero return code' })
})

it('check mode foresees a second same git_config as no change', () => {
  const args = { name: 'user.name', value: 'me', scope: 'global' }
  const [change] = planWith(gitConfig, args, { values: said('', 1) }).changes
  const { request, kind } = gitConfig.reads(inputOf(gitConfig, args), undefined, {})['values']!
  expect(planWith(gitConfig, args, { values: kind.imagine!(request, said('', 1), change!.leaves!) }).changes).toEqual([])
})
