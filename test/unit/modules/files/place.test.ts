import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { place, type Placement } from '../../../../src/modules/files/place.ts'

let dir: string
let path: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'plonerun-place-'))
  path = join(dir, "it's a [file].conf")
})
afterEach(() => {
  spawnSync('chattr', ['-i', dir])
  rmSync(dir, { recursive: true })
})

function run(placement: Omit<Placement, 'path'>): { code: number | null; stdout: string; stderr: string } {
  const { argv, stdin } = place({ path, ...placement })
  const { status, stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), { input: stdin ?? '', encoding: 'utf8', cwd: '/', env: { ...process.env, LC_ALL: 'C' } })
  return { code: status, stdout, stderr }
}

const old = (): NonNullable<Placement['replaces']> => statSync(path)
const NEW = Buffer.from('new\0\xff content')
const at0640 = { lines: [], mode: 0o640 }

it('writes a new file with its mode, and leaves nothing else', () => {
  expect(run({ content: NEW, attributes: at0640 })).toMatchObject({ code: 0, stderr: '', stdout: '' })
  expect(readFileSync(path)).toEqual(NEW)
  expect(statSync(path).mode & 0o7777).toBe(0o640)
  expect(readdirSync(dir)).toHaveLength(1)
})

it.skipIf(existsSync('/sys/fs/selinux/enforce'))('a host without SELinux passes over a context', () => {
  expect(run({ content: NEW, attributes: { ...at0640, context: ['-t', 'etc_t'] } })).toMatchObject({ code: 0, stderr: '' })
})

it('keeps owner, mode and extended attributes of the file it replaces', () => {
  writeFileSync(path, 'old, and longer than what comes')
  chmodSync(path, 0o4711)
  execFileSync('chown', ['1234:4321', path])
  chmodSync(path, 0o4711)
  const attribute = spawnSync('setfattr', ['-n', 'user.note', '-v', 'kept', path]).status === 0
  expect(run({ content: NEW, replaces: old(), attributes: { lines: [] } })).toMatchObject({ code: 0, stderr: '' })
  expect(readFileSync(path)).toEqual(NEW)
  expect(statSync(path)).toMatchObject({ uid: 1234, gid: 4321 })
  expect(statSync(path).mode & 0o7777).toBe(0o4711)
  expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(5000)
  if (attribute) expect(execFileSync('getfattr', ['-n', 'user.note', '--only-values', path], { encoding: 'utf8' })).toBe('kept')
})

it('keeps the old file and cleans up when the new one is not valid, and tells what the validator said', () => {
  writeFileSync(path, 'old')
  const outcome = run({ content: NEW, replaces: old(), attributes: at0640, backup: true, validate: 'grep -c "no such text" %s' })
  expect(outcome).toEqual({ code: 1, stdout: '', stderr: 'failed to validate: rc:1 error:0\n' })
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(dir)).toHaveLength(1)
})

it('validates the new content under a name with the same suffix, with its mode', () => {
  const outcome = run({ content: Buffer.from('content'), attributes: at0640, validate: `sh -c 'case $1 in *.conf) [ "$(stat -c %a "$1")" = 640 ] && grep -q content "$1";; *) exit 9;; esac' sh %s` })
  expect(outcome).toMatchObject({ code: 0, stderr: '' })
})

it('refuses a validation that never sees the file', () => {
  expect(() => place({ path, content: NEW, attributes: at0640, validate: 'true' })).toThrow('validate must contain %s: true')
})

it('keeps a backup named as people know it', () => {
  writeFileSync(path, 'old')
  const { stdout } = run({ content: NEW, replaces: old(), attributes: { lines: [] }, backup: true })
  expect(stdout).toMatch(/\.conf\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/)
  expect(readFileSync(stdout, 'utf8')).toBe('old')
})

it('says why, and leaves nothing, when the folder is not there or the owner is not known', () => {
  expect(run({ content: NEW, attributes: { lines: [], mode: 0o644, owner: 'nobody-like-this' } })).toMatchObject({ code: 1, stderr: expect.stringContaining("invalid user: 'nobody-like-this'") as string })
  expect(readdirSync(dir)).toEqual([])
  path = join(dir, 'missing/file')
  expect(run({ content: NEW, attributes: at0640 }).code).not.toBe(0)
})

it('writes in place where the file cannot be replaced, only when that is allowed', () => {
  writeFileSync(path, 'old')
  const mount = spawnSync('mount', ['--bind', path, path])
  if (mount.status !== 0) return
  try {
    expect(run({ content: NEW, replaces: old(), attributes: { lines: [] } }).code).not.toBe(0)
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(run({ content: NEW, replaces: old(), attributes: { lines: [] }, unsafeWrites: true })).toMatchObject({ code: 0 })
    expect(readFileSync(path)).toEqual(NEW)
    expect(readdirSync(dir)).toHaveLength(1)
  } finally {
    execFileSync('umount', [path])
  }
})

it('copies from a file of the host, with its time', () => {
  const source = join(dir, 'source')
  mkdirSync(join(dir, 'sub'))
  path = join(dir, 'sub/copy')
  writeFileSync(source, 'from here')
  execFileSync('touch', ['-d', '@1000000000', source])
  expect(run({ content: { from: source }, attributes: at0640 })).toMatchObject({ code: 0, stderr: '' })
  expect(readFileSync(path, 'utf8')).toBe('from here')
  expect(statSync(path).mtimeMs).toBe(1_000_000_000_000)
})
