/** Modules whose programs this machine need not have, on a real host: foreseen by check mode, done once, and then as they should be. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { plonerun, type Finished } from '../support/plonerun.ts'

const host = labHost('modules')
const folder = mkdtempSync(join(tmpdir(), 'plonerun-modules-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(() => host.ssh('apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends apache2 cron attr libcap2-bin haproxy socat mariadb-server bzip2 xz-utils zip 2>&1'))

async function play(tasks: readonly string[], ...args: readonly string[]): Promise<string> {
  writeFileSync(join(folder, 'hosts'), host.inventory)
  writeFileSync(join(folder, 'play.yml'), `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`)
  const { output }: Finished = await plonerun('run', join(folder, 'play.yml'), '-i', join(folder, 'hosts'), '--output', 'lines', ...args)
  return /ok=\d+ changed=\d+ failed=\d+/.exec(output)?.[0] ?? output
}

/** Each changes something, as check mode foretells, and nothing when it is done again. */
async function prove(...tasks: readonly string[]): Promise<void> {
  const all = `ok=${tasks.length} changed=${tasks.length} failed=0`
  expect([await play(tasks, '--check'), await play(tasks)]).toEqual([all, all])
  for (const args of [['--check'], []]) expect(await play(tasks, ...args)).toBe(`ok=${tasks.length} changed=0 failed=0`)
}

test('modules of Apache', async () => {
  await prove('apache2_module: {name: rewrite}', 'apache2_module: {name: status, state: absent}', 'apache2_module: {name: autoindex, state: absent, force: true}')
  expect(await host.ssh('a2query -m rewrite status autoindex 2>&1 | cut -d" " -f1-2; apache2ctl -M 2>/dev/null | grep -c rewrite_module')).toContain('1\n')
  expect(await host.ssh('ls /etc/apache2/mods-enabled | grep -E "^(rewrite|status|autoindex).load" || :')).toBe('rewrite.load\n')
})

test('variables of crontabs', async () => {
  await prove('cronvar: {name: MAILTO, value: root@example.com, user: root}', 'cronvar: {name: SHELL, value: /bin/bash, user: root, insertafter: MAILTO}', 'cronvar: {name: PATH, value: /usr/bin, cron_file: lab, backup: true}')
  expect(await host.ssh('crontab -l; cat /etc/cron.d/lab')).toBe('MAILTO=root@example.com\nSHELL=/bin/bash\nPATH=/usr/bin\n')
  await prove('cronvar: {name: SHELL, state: absent}')
  expect(await host.ssh('crontab -l')).toBe('MAILTO=root@example.com\n')
})

test('capabilities and extended attributes', async () => {
  await host.ssh('cp /bin/true /opt/program; touch /opt/file')
  await prove('capabilities: {path: /opt/program, capability: cap_net_raw+ep}', 'xattr: {path: /opt/file, namespace: trusted, key: colour, value: "deep red"}')
  expect(await host.ssh('getcap /opt/program; getfattr --absolute-names --only-values -n trusted.colour /opt/file')).toBe('/opt/program cap_net_raw=ep\ndeep red')
  await prove('capabilities: {path: /opt/program, capability: cap_net_raw, state: absent}', 'xattr: {path: /opt/file, namespace: trusted, key: colour, state: absent}')
  expect(await host.ssh('getcap /opt/program')).toBe('')
})

test('archives of every format', async () => {
  await host.ssh('mkdir -p "/srv/app/two words"; echo 1 >/srv/app/one; echo 2 >"/srv/app/two words/-v"; ln -s one /srv/app/link')
  const formats = ['gz', 'bz2', 'xz', 'tar', 'zip']
  await prove(...formats.map((format) => `archive: {path: /srv/app, dest: /opt/app.${format}, format: ${format}, mode: "0600"}`), ...['gz', 'bz2', 'xz'].map((format) => `archive: {path: /srv/app/one, dest: /opt/one.${format}, format: ${format}}`))
  for (const format of ['gz', 'bz2', 'xz', 'tar']) expect(await host.ssh(`tar -tf /opt/app.${format} | sort`)).toBe('app/link\napp/one\napp/two words/\napp/two words/-v\n')
  expect(await host.ssh('zip -sf /opt/app.zip | grep -c app/; zcat /opt/one.gz; bzcat /opt/one.bz2; xzcat /opt/one.xz')).toBe('4\n1\n1\n1\n')
  await prove('archive: {path: /srv/app, dest: /opt/app.tgz, remove: true}')
  expect(await host.ssh('ls /srv; tar -tf /opt/app.tgz | wc -l')).toBe('4\n')
})

test('servers of haproxy', async () => {
  await host.ssh(`cat >/etc/haproxy/haproxy.cfg <<'CFG'
global
  stats socket /run/haproxy/admin.sock mode 600 level admin
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
backend web
  server one 127.0.0.1:80
  server two 127.0.0.1:81
listen front
  bind 127.0.0.1:8000
CFG
systemctl restart haproxy`)
  const socket = 'socket: /run/haproxy/admin.sock'
  await prove(`community.general.haproxy: {host: one, backend: web, state: disabled, wait: true, wait_interval: 1, ${socket}}`, `community.general.haproxy: {host: two, state: drain, ${socket}}`)
  expect(await host.ssh('echo "show stat" | socat - /run/haproxy/admin.sock | grep ^web,[ot] | cut -d, -f2,18')).toBe('one,MAINT\ntwo,DRAIN\n')
  await prove(`community.general.haproxy: {host: one, state: enabled, weight: 7, ${socket}}`)
  expect(await host.ssh('echo "show stat" | socat - /run/haproxy/admin.sock | grep ^web,one | cut -d, -f18,19')).toBe('no check,7\n')
})

test('replication of MariaDB', async () => {
  const replication = (parameters: string): string => `mysql_replication: {${parameters}, login_unix_socket: /run/mysqld/mysqld.sock}`
  expect(await play([replication('mode: getreplica'), replication('mode: stopreplica')])).toBe('ok=2 changed=0 failed=0')
  expect(await play([replication('mode: changeprimary, primary_host: 127.0.0.9, primary_user: copy, primary_password: "it\'s"')])).toBe('ok=1 changed=1 failed=0')
  expect(await host.ssh('mariadb -e "SHOW REPLICA STATUS\\G" | grep -E "Master_(Host|User):" | xargs')).toBe('Master_Host: 127.0.0.9 Master_User: copy\n')
  await prove(replication('mode: startreplica'))
  await prove(replication('mode: stopreplica'))
  await prove(replication('mode: resetreplicaall'))
})
