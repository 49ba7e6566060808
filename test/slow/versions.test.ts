/** A deployment repository that pins plonerun and the plonestack as packages, and a site that moves to a newer Plone, a newer stack and back. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { labHost } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'
import { runToEnd, type Finished } from '../support/plonerun.ts'

// Each Plone is compiled to byte code on the host.
vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 1_200_000 })

const box = labHost('versions')
const site = ploneSite(box, { plone: '6.1.5', numzopes: 2 })
const repository = mkdtempSync(join(tmpdir(), 'deployment-'))
afterAll(() => rmSync(repository, { recursive: true }))

const clone = join(import.meta.dirname, '../..')
const inRepository = (program: string, ...args: readonly string[]): Promise<string> => promisify(execFile)(program, args, { cwd: repository }).then(({ stdout }) => stdout.trim())

/** What the deployment repository has installed brings the site about. */
function deploy(definition: object = {}): Promise<Finished> {
  site.define(definition)
  return runToEnd(join(repository, 'node_modules/.bin/plonerun'), ['deploy', site.inventory, '--output', 'lines'], repository)
}

const deployed = async (): Promise<unknown> => JSON.parse(await box.ssh('cat /srv/demo/etc/deployed.json'))

/** Packs the stack as of this clone, and the same as a version of the future. */
async function packStacks(): Promise<{ readonly now: string; readonly next: string }> {
  await promisify(execFile)('npm', ['run', 'stack'], { cwd: clone })
  const { version } = JSON.parse(readFileSync(join(clone, 'stack/package.json'), 'utf8')) as { readonly version: string }
  const now = join(clone, `dist/plonestack-${version}.tgz`)
  const folder = join(repository, 'next')
  mkdirSync(folder)
  await inRepository('tar', '-xzf', now, '-C', folder)
  const file = join(folder, 'package/package.json')
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), version: '9.0.0' }))
  writeFileSync(join(folder, 'package/CHANGELOG.md'), '# Changes\n\n## 9.0.0\n\nPages are blue.\n')
  return { now, next: join(repository, await inRepository('npm', 'pack', '--silent', join(folder, 'package'))) }
}

let stacks: Awaited<ReturnType<typeof packStacks>>
let first: Finished
beforeAll(async () => {
  stacks = await packStacks()
  writeFileSync(join(repository, 'package.json'), '{"private": true}')
  // The launcher has built what is packed.
  const plonerun = await promisify(execFile)('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', repository], { cwd: clone })
  await inRepository('npm', 'install', '--no-audit', '--no-fund', `./${plonerun.stdout.trim()}`, stacks.now)
  first = await deploy()
})

test('a site comes about from packages that npm installed', async () => {
  expect(first.output).toMatch(/failed=0/)
  expect(first.code).toBe(0)
  expect((await site.visit()).status).toBe(200)
  const { version } = JSON.parse(readFileSync(join(repository, 'node_modules/plonestack/package.json'), 'utf8')) as { readonly version: string }
  expect(await deployed()).toMatchObject({ stack: version, plone: '6.1.5' })
  expect((await deploy()).output).toMatch(/ changed=0 /)
})

test('another Plone: a backup, the migration of Plone, and the site serves', async () => {
  await site.api('POST', '/', { '@type': 'Document', id: 'page', title: 'page', description: 'of 6.1' })
  const versions = 'print(*portal.portal_migration.coreVersions()["Plone"].split()[:1], portal.portal_migration.needUpgrading())'
  expect(await site.zopeU(versions)).toBe('6.1.5 False\n')
  const before = (await site.verb('restore', '--list')).output.match(/deploy/g)?.length ?? 0
  const { code, output } = await deploy({ plone: '6.2.2' })
  expect(output).toMatch(/failed=0/)
  expect(code).toBe(0)
  expect(await site.zopeU(versions)).toBe('6.2.2 False\n')
  expect((await site.verb('restore', '--list')).output.match(/deploy/g)).toHaveLength(before + 1)
  expect((await site.visit()).status).toBe(200)
  expect(JSON.parse((await site.api('GET', '/page')).body)).toMatchObject({ description: 'of 6.1' })
  expect(await deployed()).toMatchObject({ plone: '6.2.2' })
  expect((await deploy({ plone: '6.2.2' })).output).toMatch(/ changed=0 /)
})

test('a newer stack says what is new, an older one that it goes back; both are recorded', async () => {
  const now = ((await deployed()) as { readonly stack: string }).stack
  await inRepository('npm', 'install', '--no-audit', '--no-fund', stacks.next)
  const newer = await deploy({ plone: '6.2.2' })
  expect(newer.output).toMatch(new RegExp(`demo +plonestack ${now} -> 9\\.0\\.0[^]*Pages are blue`))
  expect(newer.code).toBe(0)
  expect(await deployed()).toMatchObject({ stack: '9.0.0' })
  expect((await site.verb('sites')).output).toContain(`9.0.0 -> ${now}`)
  await inRepository('npm', 'install', '--no-audit', '--no-fund', stacks.now)
  const older = await deploy({ plone: '6.2.2' })
  expect(older.output).toContain(`plonestack 9.0.0 -> ${now}, which is older`)
  expect(await deployed()).toMatchObject({ stack: now })
  expect((await deploy({ plone: '6.2.2' })).output).not.toContain('plonestack 9.0.0')
})

test('one more stack beside it is for the site that asks for it', async () => {
  await inRepository('npm', 'install', '--no-audit', '--no-fund', `plonestack-9@file:${stacks.next}`)
  expect((await deploy({ plone: '6.2.2', stack: '9' })).code).toBe(0)
  expect(await deployed()).toMatchObject({ stack: '9.0.0' })
  const { code, output } = await deploy({ plone: '6.2.2', stack: '8' })
  expect(code).toBe(2)
  expect(output).toMatch(/site 'demo': there is no plonestack 8/)
})
