/** Diversions of dpkg: what is planned for each state of a host. */
import { describe, expect, it } from 'vitest'
import { dpkgDivert } from '../../../../src/modules/packages/dpkg_divert.ts'
import { dpkgDivertOfDebops } from '../../../../src/modules/packages/dpkg_divert_debops.ts'
import type { Module } from '../../../../src/modules/contract/module.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planWith, resultWith } from '../../../support/drive.ts'

const at = (path: string, exists: boolean): Record<string, unknown> => ({ path, realPath: path, umask: 0o022, exists, type: 'file', mode: 0o644, uid: 0, gid: 0, owner: 'root', group: 'root' })

/** A host: who holds the diversion and where it leads, and which of the files are there. */
function host(there: readonly [holder: string, divert: string] | undefined, ...files: readonly ('file' | 'wanted' | 'current')[]): Record<string, unknown> {
  return {
    listing: { stdout: there === undefined ? '' : `${there.join('\n')}\n`, code: 0 },
    file: at('/etc/x', files.includes('file')),
    wanted: at('/etc/x.to', files.includes('wanted')),
    ...(there && { current: at(there[1], files.includes('current')) }),
  }
}

function commands(module: Module, args: Record<string, Plain>, known: Record<string, unknown>): readonly string[] {
  const { changes, fail } = planWith(module, { path: '/etc/x', ...args }, known)
  return fail === undefined ? changes.flatMap(({ steps }) => steps.map(({ argv }) => argv.join(' '))) : [`fail: ${fail}`]
}

describe('community.general.dpkg_divert', () => {
  it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
    ['new', {}, host(undefined, 'file'), ['dpkg-divert --no-rename --divert /etc/x.distrib --local --add /etc/x']],
    ['new, for a package', { holder: 'mine', divert: '/etc/x.to', rename: true }, host(undefined, 'file'), ['dpkg-divert --rename --divert /etc/x.to --package mine --add /etc/x']],
    ['as it is', { rename: true }, host(['LOCAL', '/etc/x.distrib'], 'file', 'current'), []],
    ['a file in the way', { rename: true }, host(undefined, 'file', 'wanted'), ['fail: /etc/x cannot be moved to /etc/x.distrib: a file is there']],
    ['a file in the way that may go', { rename: true, force: true }, host(undefined, 'file', 'wanted'), ['rm -f -- /etc/x.distrib', 'dpkg-divert --rename --divert /etc/x.distrib --local --add /etc/x']],
    ['elsewhere', { divert: '/etc/x.to' }, host(['LOCAL', '/etc/x.distrib'], 'current'), ['dpkg-divert --no-rename --remove /etc/x', 'mv -- /etc/x.distrib /etc/x.to', 'dpkg-divert --no-rename --divert /etc/x.to --local --add /etc/x']],
    ['taken away', { state: 'absent', rename: true }, host(['other', '/etc/x.y'], 'current'), ['dpkg-divert --rename --remove /etc/x']],
    ['taken away, a file in the way', { state: 'absent', rename: true }, host(['other', '/etc/x.y'], 'current', 'file'), ['fail: /etc/x.y cannot be moved back to /etc/x: a file is there']],
    ['not there to be taken away', { state: 'absent' }, host(undefined, 'file'), []],
  ])('%s', (_, args, known, wanted) => expect(commands(dpkgDivert, args, known)).toEqual(wanted))

  it('says what it would leave behind', () => {
    expect(planWith(dpkgDivert, { path: '/etc/x', rename: true }, host(undefined, 'file')).changes[0]?.leaves).toMatchObject([{ path: '/etc/x', state: null }, { path: '/etc/x.distrib', state: { type: 'file', mode: 0o644 } }, { kind: 'answer', stdout: 'LOCAL\n/etc/x.distrib\n' }])
  })
})

describe('debops.debops.dpkg_divert', () => {
  it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
    ['new', {}, host(undefined, 'file'), ['dpkg-divert --rename --divert /etc/x.dpkg-divert --local --add /etc/x']],
    ['new, for a package', { package: 'mine' }, host(undefined), ['dpkg-divert --rename --divert /etc/x.distrib --package mine --add /etc/x']],
    ['elsewhere', {}, host(['LOCAL', '/etc/x.y'], 'current'), ['fail: /etc/x is diverted to /etc/x.y by LOCAL']],
    ['taken away with what is in its place', { state: 'absent', delete: true }, host(['LOCAL', '/etc/x.dpkg-divert'], 'file', 'current'), ['rm -f -- /etc/x', 'dpkg-divert --rename --remove /etc/x']],
    ["somebody else's is not taken away", { state: 'absent' }, host(['other', '/etc/x.y'], 'current'), ['fail: /etc/x is diverted to /etc/x.y by other, not to /etc/x.dpkg-divert by LOCAL']],
  ])('%s', (_, args, known, wanted) => expect(commands(dpkgDivertOfDebops, args, known)).toEqual(wanted))
})

describe('what community.general.dpkg_divert tells', () => {
  const there = { listing: { stdout: 'LOCAL\n/etc/x.distrib\n', code: 0 } }
  const none = { listing: { stdout: '', code: 1 } }
  it.each<[Record<string, Plain>, Record<string, unknown>, boolean, Record<string, Plain>]>([
    [{ rename: true }, none, true, { commands: ['/usr/bin/dpkg-divert --rename --local --add /etc/x'], messages: ['said'] }],
    [{}, there, false, { commands: ['/usr/bin/dpkg-divert --no-rename --local --add /etc/x'], messages: ["Leaving 'local diversion of /etc/x to /etc/x.distrib'"] }],
    [{ divert: '/y', rename: true }, there, true, { commands: ['/usr/bin/dpkg-divert --no-rename --remove /etc/x', '/usr/bin/dpkg-divert --no-rename --local --divert /y --add /etc/x'], messages: ['said'] }],
    [{ state: 'absent' }, none, false, { commands: ['/usr/bin/dpkg-divert --no-rename --remove /etc/x'], messages: ["No diversion 'any diversion of /etc/x', none removed."] }],
  ])('%j', (args, state, changed, told) => {
    const replies = changed ? ['said\n', ''].map((stdout) => ({ stdout: Buffer.from(stdout), stderr: Buffer.alloc(0), code: 0 })) : []
    expect(resultWith(dpkgDivert, { path: '/etc/x', ...args }, state, { changed, replies })).toMatchObject(told)
  })
})
