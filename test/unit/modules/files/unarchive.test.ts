import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openArchive } from '../../../../src/modules/files/open-archive.ts'
import { tarEntry } from '../../../../src/modules/files/tar.ts'
import { unarchive } from '../../../../src/modules/files/unarchive.ts'
import { prove, runLocally } from '../../../support/local-host.ts'

const LONG = `${'long/'.repeat(30)}name`
let files: string
let host: string
beforeEach(() => {
  files = mkdtempSync(join(tmpdir(), 'plonerun-archive-'))
  host = mkdtempSync(join(tmpdir(), 'plonerun-unpacked-'))
  mkdirSync(join(files, 'app/bin'), { recursive: true })
  mkdirSync(join(files, 'app', LONG, '..'), { recursive: true })
  for (const [name, content] of [['app/README', 'read me'], ['app/bin/run', '#!/bin/sh\n'], ['app/two words\u00fc', ''], [`app/${LONG}`, 'deep']] as const) writeFileSync(join(files, name), content)
  chmodSync(join(files, 'app/bin/run'), 0o750)
  symlinkSync('bin/run', join(files, 'app/link'))
  utimesSync(join(files, 'app/README'), 1_600_000_000, 1_600_000_000)
})
afterEach(() => {
  for (const folder of [files, host]) rmSync(folder, { recursive: true })
})
const at = (name: string): string => join(host, name)
const tar = (...args: readonly string[]): void => void execFileSync('tar', ['-C', files, ...args])
const modeOf = (name: string): number => statSync(at(name)).mode & 0o7777

describe('an archive of the controller', () => {
  it.each([
    ['plain.tar', '-cf'],
    ['app.tar.gz', '-czf'],
    ['app.tar.bz2', '-cjf'],
    ['app.tar.xz', '-cJf'],
  ])('%s is unpacked, once', (name, flags) => {
    tar(flags, join(files, name), 'app')
    const { result, stages } = prove(unarchive, { src: name, dest: host, list_files: true }, { files })
    expect(readFileSync(at('app/README'), 'utf8')).toBe('read me')
    expect(readFileSync(at(`app/${LONG}`), 'utf8')).toBe('deep')
    expect(existsSync(at('app/two words\u00fc'))).toBe(true)
    expect(readlinkSync(at('app/link'))).toBe('bin/run')
    expect(modeOf('app/bin/run')).toBe(0o750)
    expect(stages).toBe(1)
    expect(result['files']).toEqual(expect.arrayContaining(['app/bin/', 'app/bin/run']))
    expect(result).toMatchObject({ dest: host, state: 'directory', extract_results: { rc: 0, out: '', err: '' } })
  })

  it('sends only what differs', () => {
    tar('-czf', join(files, 'app.tgz'), 'app')
    prove(unarchive, { src: 'app.tgz', dest: host }, { files })
    writeFileSync(at('app/README'), 'edited')
    const { summaries, changes } = prove(unarchive, { src: 'app.tgz', dest: host }, { files })
    expect(summaries).toEqual([`${host}: unpack app/README`])
    expect((changes[0]!.steps[0]!.stdin as Buffer).length).toBeLessThan(400)
    expect(readFileSync(at('app/README'), 'utf8')).toBe('read me')
  })

  it('sees another content of the same size and time', () => {
    tar('-czf', join(files, 'app.tgz'), 'app')
    prove(unarchive, { src: 'app.tgz', dest: host }, { files })
    const { atime, mtime } = statSync(at('app/README'))
    writeFileSync(at('app/README'), 'raed me')
    utimesSync(at('app/README'), atime, mtime)
    expect(prove(unarchive, { src: 'app.tgz', dest: host }, { files }).summaries).toEqual([`${host}: unpack app/README`])
  })

  it('gives everything an owner and a mode', () => {
    tar('-czf', join(files, 'app.tgz'), 'app')
    prove(unarchive, { src: 'app.tgz', dest: host, owner: 'daemon', group: 'adm', mode: 'u=rwX,go=rX' }, { files })
    expect([statSync(at('app')).uid, lstatSync(at('app/link')).gid, modeOf('app/bin/run'), modeOf('app/README')]).toEqual([1, 4, 0o755, 0o644])
    chmodSync(at('app/README'), 0o600)
    expect(prove(unarchive, { src: 'app.tgz', dest: host, owner: 'daemon', group: 'adm', mode: 'u=rwX,go=rX' }, { files }).summaries).toEqual([`${host}: owner or mode of 1 from the archive`])
  })

  it.each([
    [{ extra_opts: ['--strip-components=1'] }, ['README', 'bin/run'], ['app']],
    [{ exclude: ['bin', '*.none'] }, ['app/README'], ['app/bin']],
    [{ include: ['app/bin'] }, ['app/bin/run'], ['app/README']],
    [{ exclude: ['app/README'], extra_opts: ['--strip-components=1', '--no-same-owner'] }, ['bin/run'], ['README']],
    [{ extra_opts: ['--transform', 's,^app,renamed,'] }, ['renamed/README'], ['app']],
  ])('takes %j', (args, there, absent) => {
    tar('-czf', join(files, 'app.tgz'), 'app')
    const once = runLocally(unarchive, { src: 'app.tgz', dest: host, ...args }, { files })
    expect(once.result['changed']).toBeUndefined()
    for (const name of there) expect(existsSync(at(name))).toBe(true)
    for (const name of absent) expect(existsSync(at(name))).toBe(false)
    const again = runLocally(unarchive, { src: 'app.tgz', dest: host, ...args }, { files })
    expect(again.changes.length === 0 || again.result['changed'] === false).toBe(true)
  })

  it('leaves newer files with keep_newer', () => {
    tar('-czf', join(files, 'app.tgz'), 'app')
    mkdirSync(at('app'))
    writeFileSync(at('app/README'), 'mine')
    runLocally(unarchive, { src: 'app.tgz', dest: host, keep_newer: true }, { files })
    expect(readFileSync(at('app/README'), 'utf8')).toBe('mine')
  })

  it('unpacks zip without help from the host', () => {
    try {
      execFileSync('python3', ['-m', 'zipfile', '-c', join(files, 'app.zip'), join(files, 'app')])
    } catch {
      return
    }
    prove(unarchive, { src: 'app.zip', dest: host }, { files })
    expect(readFileSync(at('app/bin/run'), 'utf8')).toBe('#!/bin/sh\n')
    expect(modeOf('app/bin/run')).toBe(0o750)
  })

  it('does nothing when creates is there, and says what is wrong', () => {
    tar('-czf', join(files, 'app.tgz'), 'app')
    expect(runLocally(unarchive, { src: 'app.tgz', dest: host, creates: host }, { files }).plan).toEqual({ note: `skipped, since ${host} exists` })
    expect(runLocally(unarchive, { src: 'app.tgz', dest: host, creates: host }, { files }).result).toEqual({ skipped: true, msg: `skipped, since ${host} exists` })
    expect(() => runLocally(unarchive, { src: 'app.tgz', dest: at('none') }, { files })).toThrow(`dest '${at('none')}' must be an existing dir`)
    writeFileSync(join(files, 'bad.tgz'), 'no archive at all'.repeat(100))
    expect(() => runLocally(unarchive, { src: 'bad.tgz', dest: host }, { files })).toThrow('this is no tar archive')
    expect(() => runLocally(unarchive, { src: 'http://x/y.tgz', dest: host }, { files })).toThrow('a URL is only taken with remote_src')
  })
})

describe('an archive of the host', () => {
  it('is unpacked, once', () => {
    tar('-czf', at('app.tgz'), 'app')
    const args = { src: at('app.tgz'), dest: host, remote_src: true, owner: 'daemon', list_files: true, exclude: ['bin'] }
    const { result } = runLocally(unarchive, args)
    expect(runLocally(unarchive, args).changes).toEqual([])
    expect(readFileSync(at('app/README'), 'utf8')).toBe('read me')
    expect([statSync(at('app/README')).uid, existsSync(at('app/bin'))]).toEqual([1, false])
    expect(result['files']).toContain('app/README')
    expect(result).toMatchObject({ handler: 'TgzArchive', extract_results: { rc: 0 } })
    writeFileSync(at('app/README'), 'edited')
    expect(runLocally(unarchive, { ...args, remote_src: undefined, copy: false }).summaries[0]).toMatch(/unpack .*README/)
    expect(readFileSync(at('app/README'), 'utf8')).toBe('read me')
  })

  it('says what unpacked it only where something was unpacked', () => {
    tar('-czf', at('app.tgz'), 'app')
    const args = { src: at('app.tgz'), dest: host, remote_src: true }
    expect(runLocally(unarchive, { ...args, include: ['app/README'] }).result).toMatchObject({ extract_results: { cmd: ['tar', '--extract', '-C', host, '-f', at('app.tgz'), 'app/README'] } })
    runLocally(unarchive, args)
    const { result, changes } = runLocally(unarchive, { ...args, owner: 'daemon', mode: 'u=rwX,g=,o=' })
    expect(changes).toHaveLength(1)
    expect(result).not.toHaveProperty('extract_results')
  })

  it('is unpacked once without its upper folder', () => {
    tar('-cf', at('app.tar'), 'app')
    const { result } = prove(unarchive, { src: at('app.tar'), dest: host, remote_src: true, extra_opts: ['--strip-components=1'] })
    expect(result).toMatchObject({ handler: 'TarArchive' })
    expect(readFileSync(at('README'), 'utf8')).toBe('read me')
  })

  it('is foreseen in a folder that an earlier task makes', () => {
    tar('-czf', at('app.tgz'), 'app')
    const imagined = [{ kind: 'path', path: at('soon'), state: { type: 'directory' } }] as const
    expect(runLocally(unarchive, { src: at('app.tgz'), dest: at('soon'), remote_src: true }, { check: true, imagined }).summaries[0]).toMatch(/soon: unpack .*app.tgz \(app\/ and \d+ more\)$/)
  })

  it('says what is wrong', () => {
    writeFileSync(at('bad.tgz'), 'no archive')
    writeFileSync(at('empty.tgz'), '')
    for (const [name, message] of [['none.tgz', 'does not exist'], ['bad.tgz', 'cannot be unpacked: tar: '], ['empty.tgz', 'the file is 0 bytes']] as const)
      expect(() => runLocally(unarchive, { src: at(name), dest: host, remote_src: true })).toThrow(message)
  })
})

it('writes tar archives that tar reads', () => {
  const name = `${'x'.repeat(120)}/\u00fc`
  const archive = Buffer.concat([tarEntry({ name, type: 'file', mode: 0o640, mtime: 1e9 }, Buffer.from('content')), Buffer.alloc(1024)])
  expect(execFileSync('tar', ['-tf', '-', '--quoting-style=literal'], { input: archive, encoding: 'utf8' })).toBe(`${name}\n`)
  expect(openArchive(archive).entries).toMatchObject([{ name, mode: 0o640, mtime: 1e9, size: 7 }])
})
