/** RubyGems: the exact commands. */
import { expect, it } from 'vitest'
import { gem } from '../../../../src/modules/packages/gem.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planBehind, planWith, resultWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })
const RAKE = { release: said('3.6.7\n'), installed: said('\nrake (13.2.1, default: 13.0.6 ruby x86_64-linux)\n') }
const NONE = { release: said('3.6.7\n'), installed: said('') }

function calls(args: Record<string, Plain>, state: Record<string, unknown>): readonly string[] {
  return planWith(gem, { name: 'rake', ...args }, state).changes.map(({ steps }) => steps[0]!.argv[2]!)
}

it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  ['what is there stays', {}, RAKE, []],
  ['in its version', { version: '13.0.6' }, RAKE, []],
  ['another version', { version: '12.0' }, RAKE, ['exec gem install --norc --version 12.0 --user-install --no-document rake']],
  ['what is missing', { user_install: false, norc: false }, NONE, ['exec gem install --no-user-install --no-document rake']],
  ['latest that is', { state: 'latest' }, { ...RAKE, offered: said('rake (13.2.1, 13.2.0)\n') }, []],
  ['latest', { state: 'latest' }, { ...RAKE, offered: said('rake (13.3.0)\n') }, ['exec gem install --norc --version 13.3.0 --user-install --no-document rake']],
  ['a file', { gem_source: '~/rake.gem' }, NONE, ['exec gem install --norc --user-install --no-document ~/rake.gem']],
  ['flags', { executable: '/opt/gem -q', repository: 'http://g/', include_dependencies: false, user_install: false, install_dir: '/g', bindir: '/b', pre_release: true, include_doc: true, env_shebang: true, force: true, build_flags: '--with-a=1 --with-b' }, NONE, [
    "exec /opt/gem -q install --norc --source http://g/ --ignore-dependencies --no-user-install --install-dir /g --bindir /b --pre --env-shebang --force rake -- '--with-a=1' --with-b",
  ]],
  ['a RubyGems of old', {}, { ...NONE, release: said('1.8.23\n') }, ['exec gem install --include-dependencies --user-install --no-rdoc --no-ri rake']],
  ['removal', { state: 'absent' }, RAKE, ['exec gem uninstall --norc --all --executables rake']],
  ['removal of a version', { state: 'absent', version: '13.2.1', user_install: false, install_dir: '/g', force: true }, RAKE, ['export GEM_HOME=/g\nexec gem uninstall --norc --install-dir /g --version 13.2.1 --executables --force rake']],
  ['nothing to remove', { state: 'absent' }, NONE, []],
])('%s', (_, args, state, wanted) => expect(calls(args, state)).toEqual(wanted))

it.each<[string, Record<string, Plain>, typeof NONE, Record<string, Plain>]>([
  ['a version', { version: '13.0' }, NONE, { version: '13.0' }],
  ['any version', {}, NONE, {}],
  ['a file', { gem_source: '/srv/rake-13.0.gem' }, NONE, { version: '13.0' }],
  ['no version', { state: 'absent' }, RAKE, { state: 'absent', version: '13.2.1' }],
  ['one version less', { state: 'absent', version: '13.2.1' }, RAKE, { version: '13.0.6' }],
])('check mode foresees that there is %s then', (_, args, state, then) => {
  expect(planBehind(gem, { name: 'rake', ...args }, state, { name: 'rake', ...then }).changes).toEqual([])
})

it('fails when a gem stays', () => {
  expect(resultWith(gem, { name: 'rake', state: 'absent' }, RAKE, { changed: true, after: RAKE })).toMatchObject({ failed: true })
  expect(resultWith(gem, { name: 'rake', state: 'absent' }, RAKE, { changed: true, foreseen: true, after: RAKE })).toEqual({ name: 'rake', state: 'absent' })
  expect(resultWith(gem, { name: 'rake', state: 'absent' }, RAKE, { changed: true, after: NONE })).toEqual({ name: 'rake', state: 'absent' })
})

it.each<[Record<string, Plain>, string]>([
  [{ version: '1', state: 'latest' }, 'Cannot specify version when state=latest'],
  [{ gem_source: '/x.gem', state: 'latest' }, 'Cannot maintain state=latest'],
  [{ install_dir: '/g' }, 'install_dir requires user_install=false'],
  [{ gem_source: '/x.gem', version: '1' }, 'parameters are mutually exclusive: gem_source|version'],
])('refuses %j', (args, message) => expect(() => calls(args, RAKE)).toThrow(message))
