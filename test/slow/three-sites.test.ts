/** A deploy that has nothing to do, on a box with three sites of three Zopes each. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { plonerun, type Finished } from '../support/plonerun.ts'
import { visit } from '../support/visit.ts'

const box = labHost('three')
const inventory = mkdtempSync(join(tmpdir(), 'three-sites-'))
afterAll(() => rmSync(inventory, { recursive: true }))

const NAMES = ['red', 'green', 'blue'] as const
const deploy = (...args: readonly string[]): Promise<Finished> => plonerun('deploy', inventory, '--output', 'lines', '--stats', ...args)

beforeAll(async () => {
  const sites = NAMES.map((name, index) => ({ name, domain: `${name}.example.org`, plone: '6.2.2', title: name, admin_password: 'geheim', baseport: 8080 + 20 * index }))
  mkdirSync(join(inventory, 'group_vars'))
  writeFileSync(join(inventory, 'hosts'), `[plone]\n${box.inventory}`)
  writeFileSync(join(inventory, 'group_vars/plone.yml'), JSON.stringify({ sites }))
  const { output } = await deploy()
  expect(output).toMatch(/failed=0/)
}, 1_200_000)

test('each answers at its own name', async () => {
  for (const name of NAMES) expect((await visit(box, '/', { host: `${name}.example.org` })).body).toContain(`<title>${name}</title>`)
})

/** No command is run, and the longest chain of tasks of which each needs the registered result of the one before is two: which Zopes run what is configured, and a cycle of the others. */
const MOST_ROUND_TRIPS = 2 + 0 + 2

test.each([[[]], [['--check']]])('nothing changes (%j): a few round trips, and migrate is not started', async (args) => {
  const migrated = (): Promise<string> => box.ssh('stat -c "%n %y" /srv/*/var/migrated-* /srv/*/backups/*')
  const before = await migrated()
  const { code, output } = await deploy(...args)
  expect(code).toBe(0)
  expect(output).toMatch(/ changed=0 /)
  expect(Number(/(\d+) round trips/.exec(output)?.[1])).toBeLessThanOrEqual(MOST_ROUND_TRIPS)
  expect(await migrated()).toBe(before)
})
