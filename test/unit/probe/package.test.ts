import { expect, it } from 'vitest'
import { packageKind, packageRead } from '../../../src/probe/package.ts'
import type { PackageState } from '../../../src/probe/package-state.ts'
import type { Imagined } from '../../../src/probe/read.ts'
import { ask } from './ask.ts'

const DPKG = [
  'nginx\tinstalled\tinstall\tamd64\t1.26.3-3\thttpd, httpd-cgi',
  'php8.4-cli\tinstalled\tinstall\tamd64\t8.4.1-1\tphp-cli (= 8.4)',
  'php-common\tinstalled\thold\tall\t2:96\t',
  'old\tconfig-files\tdeinstall\tamd64\t1.0-1\t',
  'half\tunpacked\tinstall\tamd64\t2.0-1\t',
  'libc6\tinstalled\tinstall\tamd64\t2.41-1\t',
  'libc6\tinstalled\tinstall\ti386\t2.41-1\t',
].join('\n')

const AUTOMATIC = 'php-common:amd64\nlibc6:amd64\nlibc6:i386'

const POLICY = `varnish:
  Installed: (none)
  Candidate: 7.7.0-3+deb13u2
  Version table:
     7.7.0-3+deb13u2 500
        500 http://deb.debian.org/debian trixie/main amd64 Packages
     7.6.1-1 100
nginx:
  Installed: 1.26.3-3
  Candidate: 1.26.3-4
  Version table:
     1.26.3-4 500
 *** 1.26.3-3 100
        100 /var/lib/dpkg/status
httpd:
  Installed: (none)
  Candidate: (none)
  Version table:
`

function parse(name: string, sections: readonly string[] = ['deb apt-get', DPKG, AUTOMATIC, POLICY, '']): PackageState {
  return packageKind.parse([{ name }], Buffer.from(sections.join('\0')))[0]!
}

it.each<[string, Partial<PackageState>]>([
  ['nginx', { manager: 'apt', automatic: false, installed: [{ name: 'nginx', architecture: 'amd64', version: '1.26.3-3' }], candidate: '1.26.3-4', versions: ['1.26.3-4', '1.26.3-3'] }],
  ['httpd', { installed: [], providers: [{ name: 'nginx', architecture: 'amd64', version: '1.26.3-3' }], virtual: true }],
  ['php-cli', { installed: [], providers: [{ name: 'php8.4-cli', architecture: 'amd64', version: '8.4.1-1' }] }],
  ['varnish', { installed: [], versions: ['7.7.0-3+deb13u2', '7.6.1-1'], candidate: '7.7.0-3+deb13u2' }],
  ['nosuch', { installed: [], versions: [] }],
  ['php-common', { held: true, automatic: true }],
  ['libc6', { automatic: true }],
  ['old', { installed: [], leftovers: true, versions: [] }],
  ['half', { installed: [], broken: true }],
  ['libc6:i386', { installed: [{ name: 'libc6', architecture: 'i386', version: '2.41-1' }] }],
  ['php*', { installed: [expect.objectContaining({ name: 'php8.4-cli' }), expect.objectContaining({ name: 'php-common' })] as never }],
])('%s from dpkg and apt', (name, expected) => expect(parse(name)).toMatchObject(expected))

it('a virtual package has no versions to judge by', () => expect(parse('httpd')).not.toHaveProperty('versions'))

it('what is installed is not judged by the lists unless they were asked', () => expect(parse('libc6')).not.toHaveProperty('versions'))

const RPM = ['=httpd\tx86_64\t(none)\t2.4.62-1.el9', 'package webserver is not installed', '=bind\tx86_64\t32\t9.16.23-1.el9', 'package nosuch is not installed', '>webserver', '+httpd\tx86_64\t(none)\t2.4.62-1.el9', '>nosuch', 'no package provides nosuch'].join('\n')

it.each<[string, Partial<PackageState>]>([
  ['httpd', { manager: 'dnf', installed: [{ name: 'httpd', architecture: 'x86_64', version: '2.4.62-1.el9' }] }],
  ['httpd-2.4.62', { installed: [expect.objectContaining({ name: 'httpd' }) as never] }],
  ['httpd.x86_64', { installed: [expect.objectContaining({ name: 'httpd' }) as never] }],
  ['bind', { installed: [{ name: 'bind', architecture: 'x86_64', version: '32:9.16.23-1.el9' }] }],
  ['webserver', { installed: [], providers: [{ name: 'httpd', architecture: 'x86_64', version: '2.4.62-1.el9' }] }],
  ['nosuch', { installed: [], providers: [] }],
])('%s from rpm', (name, expected) => expect(parse(name, ['rpm dnf', '', '', '', RPM])).toMatchObject(expected))

it('asks this machine', () => {
  const [dpkg, nosuch] = ask([packageRead('dpkg'), packageRead('no-such-package')])
  expect(dpkg).toMatchObject({ manager: 'apt', installed: [{ name: 'dpkg' }] })
  expect(nosuch).toMatchObject({ installed: [], versions: [] })
})

it.each<[string, readonly Imagined[], Partial<PackageState>]>([
  ['an installation', [{ kind: 'package', name: 'varnish', version: '7.7' }], { installed: [{ name: 'varnish', architecture: '', version: '7.7' }] }],
  ['a removal after it', [{ kind: 'package', name: 'varnish', version: '7.7' }, { kind: 'package', name: 'varnish', version: null }], { installed: [] }],
  ['another package', [{ kind: 'package', name: 'nginx', version: '1' }], { installed: [] }],
])('check mode lays %s over it', (_, imagined, expected) => expect(packageKind.imagine!({ name: 'varnish' }, parse('varnish'), imagined)).toMatchObject(expected))

it('fetched lists may offer anything', () => expect(packageKind.imagine!({ name: 'nosuch' }, parse('nosuch'), [{ kind: 'package-lists' }])).not.toHaveProperty('versions'))
