import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { git } from '../../../../src/modules/git/git.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planWith } from '../../../support/drive.ts'
import { prove, runLocally } from '../../../support/local-host.ts'

vi.setConfig({ testTimeout: 60_000 })

let folder: string
let repo: string
let dest: string

function run(cwd: string, ...words: readonly string[]): string {
  const identity = ['-c', 'user.name=Zope', '-c', 'user.email=zope@example.org', '-c', 'init.defaultBranch=main', '-c', 'protocol.file.allow=always', '-c', 'commit.gpgsign=false']
  return execFileSync('git', [...identity, ...words], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

function commit(text: string): string {
  writeFileSync(join(repo, 'file'), text)
  run(repo, 'add', '.')
  run(repo, 'commit', '-m', text)
  return run(repo, 'rev-parse', 'HEAD')
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plonerun-git-'))
  repo = join(folder, 'repo')
  dest = join(folder, 'a', 'dest')
  run(folder, 'init', '-q', repo)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})
const file = (): string => readFileSync(join(dest, 'file'), 'utf8')

it('clones, finds nothing to do, follows the branch, and goes back to a tag and a commit', () => {
  const first = commit('one')
  run(repo, 'tag', '-a', 'v1', '-m', 'v1')
  const { result, summaries } = prove(git, { repo, dest })
  expect(summaries).toEqual([`clone file://${repo} to ${dest}`])
  expect(result).toEqual({ before: null, after: first, changed: true })
  const second = commit('two')
  expect(runLocally(git, { repo, dest }, { check: true }).result).toMatchObject({ before: first, after: second, changed: true })
  const moved = prove(git, { repo, dest })
  expect(moved.summaries).toEqual([`${dest}: ${first.slice(0, 10)} -> ${second.slice(0, 10)}`])
  expect(moved.result).toEqual({ before: first, after: second, changed: true, remote_url_changed: false })
  expect(prove(git, { repo, dest, version: 'v1' }).result).toMatchObject({ before: second, after: first })
  expect(prove(git, { repo, dest, version: second }).result).toMatchObject({ before: first, after: second })
  expect(runLocally(git, { repo, dest, version: second.slice(0, 10) }).result).toMatchObject({ changed: false })
  expect(file()).toBe('two')
})

it('switches to a branch that it has not had, and back', () => {
  commit('one')
  prove(git, { repo, dest })
  run(repo, 'checkout', '-q', '-b', 'feature/x')
  const there = commit('feature')
  expect(prove(git, { repo, dest, version: 'feature/x' }).result).toMatchObject({ after: there })
  expect(run(dest, 'symbolic-ref', '--short', 'HEAD')).toBe('feature/x')
  prove(git, { repo, dest, version: 'main' })
  expect(file()).toBe('one')
  // History that was rewritten is followed too.
  run(repo, 'checkout', '-q', 'main')
  run(repo, 'commit', '-q', '--amend', '-m', 'rewritten')
  prove(git, { repo, dest, version: 'main' })
  expect(run(dest, 'rev-parse', 'HEAD')).toBe(run(repo, 'rev-parse', 'main'))
})

it('leaves changed files alone unless it may throw them away', () => {
  commit('one')
  prove(git, { repo, dest })
  writeFileSync(join(dest, 'file'), 'mine')
  writeFileSync(join(dest, 'untracked'), 'mine')
  for (const check of [true, false]) expect(() => runLocally(git, { repo, dest }, { check })).toThrow(`Local modifications exist in the destination: ${dest} (force=no).`)
  expect(prove(git, { repo, dest, force: true }).result).toMatchObject({ changed: true })
  expect(file()).toBe('one')
  expect(existsSync(join(dest, 'untracked'))).toBe(true)
})

it('takes a shallow clone to another branch and another commit', () => {
  commit('one')
  commit('two')
  run(repo, 'branch', 'other', 'HEAD~1')
  prove(git, { repo, dest, depth: 1, version: 'main' })
  expect(run(dest, 'rev-list', '--count', 'HEAD')).toBe('1')
  prove(git, { repo, dest, depth: 1, version: 'other' })
  expect(file()).toBe('one')
  commit('three')
  prove(git, { repo, dest, depth: 1, version: 'main' })
  expect(file()).toBe('three')
})

it('keeps a bare repository, another name of the remote, and a git folder elsewhere', () => {
  commit('one')
  prove(git, { repo, dest, bare: true, remote: 'upstream' })
  const second = commit('two')
  prove(git, { repo, dest, bare: true, remote: 'upstream' })
  expect(run(dest, 'rev-parse', 'main')).toBe(second)
  dest = join(folder, 'separate')
  prove(git, { repo, dest, remote: 'upstream', separate_git_dir: join(folder, 'git') })
  expect(statSync(join(dest, '.git')).isFile()).toBe(true)
  expect(run(dest, 'remote')).toBe('upstream')
})

it('updates not when told so, and clones not when told so', () => {
  const first = commit('one')
  expect(runLocally(git, { repo, clone: false }).result).toEqual({ before: null, after: first, changed: true })
  expect(runLocally(git, { repo, dest, clone: false }).changes).toEqual([])
  prove(git, { repo, dest })
  commit('two')
  expect(runLocally(git, { repo, dest, update: false }).result).toEqual({ before: first, after: first, changed: false })
})

it('follows a remote that has moved', () => {
  commit('one')
  prove(git, { repo, dest })
  run(folder, 'clone', '-q', '--bare', repo, join(folder, 'moved'))
  const { result } = prove(git, { repo: join(folder, 'moved'), dest })
  expect(result).toMatchObject({ changed: true, remote_url_changed: true })
})

it('packs the version as an archive beside it, anew when that is gone or old', () => {
  commit('one')
  const archive = join(folder, 'packed.tar.gz')
  const args = { repo, dest, archive, archive_prefix: 'site/' }
  expect(prove(git, args).summaries).toEqual([`clone file://${repo} to ${dest}, packed as ${archive}`])
  const names = (): string => execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' })
  expect(names()).toBe('site/\nsite/file\n')
  commit('two')
  expect(prove(git, args).result).toMatchObject({ changed: true })
  expect(execFileSync('tar', ['-xzOf', archive, 'site/file'], { encoding: 'utf8' })).toBe('two')
  writeFileSync(archive, 'something else')
  expect(prove(git, args).result).toMatchObject({ changed: true, before: run(dest, 'rev-parse', 'HEAD') })
  rmSync(archive)
  expect(prove(git, { ...args, update: false }).summaries).toEqual([`pack ${dest} as ${archive}`])
  writeFileSync(join(folder, 'beside'), '')
  expect(statSync(archive).mode).toBe(statSync(join(folder, 'beside')).mode)
})

it('makes an archive only of a kind that its name says', () => {
  commit('one')
  expect(() => prove(git, { repo, dest, archive: join(folder, 'packed.rar') })).toThrow('Unable to get file extension from archive file name')
  expect(() => prove(git, { repo, dest, archive_prefix: 'site/' })).toThrow("missing parameter(s) required by 'archive_prefix': archive")
  expect(existsSync(dest)).toBe(false)
})

it('tells what git said of a remote that cannot be read', () => {
  expect(() => prove(git, { repo: join(folder, 'nowhere'), dest })).toThrow('cannot be read')
  expect(planWith(git, { repo: '/nowhere', dest: '/srv/x' }, { checkout: { stdout: 'path /srv/x\n', code: 0 }, remote: { stdout: 'fatal: no\n', code: 128 } })).toMatchObject({ result: { rc: 128, stdout: '', stderr: 'fatal: no' } })
})

it('brings submodules, unless told not to', () => {
  const library = join(folder, 'library')
  run(folder, 'clone', '-q', repo, library)
  writeFileSync(join(library, 'code'), '1')
  run(library, 'add', '.')
  run(library, 'commit', '-qm', 'code')
  commit('one')
  run(repo, 'submodule', '--quiet', 'add', library, 'lib')
  run(repo, 'commit', '-qm', 'with a library')
  vi.stubEnv('GIT_ALLOW_PROTOCOL', 'file')
  prove(git, { repo, dest, recursive: false })
  expect(existsSync(join(dest, 'lib/code'))).toBe(false)
  expect(prove(git, { repo, dest }).result).toMatchObject({ changed: true, submodules_changed: true })
  expect(existsSync(join(dest, 'lib/code'))).toBe(true)
})

it('fails where the signature is not there, each time', () => {
  commit('one')
  const why = expect.stringContaining('Failed to verify GPG signature of commit/tag "main"') as string
  for (let run = 1; run <= 2; run++) expect(() => runLocally(git, { repo, dest, verify_commit: true, version: 'main' })).toThrow(expect.objectContaining({ why }))
})

it('honours the umask', () => {
  commit('one')
  prove(git, { repo, dest, umask: '0077' })
  expect(statSync(join(dest, 'file')).mode & 0o777).toBe(0o600)
})

it.each<[Record<string, Plain>, string]>([
  [{ dest: '/x' }, "missing required arguments: repo"],
  [{ repo: 'x' }, 'the destination directory must be specified unless clone=no'],
  [{ repo: 'x', dest: '/x', umask: '22z' }, "'umask' takes octal digits"],
  [{ repo: 'x', dest: '/x', version: '--upload-pack=x' }, 'is no version'],
  [{ repo: 'x', dest: '/x', bare: true, separate_git_dir: '/y' }, 'parameters are mutually exclusive'],
  [{ repo: '/nonexistent', dest: '/nonexistent/x' }, 'the remote file:///nonexistent cannot be read'],
  [{ repo: '/nonexistent', dest: '/nonexistent/x', executable: '/no/git' }, 'Failed to find required executable /no/git'],
])('%j is refused', (args, message) => expect(() => runLocally(git, args)).toThrow(message))

it('calls ssh with the key and the options that are given, and never asks', () => {
  const { changes } = planWith(git, { repo: 'git@h:r', dest: '/d', key_file: '/k e y', ssh_opts: '-p 22', accept_newhostkey: true }, { checkout: { code: 0, stdout: 'path /d\n' }, remote: { code: 0, stdout: `${'a'.repeat(40)}\tHEAD\n` } })
  expect(changes[0]!.steps[1]!.environment).toEqual({ GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: "ssh -o BatchMode=yes -i '/k e y' -o IdentitiesOnly=yes -p 22 -o StrictHostKeyChecking=accept-new" })
})
