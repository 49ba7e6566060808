import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { find } from '../../../../src/modules/files/find.ts'
import { slurp } from '../../../../src/modules/files/slurp.ts'
import { stat } from '../../../../src/modules/files/stat.ts'
import { tempfile } from '../../../../src/modules/files/tempfile.ts'
import { Unknown } from '../../../../src/values/unknown.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { runLocally } from '../../../support/local-host.ts'

let host: string
beforeEach(() => {
  host = temporaryFolder()
  mkdirSync(at('sub/.deep'), { recursive: true })
  for (const [name, size] of [['a.log', 10], ['b.conf', 2000], ['.hidden', 1], ['sub/c.log', 5], ['sub/.deep/d.log', 0], ['new\nline.log', 3]] as const) writeFileSync(at(name), 'x'.repeat(size))
  symlinkSync('a.log', at('link'))
  symlinkSync('nowhere', at('broken'))
  utimesSync(at('a.log'), 1000, 1000)
  chmodSync(at('a.log'), 0o4750)
})
const at = (name: string): string => join(host, name)

describe('stat', () => {
  it('tells everything about a file', () => {
    const { stat: told } = runLocally(stat, { path: at('a.log') }).result as { stat: Record<string, unknown> }
    const real = statSync(at('a.log'))
    expect(told).toMatchObject({
      exists: true, path: at('a.log'), mode: '4750', isreg: true, isdir: false, islnk: false, size: 10, uid: real.uid, gid: real.gid, pw_name: 'root', gr_name: 'root',
      inode: real.ino, dev: real.dev, nlink: 1, blocks: real.blocks, block_size: real.blksize, isuid: true, isgid: false, rusr: true, wgrp: false, xgrp: true, roth: false,
      readable: true, writeable: true, executable: true,
    })
    expect(told['checksum']).toBe(execFileSync('sha1sum', [at('a.log')], { encoding: 'utf8' }).slice(0, 40))
    expect(Number(told['mtime'])).toBe(1000)
  })

  it('tells about a link, or what it leads to', () => {
    expect(runLocally(stat, { path: at('link'), get_mime: false }).result['stat']).toMatchObject({ islnk: true, lnk_target: 'a.log', lnk_source: at('a.log') })
    expect(runLocally(stat, { path: at('link'), follow: true, get_attributes: false }).result['stat']).toMatchObject({ islnk: false, isreg: true, size: 10 })
    expect(runLocally(stat, { path: at('broken'), follow: true }).result).toEqual({ stat: { exists: false } })
  })

  it('says where a path is that the host expands', () => {
    const { stat: told } = runLocally(stat, { path: '~' }).result as { stat: Record<string, unknown> }
    expect(told['path']).toBe(process.env['HOME'])
  })

  it('says no more than that nothing is there', () => {
    expect(runLocally(stat, { path: at('nothing') }).result).toEqual({ stat: { exists: false } })
    expect(runLocally(stat, { path: at('nothing') }, { check: true, imagined: [{ kind: 'anything' }] }).result).toEqual({ stat: { exists: new Unknown(`whether ${at('nothing')} is there`) } })
  })
})

describe('slurp', () => {
  it('brings a file', () => {
    expect(runLocally(slurp, { src: at('a.log') }).result).toEqual({ content: Buffer.from('x'.repeat(10)).toString('base64'), source: at('a.log'), encoding: 'base64' })
  })
  it.each([
    ['nothing', 'File not found'],
    ['sub', 'Source is a directory and must be a file'],
  ])('does not bring %s', (name, message) => {
    expect(() => runLocally(slurp, { src: at(name) })).toThrow(`${message}: ${at(name)}`)
  })
})

describe('find', () => {
  const cases: readonly [Record<string, unknown>, readonly string[]][] = [
    [{}, ['a.log', 'b.conf', 'new\nline.log']],
    [{ hidden: true }, ['.hidden', 'a.log', 'b.conf', 'new\nline.log']],
    [{ recurse: true }, ['a.log', 'b.conf', 'new\nline.log', 'sub/.deep/d.log', 'sub/c.log']],
    [{ recurse: true, depth: 2 }, ['a.log', 'b.conf', 'new\nline.log', 'sub/c.log']],
    [{ recurse: true, patterns: '*.log', excludes: 'a*,d*' }, ['new\nline.log', 'sub/c.log']],
    [{ recurse: true, patterns: ['^[ac]\\.', 'b'], use_regex: true }, ['a.log', 'b.conf', 'sub/c.log']],
    [{ file_type: 'directory', recurse: true }, ['sub']],
    [{ file_type: 'directory', recurse: true, hidden: true }, ['sub', 'sub/.deep']],
    [{ file_type: 'link' }, ['broken', 'link']],
    [{ file_type: 'any', patterns: '[!abn]*' }, ['link', 'sub']],
    [{ age: '1d' }, ['a.log']],
    [{ age: '-1h' }, ['b.conf', 'new\nline.log']],
    [{ size: '1k' }, ['b.conf']],
    [{ size: '-9' }, ['new\nline.log']],
    [{ mode: '4750' }, ['a.log']],
    [{ mode: 'u+s', exact_mode: false }, ['a.log']],
    [{ contains: 'x{5}$' }, []],
    [{ contains: 'x{10}$' }, ['a.log']],
    [{ contains: 'x$', read_whole_file: true, size: '-20' }, ['a.log', 'new\nline.log']],
    [{ limit: 1 }, ['a.log']],
  ]
  it.each(cases)('%j', (args, names) => {
    const { result } = runLocally(find, { paths: host, ...args })
    expect((result['files'] as { path: string }[]).map(({ path }) => path)).toEqual(names.map(at))
    expect(result['matched']).toBe(names.length)
  })

  it('tells about the files, and about folders that are not there', () => {
    const { result, plan } = runLocally(find, { paths: [host, at('none')], patterns: 'a.log', get_checksum: true, checksum_algorithm: 'md5' })
    expect(result).toMatchObject({
      files: [{ path: at('a.log'), mode: '4750', size: 10, isreg: true, pw_name: 'root', checksum: execFileSync('md5sum', [at('a.log')], { encoding: 'utf8' }).slice(0, 32) }],
      skipped_paths: { [at('none')]: `'${at('none')}' is not a directory` },
      examined: 7,
    })
    expect(plan.warnings).toEqual([`Skipped '${at('none')}': '${at('none')}' is not a directory`])
  })

  it('looks behind links, and tells them as links', () => {
    symlinkSync('sub', at('to sub'))
    const { result } = runLocally(find, { paths: host, recurse: true, follow: true, file_type: 'any', patterns: 'to*,c*' })
    expect((result['files'] as { path: string; islnk: boolean }[]).map(({ path, islnk }) => [path, islnk])).toEqual([[at('sub/c.log'), false], [at('to sub'), true], [at('to sub/c.log'), false]])
  })

  it('names files that are not in the encoding, and reads those that are', () => {
    writeFileSync(at('a.log'), Buffer.from([0xc4, 0xe3]))
    const contains = { paths: host, patterns: 'a.log', contains: '你' }
    expect(runLocally(find, { ...contains, encoding: 'gbk' }).result).toMatchObject({ matched: 1, skipped_paths: {} })
    expect(runLocally(find, { ...contains, encoding: 'utf-8' }).result).toMatchObject({ matched: 0, msg: 'Not all paths examined, check warnings for details', skipped_paths: { [host]: `Failed to read the file ${at('a.log')} due to an encoding error. current encoding: utf-8` } })
    expect(runLocally(find, { ...contains, encoding: 'klingon' }).result).toMatchObject({ skipped_paths: { [host]: 'unknown encoding: klingon' } })
  })

  it('counts what lies one level below the depth as examined', () => {
    const { result } = runLocally(find, { paths: host, recurse: true, depth: 1, file_type: 'any', hidden: true })
    expect(result).toMatchObject({ matched: 7, examined: 9 })
  })

  it('sees in check mode what would have been made and taken away', () => {
    const imagined = [
      { kind: 'path', path: at('z.log'), state: { type: 'file', content: Buffer.from('12345') } },
      { kind: 'path', path: at('sub'), state: null },
    ] as const
    const { result } = runLocally(find, { paths: host, recurse: true, patterns: '*.log', size: '5' }, { check: true, imagined })
    expect((result['files'] as { path: string }[]).map(({ path }) => path)).toEqual([at('a.log'), at('z.log')])
  })

  it.each([
    [{ age: 'old' }, 'failed to process age: old'],
    [{ size: '1x' }, 'failed to process size: 1x'],
    [{ limit: 0 }, 'limit cannot be 0'],
  ])('refuses %j', (args, message) => expect(() => runLocally(find, { paths: host, ...args })).toThrow(message))
})

describe('tempfile', () => {
  it('makes a file or folder with a new name', () => {
    const made = runLocally(tempfile, { path: host, prefix: 'p.', suffix: '.txt' }).result['path'] as string
    expect(made).toMatch(/\/p\.\w{8}\.txt$/)
    expect(statSync(made).mode & 0o777).toBe(0o600)
    expect(statSync(runLocally(tempfile, { path: host, state: 'directory' }).result['path'] as string).isDirectory()).toBe(true)
    expect(runLocally(tempfile, { path: host }, { check: true }).result['path']).toBeInstanceOf(Unknown)
    expect(() => runLocally(tempfile, { path: host, prefix: 'a/b' })).toThrow('prefix must be a valid file name component')
  })
})
