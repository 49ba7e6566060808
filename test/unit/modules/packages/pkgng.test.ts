/** FreeBSD, which no host of the tests runs: the exact commands. */
import { expect, it } from 'vitest'
import { pkgng } from '../../../../src/modules/packages/pkgng.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })
const STATE = { 'there vim': said(''), 'there nginx': said('', 1), 'newer vim': said('', 1), 'tags vim': said('vim-9.1:\n\tkind           : editor\n'), upgrades: said('Number of packages to be upgraded: 3\n'), leftovers: said('Deinstallation has been requested for the following 2 packages:\n') }

it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  ['what is there stays', { name: 'vim' }, {}, []],
  ['what is missing', { name: 'vim nginx' }, {}, ['pkg update', 'pkg install -g -U -y nginx']],
  ['with what was fetched', { name: 'nginx', cached: true, use_globs: false, jail: 'web', pkgsite: 'mine' }, {}, ['pkg --jail=web install --repository=mine -U -y nginx']],
  ['latest', { name: ['vim', 'nginx'], state: 'latest' }, {}, ['pkg update', 'pkg install -g -U -y nginx', 'pkg upgrade -g -U -y vim']],
  ['latest that is', { name: 'vim', state: 'latest' }, { 'newer vim': said('') }, []],
  ['everything', { name: '*', state: 'latest' }, {}, ['pkg upgrade -g -y']],
  ['everything that is new', { name: '*', state: 'latest' }, { upgrades: said('Your packages are up to date.\n') }, []],
  ['removal', { name: ['vim', 'nginx'], state: 'absent', rootdir: '/mnt' }, {}, ['pkg --rootdir=/mnt delete -y vim']],
  ['what nothing needs', { name: '*', autoremove: true }, {}, ['pkg autoremove -y']],
  ['annotations', { name: 'vim', annotation: '+new=1, :kind=tool,+kind=editor' }, {}, ['pkg annotate -y -A vim new', 'pkg annotate -y -M vim kind']],
  ['an annotation that goes', { name: 'vim', annotation: ['-kind', '-nosuch'] }, {}, ['pkg annotate -y -D vim kind']],
])('%s', (_, args, state, calls) => expect(planWith(pkgng, args, { ...STATE, ...state }).changes.flatMap(({ steps }) => steps.map(({ argv }) => argv.join(' ')))).toEqual(calls))

it('gives the value on stdin, and takes packages for another release', () =>
  expect(planWith(pkgng, { name: 'vim', annotation: '+new=a b', ignore_osver: true }, STATE).changes[0]!.steps[0]).toMatchObject({ stdin: 'a b', environment: { BATCH: 'yes', IGNORE_OSVERSION: 'yes' } }))

it('refuses annotations that do not fit', () => {
  expect(planWith(pkgng, { name: 'vim', annotation: '+kind=tool' }, STATE).fail).toContain('kind is already set to editor')
  expect(planWith(pkgng, { name: 'vim', annotation: ':nosuch=1' }, STATE).fail).toContain('tag nosuch does not exist')
  expect(() => planWith(pkgng, { name: 'vim', annotation: 'kind' }, STATE)).toThrow('invalid annotate string: kind')
})
