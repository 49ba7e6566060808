/** composer: the exact commands. */
import { expect, it } from 'vitest'
import { composer } from '../../../../src/modules/packages/composer.ts'
import type { Plain } from '../../../../src/values/value.ts'
import type { ShellResult } from '../../../../src/probe/shell.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): ShellResult => ({ stdout, code })
const help = (...names: readonly string[]): ShellResult => said(JSON.stringify({ definition: { options: Object.fromEntries(names.map((name) => [name, {}])) } }))
const PROGRAMS = { programs: said('/usr/bin/php\n/usr/bin/composer\n') }
const INSTALL = { ...PROGRAMS, help: help('no-ansi', 'no-interaction', 'no-progress', 'no-dev', 'optimize-autoloader', 'apcu-autoloader', 'no-scripts', 'dry-run') }

it.each<[Record<string, Plain>, Record<string, unknown>, string]>([
  [{}, INSTALL, 'install --no-ansi --no-interaction --no-progress --no-dev --optimize-autoloader --working-dir /srv'],
  [{ no_dev: false, no_scripts: true, apcu_autoloader: true, prefer_dist: true }, INSTALL, 'install --no-ansi --no-interaction --no-progress --no-scripts --apcu-autoloader --optimize-autoloader --working-dir /srv'],
  [{ command: 'require', arguments: "my/package:^1.0 'a b'" }, INSTALL, "require --no-ansi --no-interaction --no-progress --no-dev --optimize-autoloader --working-dir /srv 'my/package:^1.0' 'a b'"],
  [{ command: 'dump-autoload' }, { ...PROGRAMS, help: help('no-interaction') }, 'dump-autoload --no-interaction --working-dir /srv'],
  [{ global_command: true, command: 'require', arguments: 'a/b' }, { ...PROGRAMS, help: help('no-interaction') }, 'global require --no-interaction a/b'],
])('composer %j', (args, state, call) => expect(planWith(composer, { working_dir: '/srv', ...args }, state).changes[0]!.steps[0]!.argv[2]).toBe(`exec /usr/bin/php /usr/bin/composer ${call}`))

it('rehearses where the command can', () => {
  const asked = (state: Record<string, unknown>): readonly string[] => Object.keys(composer.reads(inputOf(composer, { working_dir: '~/site' }), [], state))
  expect(asked(INSTALL)).toEqual(['programs', 'help', 'rehearsal'])
  expect(asked({ ...PROGRAMS, help: help('no-dev') })).toEqual(['programs', 'help'])
})

it('did nothing when composer says so', () => {
  const result = (args: Record<string, Plain>, said: string, foreseen = false): unknown =>
    resultWith(composer, { working_dir: '/srv', ...args }, { ...INSTALL, rehearsal: { stdout: said, code: 0 } }, { changed: true, foreseen, replies: foreseen ? [] : [{ stdout: Buffer.from(''), stderr: Buffer.from(said), code: 0 }] })
  expect(result({}, 'Installing dependencies\nNothing to install, update or remove\n')).toEqual({ changed: false, msg: 'Installing dependencies Nothing to install, update or remove', stdout: 'Installing dependencies\nNothing to install, update or remove\n' })
  expect(result({}, 'Nothing to install or update', true)).toMatchObject({ changed: false })
  expect(result({}, '  - Installing a/b (1.0)', true)).toMatchObject({ changed: true })
})

it('fails with what composer says, before it is run where that is known', () => {
  const plan = (state: Record<string, unknown>): unknown => planWith(composer, { working_dir: '/srv' }, { ...INSTALL, ...state })
  expect(plan({ help: said('Do not run Composer\n as root\n', 1) })).toMatchObject({ fail: 'Do not run Composer as root' })
  expect(plan({ rehearsal: said('In X.php:\n  no a/b\n', 2) })).toMatchObject({ fail: 'In X.php: no a/b', result: { stdout: 'In X.php:\n  no a/b\n' } })
  expect(composer.failure!(inputOf(composer, { working_dir: '/srv' }), {}, { code: 2, stdout: Buffer.alloc(0), stderr: Buffer.from('\nno\n a/b\n') }, [])).toEqual({ msg: 'no a/b', stdout: '\nno\n a/b\n' })
})

it('hears what a command takes behind remarks', () => {
  expect(planWith(composer, { working_dir: '/srv' }, { ...PROGRAMS, help: said(`Do not run as root\n${help('no-dev').stdout}`) }).changes[0]!.steps[0]!.argv[2]).toContain('install --no-dev --working-dir')
})

it('says what it needs', () => {
  expect(() => inputOf(composer, {})).toThrow('global_command is false but all of the following are missing: working_dir')
  expect(() => planWith(composer, { working_dir: '/srv', command: 'require a' }, INSTALL)).toThrow("Use the 'arguments' param")
})
