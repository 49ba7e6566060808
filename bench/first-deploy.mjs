/**
 * The first deploy of an empty host beside the same packages installed by hand, one command after the other.
 * Bar: no slower. By hand are typed apt-get and pip; whatever else a deploy does (accounts, configuration, the site
 * itself, starting and waking it) comes on top for plonerun alone. Downloads are in the lab's caches for both.
 *
 *   npm run bench:first-deploy -- [--record]
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withLabHosts } from './lab-hosts.mjs'
import { timed } from './measure.mjs'
import { record } from './record.mjs'

const launcher = join(import.meta.dirname, '../plonerun')
const folder = mkdtempSync(join(tmpdir(), 'plonerun-bench-'))
run('building plonerun', launcher, ['--version'])
try {
  // The first time fills the caches of both.
  await measureBoth()
  const { plonerun, hand } = await measureBoth()
  const held = plonerun <= hand
  if (!held) process.exitCode = 1
  record('first-deploy', 'A Plone site with three Zopes on an empty lab host, beside its packages installed by hand with apt-get and pip, one command after the other.', [
    ['what', 'time', 'bar'],
    ['by hand, packages only', `${hand.toFixed(0)} s`, ''],
    ['plonerun deploy, the whole site', `${plonerun.toFixed(0)} s`, `no slower: ${held ? 'held' : 'missed'}`],
  ])
} finally {
  rmSync(folder, { recursive: true })
}

async function measureBoth() {
  const times = { plonerun: 0, hand: 0 }
  await withLabHosts(['first-deploy', 'first-hand'], (inventory) => {
    const [deployed = '', hand = ''] = inventory.trim().split('\n')
    const before = packages(hand)
    times.plonerun = timed(() => deploy(deployed))
    const wanted = [...packages(deployed)].filter((name) => !before.has(name))
    const versions = ssh(deployed, 'cat /srv/demo/etc/constraints.txt')
    const requirements = ssh(deployed, 'cat /srv/demo/etc/requirements.txt')
    ssh(hand, 'cat >/root/constraints.txt', versions)
    ssh(hand, 'cat >/root/requirements.txt', requirements)
    times.hand = timed(() => {
      ssh(hand, 'apt-get -q update')
      ssh(hand, `DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends ${wanted.join(' ')}`)
      ssh(hand, 'python3 -m venv /root/plone')
      ssh(hand, '/root/plone/bin/pip install --quiet -r /root/requirements.txt -c /root/constraints.txt')
    })
  })
  return times
}

/** @param {string} line of an inventory */
function deploy(line) {
  mkdirSync(join(folder, 'group_vars'), { recursive: true })
  writeFileSync(join(folder, 'hosts'), `[plone]\n${line}\n`)
  const site = { name: 'demo', domain: 'demo.example', plone: '6.2', admin_password: 'bench' }
  writeFileSync(join(folder, 'group_vars/plone.yml'), JSON.stringify({ sites: [site] }))
  run('the deploy', launcher, ['deploy', folder, '--output', 'lines'])
}

/** Names of the packages that somebody asked for. @param {string} line */
function packages(line) {
  return new Set(ssh(line, 'apt-mark showmanual').trim().split('\n'))
}

/** @param {string} line of an inventory @param {string} command @param {string} [input] */
function ssh(line, command, input = '') {
  const [, address = ''] = /ansible_host=(\S+)/.exec(line) ?? []
  const [, key = ''] = /private_key_file=(\S+)/.exec(line) ?? []
  const [, knownHosts = ''] = /UserKnownHostsFile=([^'\s]+)/.exec(line) ?? []
  return run(command, 'ssh', ['-i', key, '-o', `UserKnownHostsFile=${knownHosts}`, `root@${address}`, command], input)
}

/** @param {string} what @param {string} command @param {readonly string[]} args @param {string} [input] */
function run(what, command, args, input = '') {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 1e8 })
  if (error !== undefined || status !== 0) throw new Error(`${what} ended with ${String(status ?? error)}:\n${stdout}\n${stderr}`)
  return stdout
}
