import { expect, it } from 'vitest'
import { dnf } from '../../../../src/modules/packages/dnf.ts'
import { listUpdates } from '../../../../src/modules/packages/dnf-plan.ts'
import { packageModule } from '../../../../src/modules/packages/package.ts'
import { compareRpmVersions } from '../../../../src/modules/packages/rpm-version.ts'
import type { Outcome, Reads } from '../../../../src/modules/contract/module.ts'
import type { PackageState } from '../../../../src/probe/package-state.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

const NONE: PackageState = { manager: 'dnf', installed: [], providers: [], held: false, leftovers: false, broken: false, automatic: false }
const installed = (name: string, version: string): PackageState => ({ ...NONE, installed: [{ name, architecture: 'x86_64', version }] })
const updates = (stdout: string): unknown => ({ stdout, code: stdout === '' ? 0 : 100 })
const file = (stdout: string): unknown => ({ stdout, code: 0 })
const idle: unknown = { stdout: 'Dependencies resolved.\nNothing to do.\nComplete!\n', code: 0 }
const busy: unknown = { stdout: 'Operation aborted.\n', code: 1 }
/** Said in all calls that say nothing else of it. */
const ALWAYS = '--setopt=gpgcheck=1 --setopt=localpkg_gpgcheck=1 --setopt=clean_requirements_on_remove=0 '
const HTTPD = 'httpd.x86_64    2.4.62-4.el9   appstream\n'

it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  ['what is there stays', { name: 'httpd' }, { 'package httpd': installed('httpd', '2.4.62-1.el9') }, []],
  ['what another provides is there', { name: 'webserver' }, { 'package webserver': { ...NONE, providers: installed('httpd', '1').installed } }, []],
  ['what is missing', { name: ['httpd', 'mod_ssl'] }, { 'package httpd': NONE, 'package mod_ssl': NONE }, ['-y install httpd mod_ssl']],
  ['a version that is newer than wanted stays', { name: 'httpd-2.4.6' }, { 'package httpd-2.4.6': NONE, 'package httpd': installed('httpd', '2.4.62-1.el9') }, []],
  ['unless it may be replaced', { name: 'httpd-2.4.6', allow_downgrade: true }, { 'package httpd-2.4.6': NONE, 'package httpd': installed('httpd', '2.4.62-1.el9') }, ['-y install httpd-2.4.6']],
  ['a version that is older than wanted', { name: 'httpd-2.4.99' }, { 'package httpd-2.4.99': NONE, 'package httpd': installed('httpd', '2.4.62-1.el9') }, ['-y install httpd-2.4.99']],
  ['groups and urls are for dnf to judge', { name: ['@web', 'https://x/y.rpm'] }, { 'rehearsal @web': busy, 'rehearsal https://x/y.rpm': busy }, ['-y install @web https://x/y.rpm']],
  ['a file whose package is missing', { name: '/a/b.rpm' }, { 'file /a/b.rpm': file('0:1.2-1\npackage b is not installed\n') }, ['-y install /a/b.rpm']],
  ['a file whose package is there', { name: '/a/b.rpm' }, { 'file /a/b.rpm': file('0:1.2-1\n0:1.2-1\n') }, []],
  ['a file that is newer than what is there', { name: '/a/b.rpm' }, { 'file /a/b.rpm': file('0:1.2-1\n0:1.1-1\n') }, ['-y install /a/b.rpm']],
  ['a file that is older than what is there', { name: '/a/b.rpm' }, { 'file /a/b.rpm': file('0:1.2-1\n0:1.3-1\n') }, []],
  ['unless the older one may replace it', { name: '/a/b.rpm', allow_downgrade: true }, { 'file /a/b.rpm': file('0:1.2-1\n0:1.3-1\n') }, ['-y install /a/b.rpm']],
  ['a file that cannot be read is for dnf to complain of', { name: '/a/b.rpm' }, { 'file /a/b.rpm': { stdout: '', code: 1 } }, ['-y install /a/b.rpm']],
  ['latest', { name: ['httpd', 'new'], state: 'latest' }, { 'package httpd': installed('httpd', '1'), 'package new': NONE, updates: updates(HTTPD) }, ['-y install new', '-y upgrade httpd']],
  ['latest that is', { name: 'httpd', state: 'latest' }, { 'package httpd': installed('httpd', '1'), updates: updates('') }, []],
  ['only what is there', { name: 'new', state: 'latest', update_only: true }, { 'package new': NONE, updates: updates('') }, []],
  ['everything', { name: '*', state: 'latest', security: true }, { updates: updates(HTTPD) }, ['-y --setopt=gpgcheck=1 --setopt=localpkg_gpgcheck=1 --security --setopt=clean_requirements_on_remove=0 upgrade']],
  ['removal', { name: ['httpd', 'nosuch'], state: 'absent' }, { 'package httpd': installed('httpd', '1'), 'package nosuch': NONE }, ['-y remove httpd']],
  ['a pattern of which dnf has all', { name: 'http*' }, { 'rehearsal http*': idle }, []],
  ['a pattern of which none is left', { name: 'http*', state: 'absent' }, { 'rehearsal http*': idle }, []],
  ['a pattern of which some are left', { name: 'http*', state: 'absent' }, { 'rehearsal http*': busy }, ['-y remove http*']],
  ['what another root has, only dnf knows', { name: 'httpd', installroot: '/mnt' }, { 'rehearsal httpd': busy }, ['-y --installroot=/mnt install httpd']],
  ['removal with what nothing needs', { name: 'httpd', state: 'removed', autoremove: true }, { 'package httpd': installed('httpd', '1'), unneeded: file('old\n') }, ['-y --setopt=gpgcheck=1 --setopt=localpkg_gpgcheck=1 --setopt=clean_requirements_on_remove=1 remove httpd', '-y --setopt=gpgcheck=1 --setopt=localpkg_gpgcheck=1 --setopt=clean_requirements_on_remove=1 autoremove']],
  ['autoremove removes what it is given, too', { name: 'nosuch', autoremove: true }, { 'package nosuch': NONE, unneeded: file('') }, []],
  ['nothing to remove', { name: 'nosuch', state: 'absent' }, { 'package nosuch': NONE }, []],
  ['only the metadata', { update_cache: true }, {}, ['-y --setopt=gpgcheck=1 --setopt=localpkg_gpgcheck=1 --refresh --setopt=clean_requirements_on_remove=0 makecache']],
  ['flags', { name: 'a', enablerepo: ['epel', 'crb'], disablerepo: '*', exclude: 'kernel*', disable_gpg_check: true, nobest: true, allowerasing: true, disable_plugin: ['x'], install_weak_deps: false, releasever: '9', validate_certs: false }, { 'package a': NONE }, [
    '-y --releasever=9 --setopt=*.enabled=0 --setopt=epel.enabled=1 --setopt=crb.enabled=1 --exclude=kernel* --disableplugin=x --nogpgcheck --setopt=sslverify=0 --allowerasing --nobest --setopt=install_weak_deps=0 --setopt=clean_requirements_on_remove=0 install a',
  ]],
])('%s', (_, args, state, calls) => expect(planWith(dnf, args, state).changes.map(({ steps }) => steps[0]!.argv.slice(4).join(' ').replace(ALWAYS, ''))).toEqual(calls))

it.each<[Record<string, Plain>, Record<string, unknown>, string]>([
  [{ name: 'a b' }, {}, 'It appears that a space separated string'],
  [{ name: 'a', state: 'present', autoremove: true }, {}, 'Autoremove should be used alone'],
  [{ name: '/a/b.rpm', state: 'absent' }, {}, 'Cannot remove paths'],
  [{ name: 'a', list: 'installed' }, {}, 'mutually exclusive'],
  [{ name: '*', state: 'latest' }, { updates: { stdout: 'Error: no network\n', code: 1 } }, 'Error: no network'],
])('%j fails', (args, state, why) => expect(planWith(dnf, args, state).fail).toContain(why))

const done = (stdout: string, code = 0): Partial<Outcome<Reads>> => ({ changed: true, replies: [{ stdout: Buffer.from(stdout), stderr: Buffer.from(''), code }] })

it.each<[string, Record<string, Plain>, Record<string, unknown>, Partial<Outcome<Reads>>, Record<string, unknown>]>([
  ['another version', { name: 'a', state: 'latest' }, { 'package a': installed('a', '1') }, done('  Upgrading        : a-2-1.noarch     1/2 \n  Cleanup          : a-1-1.noarch  2/2 \n\nUpgraded:\n  a-2-1.noarch   \n\nComplete!\n'), { rc: 0, msg: '', changed: true, results: ['Installed: a-2-1.noarch', 'Removed: a-1-1.noarch'] }],
  ['a removal', { name: ['a', 'b'], state: 'absent' }, { 'package a': installed('a', '1'), 'package b': NONE }, done('Removed:\n  a-1-1.noarch    c-1:2-3.x86_64  \n\nComplete!\n'), { changed: true, results: ['No match for argument: b', 'Removed: a-1-1.noarch', 'Removed: c-1:2-3.x86_64'] }],
  ['a package that does not exist', { name: 'a' }, { 'package a': NONE }, done('No match for argument: a\n', 1), { rc: 1, failed: true, failures: ['No package a available.'], msg: 'Failed to install some of the specified packages: No package a available.', results: [] }],
  ['packages that are only fetched', { name: 'a', download_only: true }, { 'package a': NONE }, done('Installing:\n a      noarch  2-1   lab   6.0 k\n a-very-long-name\n        x86_64  1:2-1 lab   12 M\n\nComplete!\n'), { changed: true, results: ['Downloaded: a-2-1.noarch', 'Downloaded: a-very-long-name-1:2-1.x86_64'] }],
  ['what cannot be had is left out', { name: ['a', 'b'], skip_broken: true }, { 'package a': NONE, 'package b': NONE }, done('No match for argument: b\nNothing to do.\n'), { changed: false, msg: 'Nothing to do', results: ['No package b available.'] }],
  ['only upgrades', { name: 'b', state: 'latest', update_only: true }, { 'package b': NONE }, {}, { changed: false, msg: 'Nothing to do', results: ['Packages providing b not installed due to update_only specified'] }],
  ['a list of packages', { list: 'a' }, { installed: file('a|noarch|0|1|2|@System\n'), available: file('a|noarch|1|1|3|lab\n') }, {}, { msg: '', results: [
    { name: 'a', arch: 'noarch', epoch: '0', release: '1', version: '2', repo: '@System', envra: '0:a-2-1.noarch', nevra: '0:a-2-1.noarch', yumstate: 'installed' },
    { name: 'a', arch: 'noarch', epoch: '1', release: '1', version: '3', repo: 'lab', envra: '1:a-3-1.noarch', nevra: '1:a-3-1.noarch', yumstate: 'available' },
  ] }],
  ['a list of repositories', { list: 'repos' }, { repositories: file('repo id      repo name\nlab          The lab\n') }, {}, { msg: '', results: [{ repoid: 'lab', state: 'enabled' }] }],
])('results: %s', (_, args, state, outcome, result) => expect(resultWith(dnf, args, state, outcome)).toMatchObject(result))

it('takes the program that is there, or the one that is named', () => {
  const script = (args: Record<string, Plain>): string => planWith(dnf, { name: 'a', ...args }, { 'package a': NONE }).changes[0]!.steps[0]!.argv[2]!
  expect(script({})).toContain('for p in dnf dnf5 yum;')
  expect(script({ use_backend: 'dnf4' })).toContain('for p in dnf-3;')
})

it('reads what check-update prints', () => expect(listUpdates(`\nLast metadata expiration check: 0:00:02 ago.\n${HTTPD}a-b.noarch 1:2-3 lab\nObsoleting Packages\nc.noarch 1 lab\n`)).toEqual(['httpd', 'a-b']))

it.each<[string, string, number]>([
  ['1.0', '1.0', 0], ['1.0', '1.1', -1], ['1.9', '1.10', -1], ['1.0a', '1.0', 1], ['1.0', '1.a', 1], ['1.0~rc1', '1.0', -1], ['1.0^git1', '1.0', 1], ['1.0^git1', '1.0.1', -1],
  ['1:0.1', '9', 1], ['1.0-1', '1.0-2', -1], ['1.0-1', '1.0', 0], ['2.4.62-1.el9', '2.4.6', 1], ['1.0_1', '1.0.1', 0], ['10', '9', 1],
])('%s and %s compare as %i', (a, b, order) => {
  expect(Math.sign(compareRpmVersions(a, b))).toBe(order)
  expect(Math.sign(compareRpmVersions(b, a))).toBe(0 - order)
})

const APT: PackageState = { ...NONE, manager: 'apt', versions: ['1'] }

it.each<[string, Record<string, Plain>, Record<string, unknown>, string]>([
  ['Debian', { name: 'x', install_recommends: false }, { manager: APT, 'package x': APT }, 'APT::Install-Recommends=no install x'],
  ['Red Hat', { name: 'x', enablerepo: 'epel' }, { manager: NONE, 'package x': NONE }, '--setopt=clean_requirements_on_remove=0 install x'],
  ['a manager that is named', { name: 'x', use: 'ansible.builtin.dnf' }, { manager: APT, 'package x': NONE }, 'install x'],
])('package on %s', (_, args, state, call) => {
  const { changes, fail } = planWith(packageModule, args, state)
  expect(fail).toBeUndefined()
  expect(changes[0]!.steps[0]!.argv.join(' ').endsWith(call)).toBe(true)
})

it.each<[Record<string, Plain>, PackageState, string]>([
  [{ enablerepo: 'epel' }, APT, 'Unsupported parameters for (apt) module: enablerepo'],
  [{ purge: true }, NONE, 'Unsupported parameters for (dnf) module: purge'],
  [{}, { ...NONE, manager: 'zypper' }, 'packages of zypper are not supported'],
  [{ use: 'pacman' }, NONE, 'Could not find a matching action for the "pacman" package manager.'],
])('package refuses %j there', (args, manager, fail) => expect(planWith(packageModule, { name: 'x', ...args }, { manager, 'package x': manager }).fail).toBe(fail))

it('package takes the manager that ansible_package_use names', () =>
  expect(planWith(packageModule, { name: 'x' }, { manager: APT, 'package x': NONE }, { variable: (name) => (name === 'ansible_package_use' ? 'dnf' : undefined) }).changes[0]!.steps[0]!.argv.join(' ')).toContain('install x'))

it('package knows the parameters of both, and no others', () => expect(() => inputOf(packageModule, { name: 'x', enable_repo: 'y' })).toThrow(/Unsupported parameters for \(package\) module: enable_repo/))
