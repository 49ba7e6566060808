/** Roles of the debops package: what plonerun leaves behind is what ansible-playbook does (test/roles/compare.mjs). */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { packageFiles } from '../conformance/packages.ts'
import { lab } from '../support/lab-command.ts'
import { plonerun } from '../support/plonerun.ts'

const root = join(import.meta.dirname, '../..')
let unable: string | undefined
let roles = ''

beforeAll(async () => {
  unable = await lab('check').then(() => undefined, (error: unknown) => (error as Error).message)
  if (unable !== undefined && process.env['CI'] !== undefined) throw new Error(unable)
  // The launcher builds plonerun when its sources have changed.
  await plonerun('--version')
  roles = join(await packageFiles('debops'), 'debops/_data/ansible/collections/ansible_collections/debops/debops/roles')
})

test('atd, memcached, tftpd and environment leave the same behind', async ({ skip }) => {
  skip(unable !== undefined, unable)
  const compare = ['test/roles/compare.mjs', roles, 'test/roles/plays/debops.yml']
  const { stdout } = await promisify(execFile)(process.execPath, compare, { cwd: root, maxBuffer: 1e8 }).catch((error: unknown) => error as { readonly stdout: string })
  expect(stdout).toMatch(/^alike {2}debops {2}/m)
})
