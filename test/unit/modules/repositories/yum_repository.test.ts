import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { parseRepoFile, printRepoFile } from '../../../../src/modules/repositories/repo-file.ts'
import { yumRepository } from '../../../../src/modules/repositories/yum_repository.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { prove, runLocally } from '../../../support/local-host.ts'

let folder: string
beforeEach(() => void (folder = temporaryFolder()))
const content = (name: string): string => readFileSync(join(folder, name), 'utf8')

it('writes the options in the order of their names, as configparser does', () => {
  const { result, summaries } = prove(yumRepository, {
    name: 'epel', description: 'EPEL', baseurl: ['https://a/', 'https://b/'], gpgkey: 'https://k', gpgcheck: true, enabled: 'no', exclude: ['kernel*', 'x'], priority: 5, reposdir: folder, mode: '0640', ca_cert: '/ca',
  })
  expect(content('epel.repo')).toBe('[epel]\nbaseurl = https://a/\n\thttps://b/\nenabled = 0\nexclude = kernel* x\ngpgcheck = 1\ngpgkey = https://k\nname = EPEL\npriority = 5\nsslcacert = /ca\n\n')
  expect(statSync(join(folder, 'epel.repo')).mode & 0o777).toBe(0o640)
  expect(result).toEqual({ repo: 'epel', state: 'present' })
  expect(summaries).toEqual([`repository epel: ${folder}/epel.repo: new file, mode 0640`])
})

it('replaces one section of a file and leaves the others', () => {
  writeFileSync(join(folder, 'all.repo'), '# comment\n[a]\nName=A\nbaseurl=http://a\n  http://a2\n\n[b]\nname: B\nbaseurl = http://b\n')
  prove(yumRepository, { name: 'a', file: 'all', description: 'A', baseurl: ['http://a', 'http://a2'], reposdir: folder })
  expect(content('all.repo')).toContain('# comment')
  prove(yumRepository, { name: 'a', file: 'all', description: 'A', baseurl: 'http://new', reposdir: folder })
  expect(content('all.repo')).toBe('[b]\nname = B\nbaseurl = http://b\n\n[a]\nbaseurl = http://new\nname = A\n\n')
  prove(yumRepository, { name: 'a', file: 'all', state: 'absent', reposdir: folder })
  expect(content('all.repo')).toBe('[b]\nname = B\nbaseurl = http://b\n\n')
})

it('removes a file that has no section any more', () => {
  writeFileSync(join(folder, 'a.repo'), '[a]\nname = A\n')
  prove(yumRepository, { name: 'a', state: 'absent', reposdir: folder })
  expect(() => content('a.repo')).toThrow('ENOENT')
  expect(runLocally(yumRepository, { name: 'a', state: 'absent', reposdir: folder }).changes).toEqual([])
})

it('sets the mode alone when the rest is right', () => {
  prove(yumRepository, { name: 'a', description: 'A', mirrorlist: 'x', reposdir: folder, mode: '0644' })
  expect(prove(yumRepository, { name: 'a', description: 'A', mirrorlist: 'x', reposdir: folder, mode: '0600' }).summaries).toEqual([`repository a: ${folder}/a.repo: mode 0644 -> 0600`])
})

it('shows no diff that would hold a password', () => {
  const secret = { name: 'a', description: 'A', baseurl: 'http://x', username: 'u', password: 'p', reposdir: folder }
  expect(runLocally(yumRepository, secret, { check: true }).changes[0]!.diff).toBeUndefined()
})

it.each([
  [{ name: 'a', description: 'A' }, 'any of the following are missing: baseurl, mirrorlist, metalink'],
  [{ name: 'a', baseurl: 'x' }, 'all of the following are missing: description'],
  [{ name: 'a', description: 'A', baseurl: 'x', reposdir: '/nonexistent' }, "Repo directory '/nonexistent' does not exist."],
  [{ name: 'a', baseurls: 'x' }, 'Unsupported parameters for (yum_repository) module: baseurls'],
])('%j is refused', (args, message) => expect(() => runLocally(yumRepository, args)).toThrow(message))

it('reads values over several lines, comments, and both signs', () => {
  const text = '[a b]\nX = 1\n  2\n\n; c\ny:z=1\nempty =\n'
  expect(printRepoFile(parseRepoFile(text))).toBe('[a b]\nx = 1\n\t2\ny = z=1\nempty = \n\n')
})
