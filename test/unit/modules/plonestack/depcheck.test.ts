import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findProblems } from '../../../../src/modules/plonestack/depcheck-problems.ts'
import { lookScript } from '../../../../src/modules/plonestack/depcheck-script.ts'
import { deriveSites, type Site } from '../../../../src/plonestack/sites.ts'
import { fromPlain } from '../../../../src/values/convert.ts'
import type { Plain } from '../../../../src/values/value.ts'

const folder = mkdtempSync(join(tmpdir(), 'plonerun-depcheck-'))
afterAll(() => rmSync(folder, { recursive: true }))

function site(more: object = {}): Site {
  const given = { name: 'demo', domain: 'demo.example', plone: '6.2.2', admin_password: 'x', user: 'plonerun-nobody', home: join(folder, 'demo'), ...more } as Plain
  const estate = { host: 'web1', hosts: ['web1'], addressOf: (host: string) => host, elsewhere: [] }
  const lists = { stacks: [{ version: '1.2.0', root: '/stack', changelog: '/stack/CHANGELOG.md' }], read: () => '' }
  return deriveSites(fromPlain([given]), { release: 'trixie', estate }, lists)[0]!
}

/** What this machine says, without its process 1, which need not be systemd. */
function look(...sites: readonly Site[]): string {
  return execFileSync('/bin/sh', ['-c', lookScript(sites)], { encoding: 'utf8' }).replace(/^init\t.*\n/m, '')
}

function problems(more: object = {}): readonly string[] {
  const known = site(more)
  return findProblems([known], look(known))
}

test('a box that has all', () => {
  expect(problems()).toEqual([])
})

test('a port that somebody listens on, by version 6 of the protocol too', async () => {
  const server = createServer().listen(0, '::1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  expect(problems({ baseport: port - 1 })).toEqual([expect.stringMatching(new RegExp(`^port ${port}, which is to be zope1 of demo, is taken by \\S+ \\(process ${process.pid}\\)$`))])
  server.close()
})

test('an account that is somebody else\'s', () => {
  expect(problems({ user: 'root' })).toEqual(["demo: the account root is somebody else's (id 0, home /root); 'user:' names another"])
})

test('a Python that is none, and one of another version', () => {
  expect(problems({ python: '3.12', interpreter: '/opt/no/python' })).toEqual(['demo: /opt/no/python is not there'])
  const other = join(folder, 'python')
  writeFileSync(other, '#!/bin/sh\necho 3.9\n', { mode: 0o755 })
  expect(problems({ python: '3.12', interpreter: other })).toEqual([`demo: ${other} is Python 3.9, and not 3.12`])
})

test('a file where a folder shall be', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(problems({ home: join(folder, 'file/site') })).toEqual(expect.arrayContaining([`the folder ${folder}/file/site cannot be made: ${folder}/file is a file`]))
})

test('packages that are there need no space again', () => {
  const known = site()
  expect(look(known)).not.toContain('packages')
  mkdirSync(known.venv, { recursive: true })
  writeFileSync(join(known.venv, '.complete'), '')
  expect(look(known)).toContain(`packages\t${known.venv}\t`)
})

const GOOD = 'init\tsystemd\nmemory\t4000\n'

test.each<[string, object, string, readonly string[]]>([
  ['no systemd', {}, 'init\tinit\nmemory\t4000\n', ['process 1 of the box is init, and sites are units of systemd']],
  ['little memory', { numzopes: 9, varnish: { storage: '2G' } }, GOOD, ['demo: about 4368 MB of memory are needed, and the box has 4000']],
  ['a full disk', {}, `${GOOD}space\t/srv/demo\t900\t/dev/sda1\t/\t\nspace\t/srv/demo/backups\t900\t/dev/sda1\t/\t\n`, ['/ has 900 MB of free space, and the deploy needs about 1600']],
  ['a locale and a time zone', { locale: 'xx_XX.UTF-8', tz: 'Europe/Nowhere' }, `${GOOD}locale\txx_XX.UTF-8\ntz\tEurope/Nowhere\n`, ['demo: the box knows no locale xx_XX.UTF-8', 'demo: the box knows no time zone Europe/Nowhere']],
  ['ports of its own', {}, `${GOOD}port\t8080\t7\tpython3\t0::/system.slice/system-demo.slice/demo-zope@zope0.service \nport\t8076\t8\tapache2\t0::/system.slice/apache2.service \n`, []],
  ['all of it at once', { locale: 'xx_XX.UTF-8' }, 'init\tinit\nmemory\t10\nlocale\txx_XX.UTF-8\n', [expect.stringContaining('process 1') as string, expect.stringContaining('memory') as string, expect.stringContaining('locale') as string]],
])('%s', (_, more, printed, expected) => {
  expect(findProblems([site({ home: '/srv/demo', ...more })], printed)).toEqual(expected)
})
