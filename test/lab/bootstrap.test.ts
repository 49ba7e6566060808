/** Bare machines become ones that deploys can manage, of Debian and of the Red Hat family (simulated, lab/rocky.bash). */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { labHost, type LabHost } from '../support/lab.ts'
import { plonerun } from '../support/plonerun.ts'

const debian = labHost('bare')
const redhat = labHost('bare-redhat', { suite: 'rocky' })
const folder = mkdtempSync(join(tmpdir(), 'plonerun-bootstrap-'))
const key = join(folder, 'key')
const knownHosts = join(folder, 'known_hosts')
afterAll(() => rmSync(folder, { recursive: true }))

beforeAll(async () => {
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'me', '-f', key])
  writeFileSync(knownHosts, '')
  // As Debian installs itself for who gives root a password.
  await debian.ssh('SUDO_FORCE_REMOVE=yes apt-get purge --quiet --quiet --yes sudo >/dev/null')
})

async function bootstrap(host: LabHost, ...args: readonly string[]): Promise<string> {
  const keys = JSON.stringify({ bootstrap_keys: [readFileSync(`${key}.pub`, 'utf8').trim()] })
  const { output } = await plonerun('bootstrap', `root@${host.address}`, '--private-key', host.keyFile, '--ssh-common-args', `-o UserKnownHostsFile=${knownHosts}`, '-e', keys, '--output', 'lines', ...args)
  return /ok=\d+ changed=\d+ failed=\d+/.exec(output)?.[0] ?? output
}

test.each([
  ['Debian', debian],
  ['Red Hat', redhat],
])('%s: foreseen, done, and then as it should be', async (_, host) => {
  const foreseen = await bootstrap(host, '--check')
  expect(foreseen).toMatch(/changed=[1-9]\d* failed=0/)
  expect(await bootstrap(host)).toBe(foreseen)
  expect(await bootstrap(host)).toMatch(/changed=0 failed=0/)
  writeFileSync(join(folder, 'hosts'), `${host.address} ansible_user=deploy ansible_ssh_private_key_file=${key} ansible_ssh_common_args='-o UserKnownHostsFile=${knownHosts}'\n`)
  const { output } = await plonerun('exec', 'all', '-i', join(folder, 'hosts'), '--become', '-a', 'id -un')
  expect(output).toMatch(/stdout: root$/m)
})
