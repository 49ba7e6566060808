/** What a machine is to be (names, keys, kernel parameters, mounts, a firewall), on a real host: foreseen, done once, and then as it should be. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { plonerun, type Finished } from '../support/plonerun.ts'

const host = labHost('machine')
const folder = mkdtempSync(join(tmpdir(), 'plonerun-machine-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function play(tasks: string, ...args: readonly string[]): Promise<Finished> {
  writeFileSync(join(folder, 'hosts'), host.inventory)
  writeFileSync(join(folder, 'play.yml'), `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`)
  return plonerun('run', join(folder, 'play.yml'), '-i', join(folder, 'hosts'), '--output', 'lines', '--stats', ...args)
}

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO1bsz1cKHIEdQHPPhY1TDzaQmyeqvuzW1tgxnRbPUXU me@here'
const OTHER = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDO9PRBVkGgL3Ga8X0zqEJBqzRwPOsVTb1qZTqEOTYDq other'

const SITE = `
    - apt: {name: [locales, tzdata, ufw, debconf, libpam-runtime, procps], install_recommends: false, update_cache: true, cache_valid_time: 3600}
    - hostname: {name: web.example.org}
    - timezone: {name: Europe/Berlin}
    - locale_gen: {name: [en_GB.UTF-8]}
    - sysctl: {name: net.ipv4.ip_forward, value: true, sysctl_file: /etc/sysctl.d/90-site.conf, reload: false}
    - sysctl: {name: net.ipv4.conf.all.rp_filter, value: 0, sysctl_file: /etc/sysctl.d/90-site.conf, reload: false}
    - user: {name: zope}
    - authorized_key: {user: zope, key: "${KEY}", key_options: 'no-pty,from="10.0.0.1,10.0.0.2"'}
    - authorized_key: {user: zope, key: "${OTHER}"}
    - known_hosts: {name: db.example.org, key: "db.example.org ${OTHER}", path: /etc/ssh/ssh_known_hosts, hash_host: true}
    - htpasswd: {path: /srv/users, name: admin, password: secret, mode: "0640"}
    - htpasswd: {path: /srv/users, name: editor, password: secret, crypt_scheme: bcrypt}
    - debconf: {name: tzdata, question: tzdata/Areas, vtype: select, value: Europe}
    - dpkg_selections: {name: ufw, selection: hold}
    - community.general.dpkg_divert: {path: /etc/skel/.profile, divert: /etc/skel/.profile.debian, rename: true}
    - debops.debops.dpkg_divert: {path: /etc/skel/.bash_logout}
    - copy: {content: "# ours\\n", dest: /etc/skel/.bash_logout}
    - pamd: {name: common-session, type: session, control: required, module_path: pam_unix.so, state: args_present, module_arguments: [debug]}
    - mount: {path: /srv/scratch, src: tmpfs, fstype: tmpfs, opts: "size=1M,mode=0755", state: mounted}
    - mount: {path: none, src: /dev/nowhere, fstype: swap, state: present}
    - copy: {content: "#!/bin/sh\\n", dest: "/usr/local/bin/ed-{{ item }}", mode: "0755"}
      loop: [one, two]
    - alternatives: {name: ed-site, link: /usr/bin/ed-site, path: /usr/local/bin/ed-one, priority: 30, state: present}
    - alternatives: {name: ed-site, link: /usr/bin/ed-site, path: /usr/local/bin/ed-two}
    - ufw: {rule: allow, port: "22", proto: tcp}
    - ufw: {rule: limit, port: "8080:8090", proto: tcp, from: 10.0.0.0/8, comment: site}
    - ufw: {default: deny, direction: incoming}
    - ufw: {logging: "off"}
    - ufw: {state: enabled}
    - getent: {database: passwd, key: zope}
    - service_facts:
    - package_facts:
    - assert: {that: ["getent_passwd.zope[4] == '/home/zope'", "'ssh.service' in ansible_facts.services", "'ufw' in packages"]}
      when: not ansible_check_mode
`

test('check mode foretells it, the run does it, and a second one finds it done', async () => {
  const before = await host.ssh('find /etc /home /srv /usr/local -newer /proc/1 -type f | sort | md5sum; hostname')
  const foreseen = await play(SITE, '--check')
  expect(foreseen.output).toMatch(/failed=0/)
  expect(await host.ssh('find /etc /home /srv /usr/local -newer /proc/1 -type f | sort | md5sum; hostname')).toBe(before)
  const done = await play(SITE)
  expect(done.output).toMatch(/failed=0/)
  const again = await play(SITE, '--check')
  expect(again.output).toMatch(/changed=0.*failed=0/)
  expect((await play(SITE)).output).toMatch(/changed=0.*failed=0/)
}, 240_000)

test('the host is as it was asked to be', async () => {
  expect(await host.ssh('hostname; cat /etc/hostname; readlink -f /etc/localtime; locale -a | grep -c en_GB.utf8')).toBe('web.example.org\nweb.example.org\n/usr/share/zoneinfo/Europe/Berlin\n1\n')
  expect(await host.ssh('cat /etc/sysctl.d/90-site.conf')).toBe('net.ipv4.ip_forward=1\nnet.ipv4.conf.all.rp_filter=0\n')
  expect(await host.ssh('cat ~zope/.ssh/authorized_keys; stat -c "%U %a" ~zope/.ssh ~zope/.ssh/authorized_keys')).toBe(`no-pty,from="10.0.0.1,10.0.0.2" ${KEY}\n${OTHER}\nzope 700\nzope 600\n`)
  expect(await host.ssh('ssh-keygen -F db.example.org -f /etc/ssh/ssh_known_hosts | head -1; cut -c1-3 /etc/ssh/ssh_known_hosts')).toBe('# Host db.example.org found: line 1 \n|1|\n')
  expect(await host.ssh('stat -c %a /srv/users; cut -c1-12 /srv/users')).toMatch(/^640\nadmin:\$apr1\$\neditor:\$2b\$1\n$/)
  expect(await host.ssh('openssl passwd -apr1 -salt "$(grep admin /srv/users | cut -d"$" -f3)" secret')).toBe(await host.ssh('grep admin /srv/users | cut -d: -f2'))
  expect(await host.ssh('findmnt -rno FSTYPE,SIZE /srv/scratch; grep -v ^# /etc/fstab')).toBe('tmpfs 1M\ntmpfs /srv/scratch tmpfs size=1M,mode=0755 0 0\n/dev/nowhere none swap defaults 0 0\n')
  expect(await host.ssh('readlink /etc/alternatives/ed-site; dpkg --get-selections ufw | tr -d "\\t "; grep pam_unix /etc/pam.d/common-session')).toBe('/usr/local/bin/ed-two\nufwhold\nsession    required pam_unix.so debug\n')
  expect(await host.ssh('dpkg-divert --list "/etc/skel/*"; ls -A /etc/skel; cat /etc/skel/.bash_logout')).toBe('local diversion of /etc/skel/.bash_logout to /etc/skel/.bash_logout.dpkg-divert\nlocal diversion of /etc/skel/.profile to /etc/skel/.profile.debian\n.bash_logout\n.bash_logout.dpkg-divert\n.bashrc\n.profile.debian\n# ours\n')
  expect(await host.ssh('debconf-show tzdata | grep Areas')).toBe('* tzdata/Areas: Europe\n')
  expect(await host.ssh('ufw status | grep -v v6')).toMatch(/Status: active[^]*22\/tcp +ALLOW +Anywhere[^]*8080:8090\/tcp +LIMIT +10.0.0.0\/8 +# site/)
}, 60_000)

test('a restart is waited for, and what was set is still so', async () => {
  const before = await host.ssh('cat /proc/sys/kernel/random/boot_id')
  const { output } = await play(`
    - {name: restart, reboot: {reboot_timeout: 90, msg: new kernel}, register: restarted}
    - {name: told, debug: {msg: "rebooted {{ restarted.rebooted }}"}}
    - {name: back, wait_for_connection: {timeout: 30}}
    - {name: here, command: hostname, register: name}
    - assert: {that: name.stdout == 'web.example.org'}
`)
  expect(output).toMatch(/failed=0/)
  expect(output).toContain('rebooted True')
  expect(await host.ssh('cat /proc/sys/kernel/random/boot_id')).not.toBe(before)
}, 120_000)

test('what is set can be taken away again', async () => {
  const GONE = `
    - sysctl: {name: net.ipv4.conf.all.rp_filter, state: absent, sysctl_file: /etc/sysctl.d/90-site.conf, reload: false}
    - authorized_key: {user: zope, key: "${OTHER}", exclusive: true}
    - known_hosts: {name: db.example.org, state: absent, path: /etc/ssh/ssh_known_hosts}
    - htpasswd: {path: /srv/users, name: admin, state: absent}
    - mount: {path: /srv/scratch, state: absent}
    - alternatives: {name: ed-site, path: /usr/local/bin/ed-two, state: absent}
    - ufw: {rule: limit, port: "8080:8090", proto: tcp, from: 10.0.0.0/8, delete: true}
    - ufw: {state: disabled}
    - locale_gen: {name: en_GB.UTF-8, state: absent}
`
  expect((await play(GONE)).output).toMatch(/failed=0/)
  expect(await host.ssh('cat /etc/sysctl.d/90-site.conf ~zope/.ssh/authorized_keys; cut -d: -f1 /srv/users; wc -c </etc/ssh/ssh_known_hosts; ls -d /srv/scratch 2>&1; readlink /etc/alternatives/ed-site; ufw status; locale -a | grep -c en_GB || :')).toBe(
    `net.ipv4.ip_forward=1\n${OTHER}\neditor\n0\nls: cannot access '/srv/scratch': No such file or directory\n/usr/local/bin/ed-one\nStatus: inactive\n0\n`,
  )
  expect((await play(GONE)).output).toMatch(/changed=0.*failed=0/)
}, 90_000)

test('mistakes are told', async () => {
  const { output } = await play(`
    - {name: zone, timezone: {name: Europe/Nowhere}, ignore_errors: true}
    - {name: locale, locale_gen: {name: xx_XX.UTF-8}, ignore_errors: true}
    - {name: key, authorized_key: {user: zope, key: nonsense}, ignore_errors: true}
    - {name: user, authorized_key: {user: nobody-here, key: "${KEY}"}, ignore_errors: true}
    - {name: source, mount: {path: /srv/broken, src: /dev/nowhere, fstype: ext4, state: mounted}, ignore_errors: true}
    - {name: host, known_hosts: {name: one, key: "two ${KEY}"}, ignore_errors: true}
`)
  for (const text of ['given timezone "Europe/Nowhere" is not available', 'not available on your system: xx_XX.UTF-8', 'invalid key specified: nonsense', 'Failed to lookup user nobody-here', 'Error mounting', 'Host parameter does not match hashed host field in supplied key'])
    expect(output).toContain(text)
  expect(await host.ssh('ls -d /srv/broken 2>&1; grep -c broken /etc/fstab || :')).toBe("ls: cannot access '/srv/broken': No such file or directory\n0\n")
}, 60_000)
