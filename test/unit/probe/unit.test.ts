import { expect, it } from 'vitest'
import type { Imagined } from '../../../src/probe/read.ts'
import { unitKind, unitRead } from '../../../src/probe/unit.ts'
import type { UnitState } from '../../../src/probe/unit-state.ts'
import { ask } from './ask.ts'

const SSH = `Type=notify
ExecStart={ path=/bin/sh ; argv[]=/bin/sh -c 'one

two=2' ; ignore_errors=no }
Id=ssh.service
Names=ssh.service sshd.service
LoadState=loaded
ActiveState=active
FragmentPath=/usr/lib/systemd/system/ssh.service
UnitFileState=enabled
NeedDaemonReload=yes
`
const MISSING = 'Id=nosuch.service\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n'
const STATIC = 'Id=systemd-logind.service\nLoadState=loaded\nActiveState=activating\nUnitFileState=static\n'
const MASKED = 'Id=m.service\nLoadState=masked\nActiveState=inactive\nUnitFileState=masked\n'
const GENERATED = 'Id=old.service\nLoadState=loaded\nActiveState=inactive\nUnitFileState=generated\n'

function parse(names: readonly string[], blocks: readonly string[], scripts = names.map(() => 'no no -').join('\n'), installed = ''): readonly UnitState[] {
  return unitKind.parse(names.map((name) => ({ name })), Buffer.from(['yes', `${scripts}\n`, blocks.join('\n'), installed, '', ''].join('\0')))
}

it('tells units apart, also when a value goes over blank lines', () => {
  const states = parse(['ssh', 'nosuch', 'systemd-logind', 'm'], [SSH, MISSING, STATIC, MASKED])
  expect(states).toMatchObject([
    { exists: true, active: true, enabled: true, fixed: false, needsReload: true },
    { exists: false, active: false, enabled: false },
    { exists: true, active: true, enabled: false, fixed: true },
    { exists: true, masked: true },
  ])
  expect(states[0]!.properties.ExecStart).toContain('two=2')
})

it('an indirect unit is enabled when it has links, one that is enabled at runtime only is not', () => {
  const indirect = 'Id=i.service\nLoadState=loaded\nUnitFileState=indirect\n'
  expect(parse(['i'], [indirect], undefined, 'i.service\n')[0]).toMatchObject({ enabled: true, fixed: false })
  expect(parse(['i'], [indirect])[0]).toMatchObject({ enabled: false, fixed: false })
  expect(parse(['i'], [indirect.replace('indirect', 'enabled-runtime')])[0]).toMatchObject({ enabled: false })
})

it('an init script starts with the machine when the rc folders say so', () => {
  expect(parse(['old'], [GENERATED], 'yes yes -')[0]).toMatchObject({ exists: true, enabled: true, fixed: false })
  expect(parse(['old'], [GENERATED], 'yes no -')[0]).toMatchObject({ exists: true, enabled: false, fixed: false })
  expect(parse(['new'], [MISSING], 'yes no -')[0]).toMatchObject({ exists: true, active: false })
})

it('without systemd the status of the init script counts', () => {
  const states = unitKind.parse([{ name: 'a' }, { name: 'b' }, { name: 'c' }], Buffer.from('\0yes yes 0\nyes no 3\nno no -\n\0\0\0\0'))
  expect(states).toMatchObject([
    { manager: 'sysv', exists: true, active: true, enabled: true },
    { manager: 'sysv', exists: true, active: false, enabled: false },
    { manager: 'none', exists: false },
  ])
})

it('an answer that is too short is an error', () => expect(() => parse(['a', 'b'], [SSH])).toThrow(/too few/))

it('depends on the unit under all its names, and on its files', () =>
  expect(unitKind.touches({ name: 'sshd' }, parse(['sshd'], [SSH])[0])).toEqual(['unit:sshd.service', 'unit:ssh.service', 'path:/usr/lib/systemd/system/ssh.service']))

const written = (path: string): Imagined => ({ kind: 'path', path, state: { type: 'file' } })

it.each<[string, string, string, Imagined, Partial<UnitState>]>([
  ['a new unit file', 'zope', MISSING, written('/etc/systemd/system/zope.service'), { exists: true, needsReload: false }],
  ['a new template', 'zope@1', MISSING, written('/etc/systemd/system/zope@.service'), { exists: true }],
  ['a changed unit file', 'ssh', SSH, written('/etc/systemd/system/ssh.service'), { exists: true, needsReload: true }],
  ['the file of another unit', 'zope', MISSING, written('/etc/systemd/system/zeo.service'), { exists: false }],
  ['a removed unit file', 'ssh', SSH, { kind: 'path', path: '/usr/lib/systemd/system/ssh.service', state: null }, { exists: false }],
  ['a start', 'zope', MISSING, { kind: 'unit', name: 'zope.service', state: { active: true } }, { active: true }],
])('check mode lays %s over it', (_, name, block, imagined, expected) => expect(unitKind.imagine!({ name }, parse([name], [block])[0]!, [imagined])).toMatchObject(expected))

it('asks this machine, whatever it runs', () => expect(ask([unitRead('no-such-unit')])[0]!.exists).toBe(false))
