import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copy } from '../../../../src/modules/files/copy.ts'
import { template } from '../../../../src/modules/files/template.ts'
import { Secret } from '../../../../src/values/secret.ts'
import { prove, runLocally } from '../../../support/local-host.ts'

let files: string
let host: string
beforeEach(() => {
  files = mkdtempSync(join(tmpdir(), 'plonerun-files-'))
  host = mkdtempSync(join(tmpdir(), 'plonerun-host-'))
  writeFileSync(join(files, 'app.conf'), 'one\ntwo\n')
})
afterEach(() => {
  for (const folder of [files, host]) rmSync(folder, { recursive: true })
})

const at = (name: string): string => join(host, name)
const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8)

describe('a single file', () => {
  it('goes to the destination, once', () => {
    const { summaries, result, stages } = prove(copy, { src: 'app.conf', dest: at('app.conf'), mode: '0640', owner: 'daemon', group: 'adm' }, { files })
    expect(summaries).toEqual([`${at('app.conf')}: new file, mode 0640, owner daemon, group adm`])
    expect(stages).toBe(1)
    expect(readFileSync(at('app.conf'), 'utf8')).toBe('one\ntwo\n')
    expect(result).toEqual({
      dest: at('app.conf'),
      src: join(files, 'app.conf'),
      checksum: 'c708d7ef841f7e1748436b8ef5670d0b2de1a227',
      md5sum: '2094b601daac3d68f5aed51d3c20f7cd',
      uid: 1,
      gid: 4,
      owner: 'daemon',
      group: 'adm',
      mode: '0640',
      size: 8,
      state: 'file',
    })
  })

  it('tells the path, and no new checksum, where only the mode changes', () => {
    writeFileSync(at('app.conf'), 'one\ntwo\n')
    const { result } = prove(copy, { src: 'app.conf', dest: at('app.conf'), mode: '0600' }, { files })
    expect(result).toMatchObject({ path: at('app.conf'), dest: at('app.conf'), mode: '0600' })
    expect(result).not.toHaveProperty('md5sum')
  })

  it('goes into a folder under its own name', () => {
    for (const dest of [host, `${host}/`]) expect(prove(copy, { src: 'app.conf', dest }, { files }).result).toMatchObject({ dest: at('app.conf') })
  })

  it('makes the folders of a destination that ends in a slash', () => {
    const { summaries } = prove(copy, { src: 'app.conf', dest: at('a/b c/'), directory_mode: '0750', mode: '0600' }, { files })
    expect(summaries).toEqual([`${at('a/b c')}: new folder, mode 0750`, `${at('a/b c/app.conf')}: new file, mode 0600`])
    expect([modeOf(at('a')), modeOf(at('a/b c'))]).toEqual(['750', '750'])
  })

  it('keeps what the task does not mention', () => {
    writeFileSync(at('app.conf'), 'old')
    chmodSync(at('app.conf'), 0o604)
    execFileSync('chown', ['1234:4321', at('app.conf')])
    expect(prove(copy, { src: 'app.conf', dest: at('app.conf') }, { files }).summaries).toEqual([`${at('app.conf')}: content`])
    expect(statSync(at('app.conf'))).toMatchObject({ uid: 1234, gid: 4321 })
    expect(modeOf(at('app.conf'))).toBe('604')
  })

  it('tells attributes apart from content', () => {
    writeFileSync(at('app.conf'), 'one\ntwo\n')
    chmodSync(at('app.conf'), 0o600)
    expect(prove(copy, { src: 'app.conf', dest: at('app.conf'), mode: 'u=rw,go=r', group: 'adm' }, { files }).summaries).toEqual([`${at('app.conf')}: group root -> adm, mode 0600 -> 0644`])
  })

  it('takes the mode of its source with preserve', () => {
    chmodSync(join(files, 'app.conf'), 0o751)
    prove(copy, { src: 'app.conf', dest: at('app.conf'), mode: 'preserve' }, { files })
    expect(modeOf(at('app.conf'))).toBe('751')
  })

  it('lets nobody else read a content with preserve', () => {
    prove(copy, { content: 'text', dest: at('app.conf'), mode: 'preserve' }, { files })
    expect(modeOf(at('app.conf'))).toBe('600')
  })

  it('leaves a file that is there alone without force', () => {
    writeFileSync(at('app.conf'), 'mine')
    expect(prove(copy, { src: 'app.conf', dest: at('app.conf'), force: false, mode: '0600' }, { files }).plan).toEqual({ note: `${at('app.conf')} exists` })
    expect(prove(copy, { src: 'app.conf', dest: at('other.conf'), force: false }, { files }).changes).toHaveLength(1)
  })

  it('replaces a link, or follows it', () => {
    writeFileSync(at('target'), 'old')
    symlinkSync('target', at('link'))
    prove(copy, { src: 'app.conf', dest: at('link'), follow: true }, { files })
    expect(readlinkSync(at('link'))).toBe('target')
    expect(readFileSync(at('target'), 'utf8')).toBe('one\ntwo\n')
    prove(copy, { src: 'app.conf', dest: at('link') }, { files })
    expect(lstatSync(at('link')).isFile()).toBe(true)
  })

  it('says where the backup is', () => {
    writeFileSync(at('app.conf'), 'old')
    const { result } = prove(copy, { src: 'app.conf', dest: at('app.conf'), backup: true }, { files })
    expect(readFileSync(result['backup_file'] as string, 'utf8')).toBe('old')
  })

  it('shows what changes, in a second stage', () => {
    writeFileSync(at('app.conf'), 'one\n')
    const { changes, stages } = runLocally(copy, { src: 'app.conf', dest: at('app.conf') }, { files, diff: true, check: true })
    expect(changes[0]!.diff).toEqual({ before: 'one\n', after: 'one\ntwo\n', beforeHeader: at('app.conf'), afterHeader: at('app.conf') })
    expect(stages).toBe(2)
    expect(runLocally(copy, { src: 'app.conf', dest: at('new') }, { files, diff: true, check: true }).changes[0]!.diff).toMatchObject({ before: '', after: 'one\ntwo\n' })
  })

  it.each([
    [{ src: 'app.conf', dest: '/not/there/app.conf' }, 'Destination directory /not/there does not exist'],
    [{ content: 'x', dest: '/tmp' }, 'can not use content with a dir as dest: /tmp'],
    [{ src: 'app.conf', dest: '/tmp/x', checksum: 'abc' }, 'Copied file does not match the expected checksum. Transfer failed.'],
    [{ content: 'x', dest: '/tmp/' }, 'can not use content with a dir as dest'],
    [{ src: 'app.conf', content: 'x', dest: '/tmp/x' }, 'parameters are mutually exclusive: src|content'],
    [{ dest: '/tmp/x' }, 'src (or content) is required'],
    [{ src: '', dest: '/tmp/x' }, 'src (or content) is required'],
    [{ content: 'x', dest: '' }, 'dest is required'],
    [{ src: 'app.conf', dest: '/tmp/x', colour: 'red' }, "Unsupported parameters for (copy) module: colour"],
  ])('refuses %j', (args, message) => {
    expect(() => runLocally(copy, args, { files, check: true })).toThrow(message)
  })

  it('does not fail in check mode for a folder that a package may bring', () => {
    const { summaries } = runLocally(copy, { src: 'app.conf', dest: '/not/there/app.conf' }, { files, check: true, imagined: [{ kind: 'anything' }] })
    expect(summaries).toEqual(['/not/there/app.conf: new file, mode 0644'])
  })
})

describe('content', () => {
  it.each([
    ['text\n', 'text\n'],
    ['', ''],
    [{ name: 'Zoë', list: [1, true, null], empty: {} }, '{"name": "Zo\\u00eb", "list": [1, true, null], "empty": {}}'],
    [['a', { b: 'c' }], '["a", {"b": "c"}]'],
    [42, '42'],
    [true, 'True'],
    [new Secret('pässword'), 'pässword'],
  ])('%j becomes %s', (content, expected) => {
    prove(copy, { content, dest: at('file') })
    expect(readFileSync(at('file'), 'utf8')).toBe(expected)
  })

  it('shows no diff when a secret is in it', () => {
    expect(runLocally(copy, { content: { key: new Secret('x') }, dest: at('file') }, { diff: true, check: true }).changes[0]!.diff).toBeUndefined()
  })

  it('finds its way into a folder that an earlier task would make', () => {
    const imagined = [{ kind: 'path', path: at('soon'), state: { type: 'directory' } }] as const
    expect(runLocally(copy, { content: 'x', dest: at('soon/file') }, { check: true, imagined }).summaries).toEqual([`${at('soon/file')}: new file, mode 0644`])
  })
})

describe('a folder', () => {
  beforeEach(() => {
    mkdirSync(join(files, 'site/sub dir/deep'), { recursive: true })
    mkdirSync(join(files, 'site/empty'))
    writeFileSync(join(files, 'site/a'), 'A')
    writeFileSync(join(files, 'site/sub dir/b'), 'B')
    writeFileSync(join(files, 'site/sub dir/deep/c'), 'C')
    symlinkSync('a', join(files, 'site/link'))
    symlinkSync('..', join(files, 'site/sub dir/up'))
    symlinkSync('itself', join(files, 'site/sub dir/itself'))
  })

  it('tells where from and to as Ansible does', () => {
    expect(prove(copy, { src: 'site', dest: host }, { files }).result).toEqual({ dest: `${host}/`, src: join(files, 'site') })
    expect(prove(copy, { src: 'site/', dest: at('other/') }, { files }).result).toEqual({ dest: `${host}/other/`, src: `${join(files, 'site')}/` })
  })

  it('is copied itself, or with a slash only what is in it', () => {
    prove(copy, { src: 'site', dest: at('x') }, { files })
    expect(readdirSync(at('x/site')).sort()).toEqual(['a', 'empty', 'link', 'sub dir'])
    prove(copy, { src: 'site/', dest: at('y') }, { files })
    expect(readFileSync(at('y/sub dir/deep/c'), 'utf8')).toBe('C')
    expect(lstatSync(at('y/link')).isFile()).toBe(true)
    expect([readlinkSync(at('y/sub dir/up')), readlinkSync(at('y/sub dir/itself'))]).toEqual(['..', 'itself'])
  })

  it('sends only what differs', () => {
    prove(copy, { src: 'site/', dest: at('y') }, { files })
    writeFileSync(at('y/sub dir/b'), 'other')
    expect(prove(copy, { src: 'site/', dest: at('y') }, { files }).summaries).toEqual([`${at('y/sub dir/b')}: content`])
  })

  it('keeps links with local_follow off, and gives folders and files their modes', () => {
    prove(copy, { src: 'site/', dest: at('y'), local_follow: false, mode: '0600', directory_mode: '0711', owner: 'daemon' }, { files })
    expect(readlinkSync(at('y/link'))).toBe('a')
    expect([modeOf(at('y')), modeOf(at('y/sub dir')), modeOf(at('y/a'))]).toEqual(['711', '711', '600'])
    expect(lstatSync(at('y/link')).uid).toBe(1)
  })
})

describe('from the host itself', () => {
  it('copies a file', () => {
    writeFileSync(at('source'), 'here')
    chmodSync(at('source'), 0o640)
    const { result } = prove(copy, { src: at('source'), dest: at('copy'), remote_src: true, mode: 'preserve' })
    expect(result).toMatchObject({ src: at('source'), dest: at('copy'), mode: '0640', md5sum: '6c92285fa6d3e827b198d120ea3ac674' })
    const again = runLocally(copy, { src: at('source'), dest: at('copy'), remote_src: true }).result
    expect([again['src'], 'path' in again]).toEqual([at('source'), false])
    expect(() => runLocally(copy, { src: at('none'), dest: at('copy'), remote_src: true })).toThrow(`Source ${at('none')} not found`)
  })

  it('copies a folder, and then only what differs', () => {
    mkdirSync(at('from/sub'), { recursive: true, mode: 0o750 })
    writeFileSync(at('from/a'), 'A')
    writeFileSync(at('from/sub/b'), 'B')
    symlinkSync('a', at('from/link'))
    // Of contents that nobody has read check mode does not know that they will be the same.
    const unforeseen = true
    const { result } = prove(copy, { src: at('from'), dest: at('to'), remote_src: true, local_follow: false, owner: 'daemon' }, { unforeseen })
    expect(result).toMatchObject({ src: at('from'), dest: at('to'), state: 'directory', owner: 'daemon', checksum: null, md5sum: null })
    expect(readlinkSync(at('to/from/link'))).toBe('a')
    expect([modeOf(at('to/from/sub')), statSync(at('to/from/sub/b')).uid]).toEqual(['750', 1])
    expect(runLocally(copy, { src: at('from'), dest: at('to'), remote_src: true }).result).toMatchObject({ dest: at('to/from'), mode: '0750' })
    writeFileSync(at('from/sub/b'), 'X')
    expect(prove(copy, { src: `${at('from')}/`, dest: at('to/from'), remote_src: true, owner: 'daemon' }, { unforeseen }).summaries).toContain(`${at('to/from/sub/b')}: content`)
  })
})

describe('template', () => {
  it('renders, with what a template knows about itself', () => {
    let asked: unknown
    const render = (file: string, request: { extra?: Map<unknown, unknown> }): { text: string; secret: boolean } => {
      asked = [file, [...(request.extra?.keys() ?? [])]]
      return { text: 'rendered\n', secret: false }
    }
    const { result } = prove(template, { src: 'app.conf', dest: host, mode: '0644', lstrip_blocks: true }, { files, render: render })
    expect(result).toMatchObject({ dest: at('app.conf'), src: join(files, 'app.conf'), mode: '0644', state: 'file' })
    expect(asked).toEqual([join(files, 'app.conf'), ['template_host', 'template_path', 'template_fullpath', 'template_destpath', 'template_uid', 'template_mtime', 'template_run_date']])
    expect(existsSync(at('app.conf'))).toBe(true)
  })

  it('writes other encodings, and refuses those it does not know', () => {
    const render = () => ({ text: 'Zoë', secret: false })
    prove(template, { src: 'app.conf', dest: at('x'), output_encoding: 'latin-1' }, { files, render })
    expect([...readFileSync(at('x'))]).toEqual([90, 111, 0xeb])
    expect(() => runLocally(template, { src: 'app.conf', dest: at('x'), output_encoding: 'klingon' }, { files, render })).toThrow("unknown encoding 'klingon'")
  })
})
