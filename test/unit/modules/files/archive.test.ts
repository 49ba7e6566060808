import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { archive } from '../../../../src/modules/files/archive.ts'
import { packing } from '../../../../src/modules/files/pack.ts'
import { planWith } from '../../../support/drive.ts'
import { prove, runLocally } from '../../../support/local-host.ts'
import { describeWith } from '../../../support/programs.ts'

let host: string
const at = (name: string): string => join(host, name)
beforeEach(() => {
  host = mkdtempSync(join(tmpdir(), 'plonerun-host-'))
  mkdirSync(at('foo/bar'), { recursive: true })
  mkdirSync(at('foo/empty'))
  mkdirSync(at('more'))
  for (const [name, text] of [['foo/one', '1'], ['foo/bar/two words', '2'], ['foo/bar/-v', '3'], ['foo/some.tmp', '4'], ['more/five', '5']] as const) writeFileSync(at(name), text)
  symlinkSync('one', at('foo/link'))
})
afterEach(() => rmSync(host, { recursive: true }))

/** The names in a tar archive, of any compression. */
const namesIn = (file: string): readonly string[] => execFileSync('tar', ['-tf', at(file), '--quoting-style=literal'], { encoding: 'utf8' }).split('\n').filter(Boolean).sort()

describe('an archive', () => {
  it.each(['gz', 'tar', 'bz2', 'xz'])('of a folder as %s is made, once', (format) => {
    const { summaries, result } = prove(archive, { path: at('foo'), dest: at('foo.archive'), format, mode: '0600' })
    expect(summaries).toEqual([`${at('foo.archive')}: new file, mode 0600`])
    expect(namesIn('foo.archive')).toEqual(['foo/bar/', 'foo/bar/-v', 'foo/bar/two words', 'foo/empty/', 'foo/link', 'foo/one', 'foo/some.tmp'])
    expect(result).toMatchObject({ changed: true, dest: at('foo.archive'), dest_state: 'archive', arcroot: `${host}/`, missing: [], expanded_paths: [at('foo')], expanded_exclude_paths: [], state: 'file', mode: '0600' })
    expect(result['archived']).toContain(at('foo/bar/two words'))
  })

  it('is made anew when a file in it is another one', () => {
    prove(archive, { path: at('foo'), dest: at('foo.tgz') })
    writeFileSync(at('foo/one'), 'uno')
    expect(prove(archive, { path: at('foo'), dest: at('foo.tgz') }).summaries).toEqual([`${at('foo.tgz')}: content`])
    utimesSync(at('foo/one'), 1e9, 1e9)
    expect(prove(archive, { path: at('foo'), dest: at('foo.tgz') }).changes).toHaveLength(1)
  })

  it('takes several paths and patterns, and leaves out what it is told to', () => {
    prove(archive, { path: [at('foo'), at('more')], dest: at('all.tgz'), exclusion_patterns: ['*.tmp', 'foo/bar/*'] })
    expect(namesIn('all.tgz')).toEqual(['foo/bar/', 'foo/empty/', 'foo/link', 'foo/one', 'more/five'])
    const { result } = prove(archive, { path: `${at('foo')}/*`, dest: at('some.tgz'), exclude_path: [at('foo/b*'), at('foo/empty')] })
    expect(namesIn('some.tgz')).toEqual(['link', 'one', 'some.tmp'])
    expect(result).toMatchObject({ arcroot: at('foo/'), expanded_exclude_paths: [at('foo/bar'), at('foo/empty')] })
    prove(archive, { path: `${at('foo')}/`, dest: at('foo/within.tgz') })
    expect(namesIn('foo/within.tgz')).toContain('bar/two words')
    expect(namesIn('foo/within.tgz')).not.toContain('within.tgz')
  })

  it('is foreseen with what it will be like', () => {
    expect(runLocally(archive, { path: at('foo'), dest: at('foo.tgz'), mode: '0600' }, { check: true }).result).toMatchObject({ state: 'file', mode: '0600', dest_state: 'archive' })
  })

  it('says what is missing', () => {
    expect(prove(archive, { path: [at('foo'), at('none')], dest: at('part.tgz') }).result).toMatchObject({ dest_state: 'incomplete', missing: [at('none')] })
    expect(prove(archive, { path: at('none'), dest: at('none.tgz') }).result).toMatchObject({ changed: false, archived: [], dest_state: 'absent', state: 'absent', missing: [at('none')] })
  })

  it('removes what it has packed', () => {
    const { summaries } = prove(archive, { path: [at('foo'), at('more/five')], dest: at('all.tgz'), remove: true, exclusion_patterns: ['*.tmp'] })
    expect(summaries).toHaveLength(3)
    expect([existsSync(at('foo')), existsSync(at('more')), existsSync(at('more/five'))]).toEqual([false, true, false])
    expect(namesIn('all.tgz')).toContain('more/five')
  })
})

describe('a single file', () => {
  it.each(['gz', 'bz2', 'xz'])('is compressed as %s, once', (format) => {
    const { result } = prove(archive, { path: at('foo/one'), format })
    expect(result).toMatchObject({ dest: at(`foo/one.${format}`), dest_state: 'compress', archived: [at('foo/one')] })
    writeFileSync(at('foo/one'), 'uno')
    expect(prove(archive, { path: at('foo/one'), format, remove: true }).changes).toHaveLength(2)
  })

  it('becomes an archive where that is asked for', () => {
    prove(archive, { path: at('foo/one'), dest: at('one.tgz'), force_archive: true })
    expect(namesIn('one.tgz')).toEqual(['one'])
  })
})

describeWith('zip', () => {
  it('is made, once', () => {
    prove(archive, { path: at('foo'), dest: at('foo.zip'), format: 'zip', exclusion_patterns: ['*/foo/*.tmp'] })
    expect(readFileSync(at('foo.zip'), 'latin1')).not.toContain('some.tmp')
    writeFileSync(at('foo/one'), 'uno')
    expect(prove(archive, { path: at('foo'), dest: at('foo.zip'), format: 'zip', exclusion_patterns: ['*/foo/*.tmp'] }).changes).toHaveLength(1)
  })
})

it('refuses what cannot be', () => {
  for (const [args, message] of [
    [{ path: at('none*'), dest: at('x.tgz') }, 'Error, no source paths were found'],
    [{ path: [at('foo'), at('more')] }, 'Error, must specify "dest" when archiving multiple files or trees'],
    [{ path: at('foo') }, 'Error, must specify "dest"'],
    [{ path: at('foo'), dest: at('foo/x.tgz'), remove: true }, 'created archive can not be contained in source paths when remove=true'],
    [{ path: at('foo'), dest: at('more') }, 'is a folder'],
    [{ path: at('foo'), dest: at('nodir/x.tgz') }, `the folder ${at('nodir')} does not exist`],
  ] as const)
    expect(() => runLocally(archive, args)).toThrow(message)
  const known = { paths: { stdout: '/a\n', code: 0 }, excluded: { stdout: '', code: 0 }, program: { stdout: '', code: 127 }, 'at /a': { exists: true, type: 'file' }, dest: { exists: false }, parent: { exists: true } }
  expect(planWith(archive, { path: '/a', format: 'xz' }, known).fail).toBe('xz was not found on the host: the format xz needs it')
})

it('packs names as they are written', () => {
  expect(packing('zip', '/srv')).toBe("cd -- /srv && zip -q -X -fd -@ -")
})
