import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, linkSync, lchownSync, lstatSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { file } from '../../../../src/modules/files/file.ts'
import type { Imagined } from '../../../../src/probe/read.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { prove, runLocally } from '../../../support/local-host.ts'

let host: string
beforeEach(() => {
  host = temporaryFolder()
  writeFileSync(at('plain'), 'content')
  chmodSync(at('plain'), 0o644)
  mkdirSync(at('folder/sub'), { recursive: true })
  writeFileSync(at('folder/inner'), '')
})

const at = (name: string): string => join(host, name)
const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8)

describe('state=directory', () => {
  it('makes every missing folder of the path, all with the same attributes', () => {
    const { summaries, result, stages } = prove(file, { path: at('a/b/c'), state: 'directory', mode: '2750', owner: 'daemon', group: 'adm' })
    expect(summaries).toEqual([`${at('a/b/c')}: new folder, mode 02750, owner daemon, group adm`])
    expect(stages).toBe(1)
    expect([modeOf(at('a')), modeOf(at('a/b')), modeOf(at('a/b/c')), statSync(at('a')).uid]).toEqual(['2750', '2750', '2750', 1])
    expect(result).toEqual({ path: at('a/b/c'), state: 'directory', mode: '02750', owner: 'daemon', group: 'adm', uid: 1, gid: 4, size: 4096 })
  })

  it('changes what differs, and takes the set-id bit away', () => {
    chmodSync(at('folder'), 0o2755)
    expect(prove(file, { path: `${at('folder')}/`, state: 'directory', mode: '0755', group: '4' }).summaries).toEqual([`${at('folder')}: group root -> 4, mode 02755 -> 0755`])
    expect(modeOf(at('folder'))).toBe('755')
  })

  it('means the folder behind a link, unless it must not follow', () => {
    symlinkSync('folder', at('link'))
    prove(file, { path: at('link'), state: 'directory', mode: '0700' })
    expect(modeOf(at('folder'))).toBe('700')
    expect(() => runLocally(file, { path: at('link'), state: 'directory', follow: false })).toThrow(`${at('link')} already exists as a link`)
  })

  it('gives everything below the same attributes', () => {
    chmodSync(at('folder/inner'), 0o600)
    symlinkSync('inner', at('folder/link'))
    symlinkSync('nowhere', at('folder/broken'))
    writeFileSync(at('folder/new\nline'), '')
    const { summaries } = prove(file, { path: at('folder'), state: 'directory', recurse: true, mode: 'u=rwX,g=rX,o=', owner: 'daemon' })
    expect(summaries[0]).toBe(`${at('folder')}: owner root -> daemon, mode 0755 -> 0750`)
    expect(summaries[1]).toMatch(/: 6 paths below, such as /)
    expect([modeOf(at('folder/sub')), modeOf(at('folder/inner')), modeOf(at('folder/new\nline')), lstatSync(at('folder/broken')).uid]).toEqual(['750', '640', '640', 1])
  })

  it('hears only of what differs, however large the tree', () => {
    const { summaries } = prove(file, { path: at('folder'), state: 'directory', recurse: true, group: 'adm', mode: '0755' })
    expect(summaries).toHaveLength(2)
  })
})

describe('state=link', () => {
  it('makes a link, changes where it leads, and gives it to someone', () => {
    expect(prove(file, { path: at('link'), src: at('plain'), state: 'link' }).result).toMatchObject({ dest: at('link'), src: at('plain'), state: 'link' })
    expect(runLocally(file, { path: at('link'), state: 'link' }).result).toMatchObject({ dest: at('link'), src: at('plain') })
    expect(prove(file, { path: at('link'), src: 'folder', state: 'link', owner: 'daemon', follow: false }).summaries).toEqual([`${at('link')}: link ${at('plain')} -> folder, owner daemon`])
    expect(readlinkSync(at('link'))).toBe('folder')
    expect(lstatSync(at('link')).uid).toBe(1)
    expect(existsSync(at('folder/link'))).toBe(false)
  })

  it('sets attributes of what the link leads to', () => {
    prove(file, { path: at('link'), src: 'plain', state: 'link', mode: '0600' })
    expect(modeOf(at('plain'))).toBe('600')
  })

  it('replaces a file or an empty folder only with force, and a full one never', () => {
    expect(() => runLocally(file, { path: at('plain'), src: 'folder', state: 'link' })).toThrow('only replaced by a link with force')
    prove(file, { path: at('plain'), src: 'folder', state: 'link', force: true })
    prove(file, { path: at('folder/sub'), src: 'inner', state: 'link', force: true })
    expect(readlinkSync(at('folder/sub'))).toBe('inner')
    expect(() => runLocally(file, { path: at('folder'), src: 'plain', state: 'link', force: true })).toThrow('is not empty, refusing to convert it')
  })

  it('leads to what is not there only with force', () => {
    expect(() => runLocally(file, { path: at('link'), src: 'nowhere', state: 'link' })).toThrow(`src file does not exist, use 'force=yes'`)
    prove(file, { path: at('link'), src: 'nowhere', state: 'link', force: true })
    expect(readlinkSync(at('link'))).toBe('nowhere')
  })
})

describe('state=hard', () => {
  it('gives a file another name', () => {
    prove(file, { path: at('other'), src: at('plain'), state: 'hard' })
    expect(statSync(at('other')).ino).toBe(statSync(at('plain')).ino)
    writeFileSync(at('third'), '')
    expect(() => runLocally(file, { path: at('third'), src: at('plain'), state: 'hard' })).toThrow('Cannot link, file exists at destination')
    expect(prove(file, { path: at('third'), src: at('plain'), state: 'hard', force: true }).result).toMatchObject({ state: 'hard', dest: at('third') })
  })
})

describe('state=absent', () => {
  it.each(['plain', 'folder', 'link', 'nothing'])('takes %s away', (name) => {
    symlinkSync('folder', at('link'))
    expect(prove(file, { path: at(name), state: 'absent' }).result).toEqual({ path: at(name), state: 'absent' })
    expect(existsSync(at(name))).toBe(false)
    if (name === 'link') expect(existsSync(at('folder/inner'))).toBe(true)
  })
})

describe('state=touch', () => {
  it('makes an empty file', () => {
    prove(file, { path: at('new'), state: 'touch', mode: '0600', modification_time: 'preserve', access_time: 'preserve' })
    expect([readFileSync(at('new'), 'utf8'), modeOf(at('new'))]).toEqual(['', '600'])
  })

  it('always changes the times, unless they are to be kept', () => {
    utimesSync(at('plain'), 1000, 1000)
    expect(runLocally(file, { path: at('plain'), state: 'touch' }).summaries).toEqual([`${at('plain')}: modified now, accessed now`])
    expect(statSync(at('plain')).mtimeMs).toBeGreaterThan(1e12)
    expect(readFileSync(at('plain'), 'utf8')).toBe('content')
  })

  it('sets given times, in the host\'s zone', () => {
    runLocally(file, { path: at('plain'), state: 'touch', modification_time: '202401020304.05', access_time: '2024/06/07', access_time_format: '%Y/%m/%d' })
    expect(statSync(at('plain')).mtime).toEqual(new Date(2024, 0, 2, 3, 4, 5))
    expect(runLocally(file, { path: at('plain'), state: 'file', modification_time: '202401020304.05' }).changes).toEqual([])
  })
})

describe('without a state', () => {
  it.each([
    [{ path: 'plain', mode: 'u+x,g-r' }, ['plain: mode 0644 -> 0704']],
    [{ path: 'folder', mode: '0700' }, ['folder: mode 0755 -> 0700']],
    [{ path: 'hard', mode: '0600' }, ['hard: mode 0644 -> 0600']],
    [{ path: 'link', src: 'hard' }, ['link: link plain -> hard']],
    [{ path: 'link', owner: 'daemon', follow: false }, ['link: owner root -> daemon']],
    [{ path: 'plain', owner: 'root', group: '0' }, []],
  ])('%j keeps what is there', (args, summaries) => {
    linkSync(at('plain'), at('hard'))
    symlinkSync('plain', at('link'))
    expect(prove(file, { ...args, path: at(args.path) }).summaries).toEqual(summaries.map((line) => at(line)))
  })

  it('an empty path names nothing', () => {
    for (const state of [{}, { state: 'directory' }, { state: 'touch' }]) expect(() => runLocally(file, { path: '', ...state })).toThrow('file () is absent, cannot continue')
  })

  it.each([
    [{ path: 'nothing' }, 'is absent, cannot continue'],
    [{ path: 'folder', state: 'file' }, 'is directory, cannot continue'],
    [{ path: 'plain', state: 'directory' }, 'already exists as a file'],
    [{ path: 'plain', recurse: true }, "recurse option requires state to be 'directory'"],
    [{ path: 'plain', src: 'x' }, "src option requires state to be 'link' or 'hard'"],
    [{ path: 'plain', mode: 'ao=r' }, "parameter 'mode': expected a file mode such as 0644 or u=rw,g=r, got the text 'ao=r'"],
    [{ path: 'plain', mode: 'u=rwz' }, "parameter 'mode': expected a file mode such as 0644 or u=rw,g=r, got the text 'u=rwz'"],
    [{ path: 'plain', mode: 'preserve' }, "mode 'preserve' is for copying a file"],
  ])('%j is refused', (args, message) => {
    expect(() => runLocally(file, { ...args, path: at(args.path) })).toThrow(message)
  })

  it('takes the file module for a broken link as it is', () => {
    symlinkSync('nowhere', at('broken'))
    lchownSync(at('broken'), 1, 1)
    const { plan } = runLocally(file, { path: at('broken'), mode: '0600' })
    expect(plan.warnings).toEqual([`${at('broken')} leads nowhere, so there is nothing to set attributes of`])
  })
})

it('sets flags of the file system', () => {
  try {
    execFileSync('chattr', ['+i', at('plain')], { stdio: 'ignore' })
  } catch {
    return
  }
  expect(prove(file, { path: at('plain'), attributes: '-i' }).summaries[0]).toMatch(/attributes .*i.* -> -i/)
  prove(file, { path: at('plain'), attributes: '+i' })
  execFileSync('chattr', ['-i', at('plain')])
})

it('doubts in a check that a user or group is there which no task has made, and knows where links lead anything may change', () => {
  const doubts = (args: Record<string, string>, imagined: readonly Imagined[] = []) => runLocally(file, { path: at('plain'), ...args }, { check: true, imagined }).plan.doubts
  expect(doubts({ owner: 'nobody-here', group: '54321' })).toEqual(['failed to look up user nobody-here: a task before this one has to make it', 'failed to look up group with gid 54321: a task before this one has to make it'])
  expect(doubts({ owner: 'daemon', group: '1' })).toEqual([])
  expect(doubts({ owner: '54321' }, [{ kind: 'user', name: 'someone', entry: { uid: 54321 } }])).toEqual([])
  symlinkSync('../plain', at('folder/link'))
  expect(runLocally(file, { path: at('folder'), recurse: true, state: 'directory', mode: 'a-r' }, { check: true }).changes.at(-1)!.writes).toContain('path:/')
})

it('foresees what later tasks find', () => {
  const { leaves } = runLocally(file, { path: at('a/b'), state: 'directory', owner: 'someone-new', mode: '0700' }, { check: true })
  expect(runLocally(file, { path: at('a/b'), state: 'directory', owner: 'someone-new', mode: '0700' }, { check: true, imagined: leaves }).changes).toEqual([])
  expect(runLocally(file, { path: at('a/b/c'), state: 'directory' }, { check: true, imagined: leaves }).summaries).toEqual([`${at('a/b/c')}: new folder`])
})
