/** Packages, keys and facts on a host of the Red Hat family: the distribution is simulated, dnf and rpm are not (lab/rocky.bash). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { ARMORED_KEY, KEY_FINGERPRINT, KEY_ID } from '../support/pgp-key.ts'
import { plonerun, type Finished } from '../support/plonerun.ts'

const host = labHost('redhat', { suite: 'rocky' })
const folder = mkdtempSync(join(tmpdir(), 'plonerun-redhat-'))
afterAll(() => rmSync(folder, { recursive: true }))

let plays = 0

async function play(tasks: readonly string[], ...args: readonly string[]): Promise<Finished> {
  writeFileSync(join(folder, 'hosts'), host.inventory)
  writeFileSync(join(folder, 'key.asc'), ARMORED_KEY)
  const file = join(folder, `${String(++plays)}.yml`)
  writeFileSync(file, `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`)
  return plonerun('run', file, '-i', join(folder, 'hosts'), '--output', 'lines', ...args)
}

/** Foreseen by check mode, done, and then as it should be. */
async function prove(...tasks: readonly string[]): Promise<void> {
  const counts = ({ output }: Finished): string => /ok=\d+ changed=\d+ failed=\d+/.exec(output)?.[0] ?? output
  const foreseen = counts(await play(tasks, '--check'))
  const done = counts(await play(tasks))
  expect(done).toMatch(/failed=0/)
  expect(done).not.toMatch(/changed=0/)
  expect(foreseen).toBe(done)
  for (const args of [['--check'], []]) expect(counts(await play(tasks, ...args))).toMatch(/changed=0 failed=0/)
}

test('the facts are those of the family', async () => {
  const facts = ['distribution', 'distribution_version', 'distribution_major_version', 'distribution_release', 'os_family', 'pkg_mgr', 'service_mgr'].map((name) => `{{ ansible_facts.${name} }}`)
  expect((await play([`setup:`, `debug: {msg: "facts ${facts.join(' ')}"}`])).output).toContain('facts Rocky 9.5 9 Blue Onyx RedHat dnf systemd')
})

test('packages: one, another version, the newest, with what they need, and gone', async () => {
  await prove('yum: {name: lab-hello-1.0, state: present}', 'ansible.builtin.package: {name: [httpd, webserver], state: present}')
  expect(await host.ssh('lab-hello; rpm -q httpd lab-words')).toBe('hello 1.0\nhttpd-2.4.62-4.el9.noarch\nlab-words-2.0-1.el9.noarch\n')
  await prove('dnf: {name: lab-hello, state: latest, update_cache: true}')
  expect(await host.ssh('lab-hello')).toBe('hello 2.0\n')
  expect((await play(['dnf: {name: lab-hello-1.0}'])).output).toMatch(/changed=0 failed=0/)
  await prove('dnf: {name: lab-hello-1.0, allow_downgrade: true}')
  expect(await host.ssh('lab-hello')).toBe('hello 1.0\n')
  await prove('dnf: {name: lab-hello, state: absent, autoremove: true}')
  expect(await host.ssh('rpm -q lab-hello lab-words || true')).toBe('package lab-hello is not installed\npackage lab-words is not installed\n')
})

test('a package of a file, which is there then, also for check mode', async () => {
  await host.ssh('cp "$(find /srv/repository -name "lab-words-*.rpm" | sort | tail -1)" /root/words.rpm')
  expect((await play(['dnf: {name: /root/words.rpm}'])).output).toContain('is not signed')
  await prove('dnf: {name: /root/words.rpm, disable_gpg_check: true}')
  await prove('dnf: {name: lab-words, state: absent}')
})

test('what a package needed stays, until what nothing needs is to go; patterns, repositories that do not exist, and lists', async () => {
  await prove('dnf: {name: "lab-h*", enablerepo: nosuch}')
  await prove('dnf: {name: "lab-h*", state: absent}')
  expect(await host.ssh('rpm -q lab-words')).toBe('lab-words-2.0-1.el9.noarch\n')
  await prove('dnf: {autoremove: true}')
  expect((await play(['dnf: {list: "lab-*"}', 'dnf: {name: nosuch}'], '-v')).output).toMatch(/0:lab-words-2.0-1.el9.noarch[^]*Failed to install some of the specified packages: No package nosuch available\./)
})

test('keys are trusted, by file and by fingerprint, and no longer', async () => {
  await prove('copy: {src: key.asc, dest: /etc/pki-key}', `rpm_key: {key: /etc/pki-key, fingerprint: "${KEY_FINGERPRINT}"}`)
  expect((await host.ssh('rpm -q gpg-pubkey')).toUpperCase()).toContain(KEY_ID.slice(-8))
  expect((await play([`rpm_key: {key: /etc/pki-key, fingerprint: "${'0'.repeat(40)}"}`])).output).toMatch(/changed=0 failed=0/)
  await prove(`rpm_key: {key: "${KEY_ID}", state: absent}`)
  expect((await play([`rpm_key: {key: /etc/pki-key, fingerprint: "${'0'.repeat(40)}"}`])).output).toContain('does not match any key fingerprints')
})
