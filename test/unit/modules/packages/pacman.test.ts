/** Arch Linux, which no host of the tests runs: the exact commands. */
import { expect, it } from 'vitest'
import { pacman } from '../../../../src/modules/packages/pacman.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })
const STATE = {
  installed: said('vim 9.1-1\nfile 5.45-1\nglibc 2.40-1\n'),
  explicit: said('vim 9.1-1\n'),
  groups: said('base-devel file\nbase-devel make\n'),
  upgrades: said('vim 9.1-1 -> 9.2-1\nglibc 2.40-1 -> 2.41-1 [ignored]\n'),
  lists: said('core vim 9.2-1\n'),
}

it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  ['what is there stays', { name: 'vim' }, {}, []],
  ['what is missing', { name: ['vim', 'nginx'], extra_args: '--overwrite "*"' }, {}, ['--noconfirm --noprogressbar --needed --overwrite * --sync nginx']],
  ['a group', { name: 'base-devel' }, {}, ['--noconfirm --noprogressbar --needed --sync make']],
  ['a repository', { name: 'core/vim' }, { 'name core/vim': said('vim\n') }, []],
  ['a url', { name: 'https://x/a-1-1-any.pkg.tar.zst' }, { 'name https://x/a-1-1-any.pkg.tar.zst': said('loading packages...\na\n') }, ['--noconfirm --noprogressbar --needed --upgrade https://x/a-1-1-any.pkg.tar.zst']],
  ['latest', { name: ['vim', 'glibc'], state: 'latest' }, {}, ['--noconfirm --noprogressbar --needed --sync vim']],
  ['everything', { upgrade: true, upgrade_extra_args: '--ignore x' }, {}, ['--sync --sysupgrade --quiet --noconfirm --ignore x']],
  ['everything that is new', { upgrade: true }, { upgrades: said('', 1) }, []],
  ['the lists', { update_cache: true, update_cache_extra_args: '--quiet' }, {}, ['--sync --refresh --quiet']],
  ['the lists in any case, then a package', { update_cache: true, force: true, name: 'nginx' }, {}, ['--sync --refresh --refresh', '--noconfirm --noprogressbar --needed --sync nginx']],
  ['removal', { name: ['vim', 'nosuch'], state: 'absent' }, {}, ['--remove --noconfirm --noprogressbar vim']],
  ['removal of all traces', { name: 'vim', state: 'removed', force: true, remove_nosave: true }, {}, ['--remove --noconfirm --noprogressbar --nodeps --nodeps --nosave vim']],
  ['nothing to remove', { name: 'nosuch', state: 'absent' }, {}, []],
  ['a reason for what is new', { name: ['vim', 'nginx'], reason: 'dependency' }, {}, ['--noconfirm --noprogressbar --needed --sync nginx', '--noconfirm --database --asdeps nginx']],
  ['a reason for all', { name: ['vim', 'file'], reason: 'explicit', reason_for: 'all' }, {}, ['--noconfirm --database --asexplicit file']],
])('%s', (_, args, state, calls) => expect(planWith(pacman, args, { ...STATE, ...state }).changes.map(({ steps }) => steps[0]!.argv.join(' '))).toEqual(calls.map((call) => `pacman ${call}`)))

it('asks pacman what a name with a repository is', () =>
  expect(Object.keys(pacman.reads(inputOf(pacman, { name: ['vim', 'core/vim'] }), undefined, STATE))).toContain('name core/vim'))

it('lists that have not changed are no change', () => {
  const result = (args: Record<string, Plain>, after: Record<string, unknown>): unknown => resultWith(pacman, { update_cache: true, ...args }, STATE, { changed: true, after: after })
  expect(result({}, STATE)).toEqual({ changed: false, cache_updated: false, packages: [] })
  expect(result({}, { ...STATE, lists: said('core vim 9.3-1\n') })).toEqual({ changed: true, cache_updated: true, packages: [] })
  expect(result({ force: true }, STATE)).toMatchObject({ changed: true, cache_updated: true })
  expect(result({ name: 'nginx' }, STATE)).toEqual({ changed: true, cache_updated: false, packages: ['nginx'] })
})

it('needs something to do', () => {
  expect(() => inputOf(pacman, {})).toThrow('one of the following is required: name, update_cache, upgrade')
  expect(() => inputOf(pacman, { name: 'a', upgrade: true })).toThrow('parameters are mutually exclusive: name|upgrade')
})
