import { expect, it } from 'vitest'
import { pip } from '../../../../src/modules/packages/pip.ts'
import { parseListing } from '../../../../src/modules/packages/pip-listing.ts'
import type { FileContent } from '../../../../src/probe/content.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planWith, resultWith } from '../../../support/drive.ts'

const LISTING = { stdout: 'yes\nsix-1.16.0.dist-info\nzope.interface-7.2-py3.13.egg-info\nproducts_cmfplone-6.1.2.dist-info\nRelStorage-4.0.dist-info\ndev.egg-link\n', code: 0 }
const NOTHING = { stdout: 'no\n', code: 0 }

const file = (text: string): FileContent => ({ bytes: Buffer.from(text), realPath: '/r.txt' })

interface Row {
  readonly summaries: readonly string[]
  readonly call?: readonly string[]
}

it.each<[string, Record<string, Plain>, Record<string, unknown>, Row]>([
  ['what is there stays', { name: ['six', 'Zope_Interface>=5', 'Products.CMFPlone==6.1.2', 'relstorage[postgresql]'] }, {}, { summaries: [] }],
  ['another version', { name: 'six', version: '1.17' }, {}, { summaries: ['install six==1.17'], call: ['/v/bin/python', '-m', 'pip', 'install', 'six==1.17'] }],
  ['a range as version', { name: 'six', version: '>=1,<2' }, {}, { summaries: [] }],
  ['a list in one text, with commas in specifiers', { name: 'six>=1,<2,requests' }, {}, { summaries: ['install requests'] }],
  ['a new environment', { name: 'six' }, { listing: NOTHING }, { summaries: ['create the virtual environment /v', 'install six'] }],
  ['only an environment', {}, {}, { summaries: [] }],
  ['a url is for pip to judge', { name: 'git+https://x/y' }, {}, { summaries: ['install git+https://x/y, as far as pip finds it lacking'] }],
  ['latest is for pip to judge', { name: 'six', state: 'latest' }, {}, { summaries: ['install six, as far as pip finds it lacking'], call: ['/v/bin/python', '-m', 'pip', 'install', '-U', 'six'] }],
  ['removal', { name: ['six', 'nosuch'], state: 'absent' }, {}, { summaries: ['uninstall six, nosuch'], call: ['/v/bin/python', '-m', 'pip', 'uninstall', '-y', 'six', 'nosuch'] }],
  ['nothing to remove', { name: 'nosuch', state: 'absent' }, {}, { summaries: [] }],
  ['arguments of the person', { name: 'new', extra_args: '-c "my pins.txt" --pre', editable: true }, {}, { summaries: ['install new'], call: ['/v/bin/python', '-m', 'pip', 'install', '-c', 'my pins.txt', '--pre', '-e', 'new'] }],
  ['uv', { name: 'new', use: 'uv' }, {}, { summaries: ['install new'], call: ['uv', 'pip', 'install', '--python', '/v/bin/python', 'new'] }],
  ['uv by its path', { name: 'six', executable: '/opt/uv', state: 'absent' }, {}, { summaries: ['uninstall six'], call: ['/opt/uv', 'pip', 'uninstall', '--python', '/v/bin/python', 'six'] }],
  ['a file of pins that hold', { requirements: '/r.txt' }, { 'file /r.txt': file('six==1.16.0\n-r sub/more.txt\n'), 'file /sub/more.txt': file('relstorage\n') }, { summaries: [] }],
  ['a file with one that does not', { requirements: '/r.txt' }, { 'file /r.txt': file('six==1.15.0\n') }, { summaries: ['install /r.txt'], call: ['/v/bin/python', '-m', 'pip', 'install', '-r', '/r.txt'] }],
  ['a file with a marker', { requirements: '/r.txt' }, { 'file /r.txt': file('six ; python_version < "3"\n') }, { summaries: ['install /r.txt, as far as pip finds it lacking'] }],
  ['a file beside the folder', { requirements: 'r.txt', chdir: '/srv' }, { 'file /srv/r.txt': file('six\n') }, { summaries: [] }],
])('%s', (_, args, state, { summaries, call }) => {
  const { changes } = planWith(pip, { virtualenv: '/v', ...args }, { listing: LISTING, ...state })
  expect(changes.map(({ summary }) => summary)).toEqual(summaries)
  if (call !== undefined) expect(changes.at(-1)!.steps[0]!.argv).toEqual(call)
})

it('outside of an environment it takes the pip that is there', () => {
  const argv = (args: Record<string, Plain>): readonly string[] => planWith(pip, { name: 'new', ...args }, { listing: LISTING }).changes[0]!.steps[0]!.argv
  expect(argv({ executable: 'pip3.11' })).toEqual(['pip3.11', 'install', 'new'])
  expect(argv({}).slice(3)).toEqual(['sh', 'install', 'new'])
  expect(argv({ use: 'uv' })).toEqual(['uv', 'pip', 'install', '--system', 'new'])
})

it('makes environments with what was asked for', () => {
  const argv = (args: Record<string, Plain>): readonly string[] => planWith(pip, { virtualenv: '/v', ...args }, { listing: NOTHING }).changes[0]!.steps[0]!.argv
  expect(argv({ virtualenv_command: 'python3.11 -m venv', virtualenv_python: 'python3.12' })).toEqual(['python3.11', '-m', 'venv', '/v'])
  expect(argv({ virtualenv_command: '/opt/virtualenv', virtualenv_python: 'python3.12', virtualenv_site_packages: true })).toEqual(['/opt/virtualenv', '-p', 'python3.12', '--system-site-packages', '/v'])
  expect(argv({ use: 'uv', virtualenv_python: '3.13' })).toEqual(['uv', 'venv', '--python', '3.13', '/v'])
  expect(argv({}).slice(3)).toEqual(['sh', 'python3', '/v'])
})

it('refuses what makes no sense', () => {
  expect(() => planWith(pip, { name: ['a', 'b'], version: '1' }, {})).toThrow("'version' needs one name")
  expect(() => planWith(pip, { name: 'a', virtualenv: '/v', executable: 'pip3' }, {})).toThrow(/exclude each other, unless the executable is uv/)
  expect(() => planWith(pip, { name: 'a', umask: 'rwx' }, {})).toThrow(/octal/)
})

it('reads names of metadata folders', () =>
  expect([...parseListing(LISTING).installed]).toEqual([['six', '1.16.0'], ['zope-interface', '7.2'], ['products-cmfplone', '6.1.2'], ['relstorage', '4.0'], ['dev', '']]))

it('tells the call, and null for what was not given', () => {
  expect(resultWith(pip, { name: ['six'], virtualenv: '/v' }, { listing: LISTING })).toEqual({ cmd: ['/v/bin/python', '-m', 'pip', 'install', 'six'], name: ['six'], version: null, requirements: null, virtualenv: '/v', state: 'present', stdout: '', stderr: '', changed: false })
})

it('check mode knows what an environment will hold', () => {
  const args: Record<string, Plain> = { virtualenv: '/v', name: ['six==1.15', 'idna>=3', 'attrs'] }
  const left = (given: Record<string, Plain>, listing: unknown): { readonly stdout: string } | undefined => planWith(pip, given, { listing }).changes.flatMap(({ leaves = [] }) => leaves).findLast((each) => each.kind === 'answer')
  const made = left(args, NOTHING)
  expect([...parseListing(made as never).installed]).toEqual([['six', '1.15'], ['idna', '3'], ['attrs', '']])
  expect(planWith(pip, args, { listing: made }).changes).toEqual([])
  const removed = left({ ...args, name: ['six', 'attrs'], state: 'absent' }, made)
  expect([...parseListing(removed as never).installed.keys()]).toEqual(['idna'])
})
