/** OpenBSD, which no host of the tests is: the exact commands. */
import { expect, it } from 'vitest'
import { openbsdPkg } from '../../../../src/modules/packages/openbsd_pkg.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })
const there = (name: string, found: string): Record<string, unknown> => ({ [`there ${name}`]: said(`${found}\n`) })
const missing = (name: string): Record<string, unknown> => ({ [`there ${name}`]: said(`Can't find inst:${name}\n`, 1) })

it.each<[Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  [{ name: ['nmap', 'vim--no_x11'] }, { ...there('nmap', 'nmap-7.1'), ...missing('vim--no_x11') }, ['sh -I -m vim--no_x11']],
  [{ name: 'python%3.5', snapshot: true }, missing('python%3.5'), ['sh -I -m -Dsnap python%3.5']],
  [{ name: 'nmap' }, there('nmap', 'nmap-7.1'), []],
  [{ name: 'nmap', state: 'latest' }, { ...there('nmap', 'nmap-7.1'), 'newer nmap': said('nmap-7.1->7.2: ok\n') }, ['pkg_add -I -u -m nmap']],
  [{ name: 'nmap', state: 'latest' }, { ...there('nmap', 'nmap-7.1'), 'newer nmap': said('quirks-4.5 signed on 2026\n') }, []],
  [{ name: 'nmap', state: 'absent', clean: true, quick: true }, there('nmap', 'nmap-7.1'), ['pkg_delete -I -c -q nmap']],
  [{ name: 'nmap', state: 'absent' }, missing('nmap'), []],
  [{ name: '*', state: 'latest' }, { upgrades: said('bzip2-1.0.6->1.0.6p0: ok\n') }, ['pkg_add -I -u -m']],
  [{ name: '*', autoremove: true }, { leftovers: said('libx-1.0: ok\n') }, ['pkg_delete -I -a']],
  [{ name: '*', autoremove: true }, { leftovers: said('') }, []],
  [{ name: 'nmap' }, { 'there nmap': said('', 127) }, ['fail: pkg_add was not found on the host']],
])('%j', (args, state, wanted) => {
  const { changes, fail } = planWith(openbsdPkg, args, state)
  expect(fail === undefined ? changes.flatMap(({ steps }) => steps.map(({ argv }) => argv.slice(argv[0] === '/bin/sh' ? 3 : 0).join(' '))) : [`fail: ${fail}`]).toEqual(wanted)
})

it.each<[Record<string, Plain>, string]>([
  [{ name: ['*', 'nmap'], state: 'latest' }, "the package name '*' can not be mixed with other names"],
  [{ name: '*' }, "the package name '*' is only valid when using state=latest or autoremove=true"],
  [{ name: 'vim--9-1' }, 'package name both has a version and is version-less'],
  [{ name: 'nmap', build: true }, 'packages cannot be built from ports'],
])('%j is refused', (args, message) => expect(() => planWith(openbsdPkg, args, {})).toThrow(message))
