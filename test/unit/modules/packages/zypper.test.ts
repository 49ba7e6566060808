/** SUSE, which no host of the tests runs: the exact commands. */
import { expect, it } from 'vitest'
import { zypper } from '../../../../src/modules/packages/zypper.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })
const solvable = (name: string): string => `<?xml version='1.0'?>\n<stream><solvable status="installed" type="package" name="${name}" edition="1-1"/></stream>\n`
const EMPTY = "<?xml version='1.0'?>\n<stream></stream>\n"
const STATE = { installed: said(solvable('vim')), rehearsal: said(solvable('some')) }
const BASE = 'zypper --non-interactive --xmlout --quiet'
const INSTALL = `${BASE} install --type package --auto-agree-with-licenses --no-recommends`

it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  ['what is there stays', { name: 'vim' }, {}, []],
  ['what is missing', { name: ['vim', 'nginx'] }, {}, [`${INSTALL} -- +nginx`]],
  ['what zypper finds to be so', { name: 'nginx>=1.2' }, { rehearsal: said(EMPTY) }, []],
  ['a version', { name: 'vim=9.1' }, {}, [`${INSTALL} --oldpackage -- +vim=9.1`]],
  ['in and out', { name: ['-vim', '+nginx', '~emacs'] }, {}, [`${INSTALL} -- -vim +nginx`]],
  ['a url', { name: 'https://x/a.rpm', disable_gpg_check: true, disable_recommends: false }, {}, [`${BASE} --no-gpg-checks install --type package --auto-agree-with-licenses -- https://x/a.rpm`]],
  ['latest', { name: 'vim', state: 'latest' }, {}, [`${INSTALL} -- +vim`]],
  ['everything', { name: '*', state: 'latest' }, {}, [`${BASE} update --type package --auto-agree-with-licenses --no-recommends`]],
  ['all patches', { name: '*', state: 'latest', type: 'patch' }, {}, [`${BASE} patch --auto-agree-with-licenses --no-recommends`]],
  ['a new release', { name: '*', state: 'dist-upgrade', allow_vendor_change: true }, {}, [`${BASE} dist-upgrade --auto-agree-with-licenses --no-recommends --allow-vendor-change`]],
  ['the metadata, then what is missing', { name: 'nginx', update_cache: true }, {}, [`${BASE} refresh`, `${INSTALL} -- +nginx`]],
  ['removal', { name: ['vim', 'nosuch'], state: 'absent', clean_deps: true }, {}, [`${BASE} remove --type package --clean-deps vim`]],
  ['nothing to remove', { name: 'nosuch', state: 'removed' }, {}, []],
  ['flags', { name: 'web', type: 'pattern', quiet: false, extra_args_precommand: '--root /mnt', extra_args: '--from repo', auto_import_keys: true, force: true, force_resolution: true, replacefiles: true, oldpackage: true }, {}, [
    'zypper --non-interactive --xmlout --root /mnt --gpg-auto-import-keys install --type pattern --auto-agree-with-licenses --no-recommends --force --force-resolution --oldpackage --replacefiles --from repo -- +web',
  ]],
])('%s', (_, args, state, calls) => expect(planWith(zypper, args, { ...STATE, ...state }).changes.map(({ steps }) => steps[0]!.argv.slice(4).join(' '))).toEqual(calls))

it('asks first what is installed, then zypper what it would do', () => {
  const scripts = (args: Record<string, Plain>, known: Record<string, unknown>): readonly string[] => {
    const input = inputOf(zypper, args)
    const { reads, prepare } = zypper as unknown as { reads(this: void, ...of: unknown[]): Record<string, { request: { script: string } }>; prepare(this: void, input: unknown): unknown }
    return Object.values(reads(input, prepare(input), known)).map(({ request }) => request.script)
  }
  const search = `${BASE} --disable-repositories search --type package --match-exact --details --installed-only nginx`
  expect(scripts({ name: 'nginx' }, {})).toEqual([search])
  expect(scripts({ name: 'nginx' }, { installed: said(EMPTY, 104) })).toEqual([search, `${BASE} install --dry-run --type package --auto-agree-with-licenses --no-recommends -- +nginx`])
})

it('says what became of it', () => {
  const reply = { stdout: Buffer.from(solvable('nginx')), stderr: Buffer.from(''), code: 0 }
  expect(resultWith(zypper, { name: 'nginx' }, STATE, { changed: true, replies: [reply] })).toMatchObject({ changed: true, rc: 0, name: ['nginx'], state: 'present', update_cache: false })
  expect(resultWith(zypper, { name: 'vim', update_cache: true }, STATE, { changed: true, replies: [reply] })).toMatchObject({ changed: false })
  expect(resultWith(zypper, { name: 'nginx' }, STATE, { changed: true, foreseen: true })).toMatchObject({ changed: true })
})

it('calls zypper again when it has renewed itself', () => {
  const script = (args: Record<string, Plain>): string => planWith(zypper, { name: 'nginx', ...args }, STATE).changes[0]!.steps[0]!.argv[2]!
  expect(script({})).toContain('case $code in 103) "$@"')
  expect(script({ skip_post_errors: true })).toContain('case $code in 103|107) "$@"')
})

it.each<[Record<string, Plain>, string]>([
  [{ name: 'vim', state: 'dist-upgrade' }, 'Can not dist-upgrade specific packages.'],
  [{ name: '+vim', state: 'absent' }, "Can not combine '+' prefix with state=remove/absent."],
  [{ name: 'http://x/a.rpm', state: 'absent' }, 'Can not remove via URL.'],
  [{ name: 'x', type: 'patch', state: 'absent' }, 'Can not remove patches.'],
])('refuses %j', (args, message) => expect(() => planWith(zypper, args, STATE)).toThrow(message))
