import { expect, it } from 'vitest'
import { deb822Repository } from '../../../../src/modules/repositories/deb822_repository.ts'
import { planWith, resultWith } from '../../../support/drive.ts'
import { ARMORED_KEY } from '../../../support/pgp-key.ts'
import type { Plain } from '../../../../src/values/value.ts'

const missing = (path: string): Record<string, unknown> => ({ exists: false, path, realPath: path, umask: 0o22 })
const SOURCES = '/etc/apt/sources.list.d/my-repo.sources'
const BASE = { name: 'My_Repo!', uris: 'https://x.org/debian', suites: ['trixie', 'trixie-updates'] }
const state = { 'sources entry': missing(SOURCES), 'sources content': { bytes: null, why: 'missing' } }

function texts(args: Record<string, Plain>, extra: Record<string, unknown> = {}): { files: (string | undefined)[]; summaries: string[] } {
  const { changes } = planWith(deb822Repository, args, { ...state, ...extra })
  return { files: changes.map(({ steps }) => (steps[0]!.stdin === undefined ? undefined : Buffer.from(steps[0]!.stdin).toString())), summaries: changes.map(({ summary }) => summary) }
}

it('writes a field for each option, by their names', () => {
  const { files, summaries } = texts({ ...BASE, components: 'main,contrib', architectures: ['amd64'], enabled: true, allow_insecure: false, by_hash: false, date_max_future: 10, types: ['deb', 'deb-src'] })
  expect(files).toEqual(['Allow-Insecure: no\nArchitectures: amd64\nBy-Hash: no\nComponents: main contrib\nDate-Max-Future: 10\nEnabled: yes\nX-Repolib-Name: My_Repo!\nSuites: trixie trixie-updates\nTypes: deb deb-src\nURIs: https://x.org/debian\n'])
  expect(summaries).toEqual([`${SOURCES}: new file, mode 0644`])
})

it('takes a key as it is: its text, its file, or fingerprints', () => {
  expect(texts({ ...BASE, signed_by: '-----BEGIN\n\nab\n-----END\n' }).files[0]).toContain('Signed-By:\n    -----BEGIN\n    .\n    ab\n    -----END\nSuites:')
  expect(texts({ ...BASE, signed_by: '/usr/share/keyrings/x.gpg' }, { key: { ...missing('/x'), exists: true, type: 'file' } }).files[0]).toContain('Signed-By: /usr/share/keyrings/x.gpg\n')
  expect(texts({ ...BASE, signed_by: 'ABCDEF' }, { key: missing('ABCDEF') }).files[0]).toContain('Signed-By: ABCDEF\n')
})

it('keeps a key that it fetched beside the others', () => {
  const file = '/etc/apt/keyrings/my-repo.asc'
  const fetched = { code: 0, stdout: Buffer.from(ARMORED_KEY).toString('base64') }
  const { files, summaries } = texts({ ...BASE, signed_by: 'https://x.org/key' }, { fetched, keyrings: missing('/etc/apt/keyrings'), 'keyfile entry': missing(file), 'keyfile content': { bytes: null, why: 'missing' } })
  expect(summaries).toEqual(['/etc/apt/keyrings: new folder', `${file}: new file, mode 0644`, `${SOURCES}: new file, mode 0644`])
  expect(files[1]).toBe(ARMORED_KEY)
  expect(files[2]).toContain(`Signed-By: ${file}\n`)
  expect(planWith(deb822Repository, { ...BASE, signed_by: 'https://x.org/key' }, { ...state, fetched: { code: 100, stdout: 'E: 404' } }).fail).toBe('Could not fetch signed_by key: E: 404')
})

it('removes the file and its keys', () => {
  const there = (path: string): Record<string, unknown> => ({ ...missing(path), exists: true, type: 'file' })
  const { summaries } = texts({ name: 'my-repo', state: 'absent' }, { 'sources entry': there(SOURCES), 'asc entry': missing('/a'), 'gpg entry': there('/etc/apt/keyrings/my-repo.gpg') })
  expect(summaries).toEqual([`${SOURCES}: removed`, '/etc/apt/keyrings/my-repo.gpg: removed'])
})

it('tells what the file is like afterwards', () => {
  const entry = { exists: true, path: '/etc/apt/sources.list.d/x.sources', type: 'file', links: 1, uid: 0, gid: 0, owner: 'root', group: 'root', mode: 0o644, size: 9 }
  expect(resultWith(deb822Repository, { name: 'x', uris: 'http://x', suites: 's/' }, {}, { changed: true, after: { 'sources entry': entry } })).toMatchObject({ dest: entry.path, state: 'file', mode: '0644', owner: 'root', size: 9 })
  expect(resultWith(deb822Repository, { name: 'x', state: 'absent' }, { 'sources entry': { exists: false } })).toEqual({ repo: null, dest: '/etc/apt/sources.list.d/x.sources', key_filename: '/etc/apt/keyrings/x.gpg' })
})
