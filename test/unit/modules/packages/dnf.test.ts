import { expect, it } from 'vitest'
import { dnf } from '../../../../src/modules/packages/dnf.ts'
import { listUpdates } from '../../../../src/modules/packages/dnf-plan.ts'
import { packageModule } from '../../../../src/modules/packages/package.ts'
import { compareRpmVersions } from '../../../../src/modules/packages/rpm-version.ts'
import type { PackageState } from '../../../../src/probe/package-state.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith } from '../../../support/drive.ts'

const NONE: PackageState = { manager: 'dnf', installed: [], providers: [], held: false, leftovers: false, broken: false, automatic: false }
const installed = (name: string, version: string): PackageState => ({ ...NONE, installed: [{ name, architecture: 'x86_64', version }] })
const updates = (stdout: string): unknown => ({ stdout, code: stdout === '' ? 0 : 100 })
const file = (stdout: string): unknown => ({ stdout, code: 0 })
const HTTPD = 'httpd.x86_64    2.4.62-4.el9   appstream\n'

it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  ['what is there stays', { name: 'httpd' }, { 'package httpd': installed('httpd', '2.4.62-1.el9') }, []],
  ['what another provides is there', { name: 'webserver' }, { 'package webserver': { ...NONE, providers: installed('httpd', '1').installed } }, []],
  ['what is missing', { name: ['httpd', 'mod_ssl'] }, { 'package httpd': NONE, 'package mod_ssl': NONE }, ['-y install httpd mod_ssl']],
  ['a version that is newer than wanted stays', { name: 'httpd-2.4.6' }, { 'package httpd-2.4.6': NONE, 'package httpd': installed('httpd', '2.4.62-1.el9') }, []],
  ['unless it may be replaced', { name: 'httpd-2.4.6', allow_downgrade: true }, { 'package httpd-2.4.6': NONE, 'package httpd': installed('httpd', '2.4.62-1.el9') }, ['-y install httpd-2.4.6']],
  ['a version that is older than wanted', { name: 'httpd-2.4.99' }, { 'package httpd-2.4.99': NONE, 'package httpd': installed('httpd', '2.4.62-1.el9') }, ['-y install httpd-2.4.99']],
  ['groups and urls are for dnf to judge', { name: ['@web', 'https://x/y.rpm'] }, {}, ['-y install @web https://x/y.rpm']],
  ['a file whose package is missing', { name: '/a/b.rpm' }, { 'file /a/b.rpm': file('0:1.2-1\npackage b is not installed\n') }, ['-y install /a/b.rpm']],
  ['a file whose package is there', { name: '/a/b.rpm' }, { 'file /a/b.rpm': file('0:1.2-1\n0:1.2-1\n') }, []],
  ['a file that is newer than what is there', { name: '/a/b.rpm' }, { 'file /a/b.rpm': file('0:1.2-1\n0:1.1-1\n') }, ['-y install /a/b.rpm']],
  ['a file that is older than what is there', { name: '/a/b.rpm' }, { 'file /a/b.rpm': file('0:1.2-1\n0:1.3-1\n') }, []],
  ['unless the older one may replace it', { name: '/a/b.rpm', allow_downgrade: true }, { 'file /a/b.rpm': file('0:1.2-1\n0:1.3-1\n') }, ['-y install /a/b.rpm']],
  ['a file that cannot be read is for dnf to complain of', { name: '/a/b.rpm' }, { 'file /a/b.rpm': { stdout: '', code: 1 } }, ['-y install /a/b.rpm']],
  ['latest', { name: ['httpd', 'new'], state: 'latest' }, { 'package httpd': installed('httpd', '1'), 'package new': NONE, updates: updates(HTTPD) }, ['-y install new', '-y upgrade httpd']],
  ['latest that is', { name: 'httpd', state: 'latest' }, { 'package httpd': installed('httpd', '1'), updates: updates('') }, []],
  ['only what is there', { name: 'new', state: 'latest', update_only: true }, { 'package new': NONE, updates: updates('') }, []],
  ['everything', { name: '*', state: 'latest', security: true }, { updates: updates(HTTPD) }, ['-y --security upgrade']],
  ['removal', { name: ['httpd', 'nosuch'], state: 'absent' }, { 'package httpd': installed('httpd', '1'), 'package nosuch': NONE }, ['-y remove httpd']],
  ['removal with what it needed', { name: 'httpd', state: 'removed', autoremove: true }, { 'package httpd': installed('httpd', '1') }, ['-y autoremove httpd']],
  ['nothing to remove', { name: 'nosuch', state: 'absent' }, { 'package nosuch': NONE }, []],
  ['only the metadata', { update_cache: true }, {}, ['-y --refresh makecache']],
  ['flags', { name: 'a', enablerepo: ['epel', 'crb'], disablerepo: '*', exclude: 'kernel*', disable_gpg_check: true, nobest: true, allowerasing: true, disable_plugin: ['x'], install_weak_deps: false, releasever: '9', validate_certs: false }, { 'package a': NONE }, [
    '-y --releasever=9 --disablerepo=* --enablerepo=epel --enablerepo=crb --exclude=kernel* --disableplugin=x --nogpgcheck --setopt=sslverify=0 --allowerasing --nobest --setopt=install_weak_deps=0 install a',
  ]],
])('%s', (_, args, state, calls) => expect(planWith(dnf, args, state).changes.map(({ steps }) => steps[0]!.argv.slice(4).join(' '))).toEqual(calls))

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
  ['Red Hat', { name: 'x', enablerepo: 'epel' }, { manager: NONE, 'package x': NONE }, '-y --enablerepo=epel install x'],
  ['a manager that is named', { name: 'x', use: 'ansible.builtin.dnf' }, { manager: APT, 'package x': NONE }, '-y install x'],
])('package on %s', (_, args, state, call) => {
  const { changes, fail } = planWith(packageModule, args, state)
  expect(fail).toBeUndefined()
  expect(changes[0]!.steps[0]!.argv.join(' ').endsWith(call)).toBe(true)
})

it.each<[Record<string, Plain>, PackageState, string]>([
  [{ enablerepo: 'epel' }, APT, 'Unsupported parameters for (apt) module: enablerepo'],
  [{ purge: true }, NONE, 'Unsupported parameters for (dnf) module: purge'],
  [{}, { ...NONE, manager: 'zypper' }, 'packages of zypper are not supported'],
  [{ use: 'pacman' }, NONE, "Could not find a matching action for the 'pacman' package manager"],
])('package refuses %j there', (args, manager, fail) => expect(planWith(packageModule, { name: 'x', ...args }, { manager, 'package x': manager }).fail).toBe(fail))

it('package takes the manager that ansible_package_use names', () =>
  expect(planWith(packageModule, { name: 'x' }, { manager: APT, 'package x': NONE }, { variable: (name) => (name === 'ansible_package_use' ? 'dnf' : undefined) }).changes[0]!.steps[0]!.argv.join(' ')).toContain('-y install x'))

it('package knows the parameters of both, and no others', () => expect(() => inputOf(packageModule, { name: 'x', enable_repo: 'y' })).toThrow(/Unsupported parameters for \(package\) module: enable_repo/))
