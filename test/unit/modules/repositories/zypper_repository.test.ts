/** zypper, which no host of the tests has: the exact commands. */
import { expect, it } from 'vitest'
import { zypperRepository } from '../../../../src/modules/repositories/zypper_repository.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planWith, resultWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })
const repo = (alias: string, url: string, more = ''): string => `<repo alias="${alias}" name="${alias}" type="rpm-md" priority="99" enabled="1" autorefresh="1" gpgcheck="1" ${more}><url>${url}</url></repo>\n`
const host = (...repositories: readonly string[]): Record<string, unknown> => ({ repositories: said(`<?xml version='1.0'?>\n<stream><repo-list>\n${repositories.join('')}</repo-list></stream>`), system: said('15.5 x86_64') })

const FILE = '[nginx]\nname=nginx repo\nbaseurl=https://nginx.example/sles/15\ngpgcheck=1\ngpgkey=https://nginx.example/key\nenabled=1\n'
const NGINX = { name: 'nginx', repo: 'https://nginx.example/sles/15' }

it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  ['a new one', { ...NGINX, description: 'nginx repo', priority: 90 }, host(), ['addrepo --check --name nginx repo --priority 90 --gpgcheck --refresh https://nginx.example/sles/15 nginx']],
  ['as it is', NGINX, host(repo('nginx', 'https://nginx.example/sles/15/')), []],
  ['as it is, by what the host is', { name: 'a', repo: 'https://x/$releasever/$basearch' }, host(repo('a', 'https://x/15.5/x86_64')), []],
  ['another url', NGINX, host(repo('nginx', 'https://old.example')), ['removerepo https://old.example', 'addrepo --check --gpgcheck --refresh https://nginx.example/sles/15 nginx']],
  ['switched off, unchecked', { ...NGINX, enabled: false, disable_gpg_check: true, autorefresh: false }, host(), ['addrepo --check --disable --no-gpgcheck https://nginx.example/sles/15 nginx']],
  ['several, which may be replaced', { ...NGINX, overwrite_multiple: true }, host(repo('nginx', 'https://a'), repo('other', NGINX.repo)), ['removerepo https://a', `removerepo ${NGINX.repo}`, 'addrepo --check --gpgcheck --refresh https://nginx.example/sles/15 nginx']],
  ['several', NGINX, host(repo('nginx', 'https://a'), repo('other', NGINX.repo)), ['fail: More than one repo matched "nginx": nginx, other. Use overwrite_multiple to allow more than one repo to be overwritten']],
  ['removed', { name: 'nginx', state: 'absent' }, host(repo('nginx', 'https://a')), ['removerepo nginx']],
  ['none to remove', { name: 'nginx', state: 'absent' }, host(), []],
  ['none at all', NGINX, { ...host(), repositories: said('', 6) }, ['addrepo --check --gpgcheck --refresh https://nginx.example/sles/15 nginx']],
  ['trusted', { ...NGINX, auto_import_keys: true }, host(), ['addrepo --check --gpgcheck --refresh https://nginx.example/sles/15 nginx', '--gpg-auto-import-keys refresh --force -r nginx']],
  ['fetched', { ...NGINX, runrefresh: true }, host(repo('nginx', NGINX.repo)), ['refresh --force -r nginx']],
  ['all fetched', { repo: '*', runrefresh: true }, host(), ['refresh --force']],
  ['a .repo file', { repo: '/root/nginx.repo' }, { ...host(), file: { bytes: Buffer.from(FILE) } }, ['addrepo --check --name nginx repo --gpgcheck --refresh https://nginx.example/sles/15 nginx', '--gpg-auto-import-keys refresh --force -r nginx']],
  ['no .repo file', { repo: '/root/nginx.repo' }, { ...host(), file: { bytes: null, why: 'missing' } }, ['fail: /root/nginx.repo is no .repo file of one repository with a baseurl']],
  ['a .repo file of the web', { repo: 'https://x/nginx.repo' }, { ...host(), fetched: said(Buffer.from(FILE.replace(/^gpgkey.*\n/m, '')).toString('base64')) }, ['addrepo --check --name nginx repo --gpgcheck --refresh https://nginx.example/sles/15 nginx']],
  ['none there', { repo: 'https://x/nginx.repo' }, { ...host(), fetched: said('E: 404', 100) }, ['fail: https://x/nginx.repo is no .repo file of one repository with a baseurl']],
  ['no zypper', NGINX, { ...host(), repositories: said('', 127) }, ['fail: zypper was not found on the host']],
])('%s', (_, args, state, wanted) => {
  const { changes, fail } = planWith(zypperRepository, args, state)
  expect(fail === undefined ? changes.flatMap(({ steps }) => steps.map(({ argv }) => argv.slice(3).join(' '))) : [`fail: ${fail}`]).toEqual(wanted)
})

it('fetching alone is no change', () => {
  expect(resultWith(zypperRepository, { ...NGINX, runrefresh: true }, host(repo('nginx', NGINX.repo)), { changed: true })).toMatchObject({ changed: false, state: 'present', repodata: { alias: 'nginx', url: NGINX.repo } })
})

it.each<[Record<string, Plain>, string]>([
  [{ name: 'x' }, 'state=present requires repo'],
  [{ repo: 'https://x' }, 'Name required when adding non-repo files.'],
  [{ name: 'x', repo: 'https://x/y.repo' }, "Incompatible option: 'name'"],
  [{ repo: '*' }, 'repo=* can only be used with the runrefresh option.'],
  [{ state: 'absent' }, 'Alias or repo parameter required when state=absent'],
])('%j is refused', (args, message) => expect(() => planWith(zypperRepository, args, host())).toThrow(message))
