import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { npm } from '../../../../src/modules/packages/npm.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith } from '../../../support/drive.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { prove } from '../../../support/local-host.ts'

const answer = (json: unknown, code = 0): unknown => ({ stdout: JSON.stringify(json), code })
const LIST = answer({ dependencies: { grunt: { version: '1.6.1' }, '@scope/tool': { version: '2.0.0' } } })
const BROKEN = answer({ dependencies: { grunt: { version: '1.6.1' }, gone: { missing: true } } }, 1)
const FRESH = answer({})
const NOTHING = { stdout: '', code: 1 }

it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  ['what is there stays', { name: 'grunt' }, {}, []],
  ['in its version', { name: '@scope/tool', version: '2.0.0' }, {}, []],
  ['another version', { name: 'grunt', version: '1.5.0' }, {}, ['npm install grunt@1.5.0']],
  ['what is missing', { name: 'new' }, {}, ['npm install new']],
  ['in a folder with nothing', { name: 'new' }, { list: NOTHING }, ['npm install new']],
  ['what package.json asks for', {}, {}, []],
  ['of which something is missing', {}, { list: BROKEN }, ['npm install']],
  ['a package.json that asks for nothing', {}, { list: FRESH }, []],
  ['no package.json', {}, { list: NOTHING }, ['npm install']],
  ['a lock file', { ci: true, production: true }, {}, ['npm ci --production']],
  ['removal', { name: 'grunt', version: '1', state: 'absent', production: true }, {}, ['npm uninstall grunt']],
  ['nothing to remove', { name: 'new', state: 'absent' }, {}, []],
  ['latest that is', { name: 'grunt', state: 'latest' }, { outdated: FRESH }, []],
  ['latest', { state: 'latest' }, { outdated: answer({ grunt: { current: '1.6.1', wanted: '1.6.2', latest: '2.0.0' } }, 1) }, ['npm update']],
  ['latest that package.json does not allow', { state: 'latest' }, { outdated: answer({ grunt: { current: '1.6.1', wanted: '1.6.1', latest: '2.0.0' } }, 1) }, []],
  ['latest in several places', { state: 'latest' }, { outdated: answer({ grunt: [{ current: '1.6.1', wanted: '1.6.1' }, { current: '1.0.0', wanted: '1.6.1' }] }, 1) }, ['npm update']],
  ['flags', { name: 'new', global: true, production: true, ignore_scripts: true, unsafe_perm: true, registry: 'http://r/', no_optional: true, no_bin_links: true, force: true, executable: '/opt/npm --quiet' }, {}, [
    '/opt/npm --quiet install --global --production --ignore-scripts --unsafe-perm new --registry http://r/ --no-optional --no-bin-links --force',
  ]],
])('%s', (_, args, state, calls) => expect(planWith(npm, { path: '/srv', ...args }, { list: LIST, ...state }).changes.map(({ steps }) => steps[0]!.argv[2])).toEqual(calls.map((call) => `mkdir -p -- /srv && CDPATH= cd -- /srv || exit 126\nexec ${call}`)))

it('says what it needs', () => {
  expect(() => planWith(npm, { name: 'x' }, {})).toThrow('path must be specified when not using global')
  expect(() => inputOf(npm, { path: '/srv', state: 'absent' })).toThrow('state is absent but all of the following are missing: name')
  expect(planWith(npm, { path: '/srv' }, { list: { stdout: 'oops', code: 0 } }).fail).toBe('npm did not list what is installed as JSON: oops')
})

it('installs a package of a folder and removes it', () => {
  const folder = temporaryFolder()
  const parcel = join(folder, 'parcel')
  const path = join(folder, 'app')
  mkdirSync(parcel)
  mkdirSync(path)
  writeFileSync(join(parcel, 'package.json'), JSON.stringify({ name: 'parcel', version: '1.2.3' }))
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', dependencies: { parcel: `file:${parcel}` } }))
  const args = { path, executable: 'npm --offline --no-audit --no-fund' }
  expect(prove(npm, args).summaries).toEqual([`install what package.json asks for in ${path}`])
  expect(existsSync(join(path, 'node_modules/parcel/package.json'))).toBe(true)
  prove(npm, { ...args, name: 'parcel', state: 'absent' })
  expect(existsSync(join(path, 'node_modules/parcel'))).toBe(false)
}, 60_000)
