import { expect, it } from 'vitest'
import { apt } from '../../../../src/modules/packages/apt.ts'
import { didSomething, simulated } from '../../../../src/modules/packages/apt-get.ts'
import { parseAptSpec } from '../../../../src/modules/packages/apt-spec.ts'
import type { PackageState } from '../../../../src/probe/package-state.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

const NONE: PackageState = { manager: 'apt', installed: [], providers: [], held: false, leftovers: false, broken: false, automatic: false }
const installed = (version: string, more: Partial<PackageState> = {}): PackageState => ({ ...NONE, installed: [{ name: 'x', architecture: 'amd64', version }], ...more })
const offered = (...versions: string[]): PackageState => ({ ...NONE, versions, ...(versions[0] !== undefined && { candidate: versions[0] }) })
const lists = (age: number): unknown => ({ stdout: `${1_000_000 - age}\nnow 1000000\n`, code: 0 })

interface Row {
  readonly summaries: readonly string[]
  /** The last words of each change's last step. */
  readonly calls?: readonly string[]
}

function planned(args: Readonly<Record<string, Plain>>, state: Readonly<Record<string, unknown>>): Row & { readonly fail: string | undefined } {
  const { changes, fail } = planWith(apt, args, state)
  const calls = changes.map(({ steps }) => {
    const argv = steps.at(-1)!.argv
    return argv.slice(argv.findLastIndex((word) => /^DPkg::Lock/.test(word)) + 1).join(' ')
  })
  return { summaries: changes.map(({ summary }) => summary), calls, fail }
}

it.each<[string, Record<string, Plain>, Record<string, unknown>, Row]>([
  ['what is there stays', { name: 'x' }, { 'package x': installed('1') }, { summaries: [] }],
  ['what is missing is installed', { name: 'x' }, { 'package x': offered('2', '1') }, { summaries: ['install x 2'], calls: ['install x'] }],
  ['all in one call', { name: ['x', 'y', 'z'] }, { 'package x': offered('2'), 'package y': installed('1'), 'package z': offered('3') }, { summaries: ['install x 2, install z 3'], calls: ['install x z'] }],
  ['a package that another provides is there', { name: 'mta' }, { 'package mta': { ...NONE, providers: [{ name: 'exim', architecture: 'amd64', version: '1' }] } }, { summaries: [] }],
  ['a virtual package that something provides', { name: 'mta' }, { 'package mta': { ...NONE, virtual: true }, 'provided mta': { stdout: 'Inst exim4\n', code: 0 } }, { summaries: ['install mta'], calls: ['install mta'] }],
  ['a virtual package of lists that cannot be foreseen is left to apt', { name: 'mta' }, { 'package mta': NONE }, { summaries: ['install mta'], calls: ['install mta'] }],
  ['a version that is there', { name: 'x=1.2*' }, { 'package x=1.2*': installed('1.2.5') }, { summaries: [] }],
  ['a version that is not', { name: 'x=1.2*' }, { 'package x=1.2*': { ...installed('1.1'), ...offeredOnly('1.3', '1.2.5') } }, { summaries: ['x 1.1 -> 1.2.5'], calls: ['install x=1.2*'] }],
  ['a least version', { name: 'x>=1.2' }, { 'package x>=1.2': { ...installed('1.1'), ...offeredOnly('1.3', '1.2.5') } }, { summaries: ['x 1.1 -> 1.3'], calls: ['install x=1.3'] }],
  ['a least version that is there', { name: 'x>=1.2' }, { 'package x>=1.2': installed('1.2') }, { summaries: [] }],
  ['a version of lists that cannot be foreseen', { name: 'x=1' }, { 'package x=1': NONE }, { summaries: ['install x 1'], calls: ['install x=1'] }],
  ['an older version where that is allowed', { name: 'x=1', allow_downgrade: true }, { 'package x=1': installed('2', { versions: ['2', '1'] }) }, { summaries: ['x 2 -> 1'], calls: ['--allow-downgrades install x=1'] }],
  ['all that fit a pattern', { name: 'x*' }, { 'names x*': { stdout: 'xz\nx\ny\nx-more\n', code: 0 }, 'package x': installed('1'), 'package x-more': offered('2'), 'package xz': offered('3') }, { summaries: ['install x-more 2, install xz 3'], calls: ['install x-more xz'] }],
  ['what is there of all that fit goes', { name: 'x*', state: 'absent' }, { 'names x*': { stdout: 'x\nx-more\n', code: 0 }, 'package x': installed('1'), 'package x-more': offered('2') }, { summaries: ['remove x 1'], calls: ['remove x'] }],
  ['latest', { name: 'x', state: 'latest' }, { 'package x': installed('1', { candidate: '2', versions: ['2', '1'] }) }, { summaries: ['x 1 -> 2'], calls: ['install x'] }],
  ['latest that is the newest', { name: 'x', state: 'latest' }, { 'package x': installed('2', { candidate: '2', versions: ['2'] }) }, { summaries: [] }],
  ['latest when what is there is newer than the lists', { name: 'x', state: 'latest' }, { 'package x': installed('3', { candidate: '2', versions: ['2'] }) }, { summaries: [] }],
  ['only upgrades', { name: ['x', 'y'], state: 'latest', only_upgrade: true }, { 'package x': installed('1', { candidate: '2' }), 'package y': offered('1') }, { summaries: ['x 1 -> 2'], calls: ['--only-upgrade install x'] }],
  ['options', { name: 'x', install_recommends: false, default_release: 'sid', force: true, autoremove: true, dpkg_options: 'force-confnew' }, { 'package x': offered('1') }, {
    summaries: ['install x 1'],
    calls: ['-o APT::Install-Recommends=no -t sid --allow-unauthenticated --allow-downgrades --allow-change-held-packages --allow-remove-essential --auto-remove install x'],
  }],
  ['what others need is asked for by name', { name: ['x', 'y'] }, { 'package x': installed('1', { automatic: true }), 'package y': offered('2') }, { summaries: ['install y 2', 'x stays when nothing needs it'], calls: ['install y', 'apt-mark manual x'] }],
  ['removal', { name: ['x', 'y'], state: 'absent' }, { 'package x': installed('1'), 'package y': offered('1') }, { summaries: ['remove x 1'], calls: ['remove x'] }],
  ['purging leftovers', { name: 'x', state: 'absent', purge: true }, { 'package x': { ...NONE, leftovers: true } }, { summaries: ['purge x'], calls: ['--purge remove x'] }],
  ['leftovers without purge', { name: 'x', state: 'absent' }, { 'package x': { ...NONE, leftovers: true } }, { summaries: [] }],
  ['removing a virtual package leaves who provides it', { name: 'mta', state: 'absent' }, { 'package mta': { ...NONE, providers: [{ name: 'exim', architecture: 'amd64', version: '1' }] } }, { summaries: [] }],
  ['fresh lists', { update_cache: true, cache_valid_time: 3600 }, { lists: lists(3599) }, { summaries: [] }],
  ['old lists', { update_cache: true, cache_valid_time: 3600 }, { lists: lists(3601) }, { summaries: ['update the package lists'] }],
  ['no lists at all', { update_cache: true, cache_valid_time: 3600 }, { lists: { stdout: 'now 1000000\n', code: 0 } }, { summaries: ['update the package lists'] }],
  ['a time implies the update', { cache_valid_time: 10 }, { lists: lists(11) }, { summaries: ['update the package lists'] }],
  ['no update although there is a time', { update_cache: false, cache_valid_time: 10, name: 'x' }, { 'package x': installed('1') }, { summaries: [] }],
  ['lists first', { update_cache: true, name: 'new' }, { lists: lists(1), 'package new': offered() }, { summaries: ['update the package lists', 'install new'] }],
  ['upgrade', { upgrade: 'dist' }, { simulation: { stdout: 'Inst a [1] (2 Debian)\nRemv b [1]\nInst c (3 Debian)\n', code: 0 } }, { summaries: ['dist-upgrade: upgrade a 1 -> 2, remove b 1, install c 3'], calls: ['dist-upgrade'] }],
  ['nothing to upgrade', { upgrade: 'yes' }, { simulation: { stdout: '0 upgraded\n', code: 0 } }, { summaries: [] }],
  ['everything to the newest', { name: '*', state: 'latest' }, { simulation: { stdout: 'Inst a [1] (2 Debian)\n', code: 0 } }, { summaries: ['upgrade: upgrade a 1 -> 2'], calls: ['upgrade --with-new-pkgs'] }],
  ['autoremove', { autoremove: true }, { simulation: { stdout: 'Remv a [1]\n', code: 0 } }, { summaries: ['autoremove: remove a 1'], calls: ['--auto-remove autoremove'] }],
  ['an empty name', { name: [''] }, {}, { summaries: [] }],
])('%s', (_, args, state, { summaries, calls }) => {
  const found = planned(args, state)
  expect(found.fail).toBeUndefined()
  expect(found.summaries).toEqual(summaries)
  if (calls !== undefined) expect(found.calls).toEqual(calls)
})

function offeredOnly(...versions: string[]): Pick<PackageState, 'versions'> {
  return { versions }
}

it.each<[Record<string, Plain>, Record<string, unknown>, string]>([
  [{ name: ['x', 'nosuch'] }, { 'package x': installed('1'), 'package nosuch': offered() }, "No package matching 'nosuch' is available"],
  [{ name: 'python-pip' }, { 'package python-pip': { ...NONE, virtual: true }, 'provided python-pip': { stdout: "E: Package 'python-pip' has no installation candidate\n", code: 100 } }, "No package matching 'python-pip' is available"],
  [{ name: 'x=9' }, { lists: lists(1), 'package x=9': offered('2', '1') }, 'no available installation candidate for x=9; the lists offer 2, 1'],
  [{ name: 'x=1' }, { lists: lists(1), 'package x=1': installed('2', { versions: ['2', '1'] }) }, 'E: Packages were downgraded and -y was used without --allow-downgrades.'],
  [{ name: 'x*', state: 'absent' }, { 'names x*': { stdout: 'yx\n', code: 0 } }, "No package(s) matching 'x*' available"],
  [{ deb: '/x.deb', state: 'absent' }, {}, 'deb only supports state=present'],
  [{ upgrade: 'safe' }, { simulation: { stdout: 'Reading...\nE: broken packages\n', code: 100 } }, 'E: broken packages'],
])('%j fails', (args, state, fail) => expect(planned(args, state).fail).toBe(fail))

it('never asks, waits for the lock, and puts packages into check mode', () => {
  const [change] = planWith(apt, { name: 'x', lock_timeout: 7 }, { 'package x': offered('1') }).changes
  expect(change!.steps[0]!.argv).toContain('DPkg::Lock::Timeout=7')
  expect(change!.steps[0]!.environment).toMatchObject({ DEBIAN_FRONTEND: 'noninteractive' })
  expect(change!.writes).toEqual(['package:*', 'anything'])
  expect(change!.leaves).toEqual([{ kind: 'package', name: 'x', version: '1' }])
})

const reply = (stdout: string): unknown => ({ stdout: Buffer.from(stdout), stderr: Buffer.alloc(0), code: 0 })
const COUNTS = (upgraded: number): string => `${upgraded} upgraded, 0 newly installed, 0 to remove and 5 not upgraded.\n`

it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly unknown[], boolean]>([
  ['new lists', { update_cache: true }, { lists: lists(1) }, [reply('new\n')], true],
  ['the same lists', { update_cache: true }, { lists: lists(1) }, [reply('same\n')], false],
  ['new lists and a package that was there', { update_cache: true, name: 'x' }, { lists: lists(1), 'package x': installed('1') }, [reply('new\n')], false],
  ['new lists, and nothing newer in them', { update_cache: true, name: 'x', state: 'latest' }, { lists: lists(1), 'package x': installed('1', { candidate: '1' }) }, [reply('new\n'), reply(COUNTS(0))], false],
  ['a package that others need', { name: 'x' }, { lists: lists(1), 'package x': installed('1', { automatic: true }) }, [reply('x set to manually installed.\n')], false],
  ['new lists, and something newer in them', { update_cache: true, name: 'x', state: 'latest' }, { lists: lists(1), 'package x': installed('1', { candidate: '1' }) }, [reply('new\n'), reply(COUNTS(1))], true],
])('%s: changed is %j', (_, args, state, replies, changed) => {
  const of = apt
  const input = inputOf(apt, args) as never
  const result = of.result!(input, state, { changed: true, foreseen: false, replies: replies as never }, of.prepare!(input, {} as never))
  expect(result['changed']).toBe(changed)
})

it.each<[string, Record<string, Plain>, Record<string, unknown>, boolean]>([
  ['nothing newer', { update_cache: true, name: 'x', state: 'latest' }, { lists: lists(1), 'package x': installed('1', { candidate: '1', versions: ['1'] }) }, false],
  ['something newer', { update_cache: true, name: 'x', state: 'latest' }, { lists: lists(1), 'package x': installed('1', { candidate: '2', versions: ['2', '1'] }) }, true],
  ['not the package', { update_cache: true, name: 'x' }, { lists: lists(1), 'package x': { ...NONE, versions: [] } }, true],
  ['a package that others need', { name: 'x' }, { lists: lists(1), 'package x': installed('1', { automatic: true }) }, false],
  ['nothing to upgrade', { update_cache: true, upgrade: 'dist' }, { lists: lists(1), simulation: { stdout: COUNTS(0), code: 0 } }, false],
  ['something to upgrade', { update_cache: true, upgrade: 'dist' }, { lists: lists(1), simulation: { stdout: 'Inst a [1.0] (1.1 Debian:13/stable [amd64])\n', code: 0 } }, true],
])('check mode, when the lists that are there know %s', (_, args, state, changed) => {
  expect(resultWith(apt, args, state, { changed: true, foreseen: true })).toMatchObject({ changed })
})

it.each([['nginx', 'nginx'], ['nginx=1.2*', 'nginx'], ['libc6:i386', 'libc6:i386'], ['x>=1.0-1', 'x'], ['x >= 1', 'x'], ['x/sid', 'x'], ['g++', 'g++']])('%s is about %s', (text, name) => expect(parseAptSpec(text).name).toBe(name))

it.each([[COUNTS(0), false], [COUNTS(2), true], ['0 upgraded, 0 newly installed, 1 reinstalled, 0 to remove and 0 not upgraded.', true], ['0 upgraded, 0 newly installed, 1 downgraded, 0 to remove and 0 not upgraded.', true], ['Reading package lists...', true]])(
  '%j did something: %s',
  (output, expected) => expect(didSomething(output)).toBe(expected),
)

it('reads a simulation', () => expect(simulated('NOTE: This is only a simulation!\nInst a [1.0] (1.1 Debian:13/stable [amd64])\nInst b (2 x [all]) []\nConf a (1.1)\nPurg c [3]\nRemv d\n')).toEqual(['upgrade a 1.0 -> 1.1', 'install b 2', 'purge c 3', 'remove d']))

it('tells of the lists where packages are installed, whether they were to be fetched or not', () => {
  expect(resultWith(apt, { name: 'x' }, { 'package x': installed('1'), lists: lists(5) })).toMatchObject({ cache_updated: false, cache_update_time: 999_995 })
  const asked = (args: Record<string, Plain>): readonly string[] => Object.keys((apt).reads(inputOf(apt, args), { specs: [], simulate: undefined }, {}))
  expect(asked({ name: 'x' })).toContain('lists')
  expect(asked({ name: 'x', state: 'absent' })).not.toContain('lists')
})

it.each<[string, Record<string, Plain>, Record<string, unknown>, Record<string, Plain>]>([
  ['an upgrade', { upgrade: 'dist' }, { simulation: { stdout: COUNTS(0), code: 0 } }, { changed: false, msg: COUNTS(0), stdout: COUNTS(0), stderr: '' }],
  ['autoremove', { autoremove: true }, { simulation: { stdout: COUNTS(0), code: 0 } }, { changed: false, stdout: COUNTS(0), stderr: '' }],
  ['autoclean', { autoclean: true }, { autoclean: { stdout: 'Reading...\n', code: 0 } }, { changed: false, stdout: 'Reading...\n', stderr: '' }],
  ['clean', { clean: true }, { clean: { stdout: '', code: 1 } }, { changed: false, msg: '', stdout: '', stderr: '' }],
])('%s that has nothing to do returns what apt-get says', (_, args, state, expected) => expect(resultWith(apt, args, state)).toEqual(expected))

it('returns what apt-get says where it would refuse', () => {
  const { result } = planWith(apt, { name: 'x', state: 'build-dep' }, { lists: lists(1), simulation: { stdout: 'Reading...\nE: no sources\n', code: 100 } })
  expect(result).toEqual({ rc: 100, stdout: 'Reading...\n', stderr: 'E: no sources\n', cache_updated: false, cache_update_time: 999_999 })
})
