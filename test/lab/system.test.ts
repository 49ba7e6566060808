/** Packages, services, accounts and cron on a real host: foreseen by check mode, done once, and then as they should be. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { plonerun, type Finished } from '../support/plonerun.ts'

const host = labHost('system')
const folder = mkdtempSync(join(tmpdir(), 'plonerun-system-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function play(tasks: string, ...args: readonly string[]): Promise<Finished> {
  writeFileSync(join(folder, 'hosts'), host.inventory)
  writeFileSync(join(folder, 'play.yml'), `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`)
  return plonerun('run', join(folder, 'play.yml'), '-i', join(folder, 'hosts'), '--output', 'lines', '--stats', ...args)
}

const SITE = `
    - name: lists
      apt: {update_cache: true, cache_valid_time: 3600}
    - name: packages
      apt: {name: [hello, cron, "bash>=5"], install_recommends: false}
    - name: group
      group: {name: zope, gid: 1500, system: true}
    - name: user
      user: {name: zope, uid: 1500, group: zope, groups: [adm], home: /srv/zope, shell: /bin/bash, comment: Zope, password: "$6$salt$hash"}
    - name: another user
      user: {name: wsgi}
      register: made
    - name: known at once
      assert: {that: [made.uid > 0, made.group > 0, made.home == '/home/wsgi', made.shell is defined]}
      when: not ansible_check_mode
    - name: unit
      copy: {dest: /etc/systemd/system/nap@.service, content: "[Service]\\nUser=zope\\nExecStart=/bin/sleep 1000\\n[Install]\\nWantedBy=multi-user.target\\n"}
    - name: service
      systemd: {name: "nap@{{ item }}", state: started, enabled: true, daemon_reload: true}
      loop: [1, 2]
    - name: pack
      cron: {name: pack, job: /bin/true, minute: 0, hour: 4, user: zope}
    - name: listening
      wait_for: {port: 22, timeout: 5}
`

test('check mode foretells it, the run does it, and a second one finds it done', async () => {
  const foreseen = await play(SITE, '--check')
  expect(foreseen.output).toMatch(/failed=0/)
  expect(foreseen.code).toBe(0)
  expect(await host.ssh('getent passwd zope || echo none')).toBe('none\n')
  const done = await play(SITE)
  expect(done.output).toMatch(/failed=0/)
  expect(await host.ssh('id zope; getent passwd zope; stat -c "%U %a" /srv/zope')).toBe('uid=1500(zope) gid=1500(zope) groups=1500(zope),4(adm)\nzope:x:1500:1500:Zope:/srv/zope:/bin/bash\nzope 700\n')
  expect(await host.ssh('systemctl is-active nap@1 nap@2; systemctl is-enabled nap@1; crontab -l -u zope; getent shadow zope | cut -d: -f2; hello | head -1')).toBe(
    'active\nactive\nenabled\n#Ansible: pack\n0 4 * * * /bin/true\n$6$salt$hash\nHello, world!\n',
  )
  for (const args of [['--check'], []]) expect((await play(SITE, ...args)).output).toMatch(/changed=0/)
}, 120_000)

test('what was started is stopped and taken away again', async () => {
  const GONE = `
    - {name: stop, systemd: {name: "nap@{{ item }}", state: stopped, enabled: false}, loop: [1, 2]}
    - {name: user, user: {name: zope, state: absent, remove: true}}
    - {name: group, group: {name: zope, state: absent}}
    - {name: package, apt: {name: hello, state: absent, purge: true}}
`
  expect((await play(GONE)).output).toMatch(/failed=0/)
  expect(await host.ssh('systemctl is-active nap@1 || id zope 2>&1; ls -d /srv/zope 2>&1; dpkg -s hello 2>&1 | head -1')).toContain('no such user')
}, 60_000)

test('a failed start shows the log, a missing package its name, and a missing service itself', async () => {
  const { output, code } = await play(`
    - {name: unit, copy: {dest: /etc/systemd/system/bad.service, content: "[Service]\\nType=oneshot\\nExecStart=/bin/sh -c 'echo the disk is full; exit 3'\\n"}}
    - {name: start, systemd: {name: bad, state: started}, ignore_errors: true}
    - {name: package, apt: {name: no-such-package-here}, ignore_errors: true}
    - {name: service, service: {name: no-such-service, state: started}}
`)
  expect(code).not.toBe(0)
  expect(output).toContain('the disk is full')
  expect(output).toContain("No package matching 'no-such-package-here' is available")
  expect(output).toContain('Could not find the requested service no-such-service: host')
}, 60_000)

test('an installation that was killed is healed by the next one', async () => {
  await host.ssh('apt-get -qq -y install hello >/dev/null 2>&1; sed -i "/^Package: hello$/,/^$/s/^Status: .*/Status: install ok unpacked/" /var/lib/dpkg/status; sed -n "/^Package: hello$/,/^$/p" /var/lib/dpkg/status >/var/lib/dpkg/updates/0000')
  expect((await play('    - apt: {name: hello}\n')).output).toMatch(/changed=1.*failed=0/)
  expect(await host.ssh('dpkg-query -W -f "\\${Status}" hello')).toBe('install ok installed')
}, 60_000)

test('a package that was only there because others need it stays when it is asked for by name', async () => {
  await host.ssh('apt-get -qq update; apt-get -qq -y install hello >/dev/null 2>&1; apt-mark auto hello >/dev/null')
  expect((await play('    - apt: {name: hello}\n', '--check')).output).toMatch(/changed=0 failed=0/)
  expect(await host.ssh('apt-mark showauto hello')).toBe('hello\n')
  expect((await play('    - package: {name: [hello, dpkg]}\n')).output).toMatch(/changed=0 failed=0/)
  expect(await host.ssh('apt-mark showauto hello')).toBe('')
}, 60_000)
