/**
 * A run that changes nothing: forty tasks on five hosts, the whole process, beside the peers and beside the floor
 * (`ssh HOST sh` with one script of the same probes, hosts in parallel).
 * Bars: at most 2.5 times the floor, a fifth of pyinfra's time, a fortieth of ansible-core's with pipelining.
 *
 *   npm run bench:forty-tasks -- [--runs N] [--record]
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { deploy, play, prepared, probes, templates } from './forty-tasks-work.mjs'
import { withLabHosts } from './lab-hosts.mjs'
import { median, timed } from './measure.mjs'
import { ANSIBLE_CORE, MITOGEN, mitogenStrategies, peers, PYINFRA } from './peers.mjs'
import { record } from './record.mjs'

const HOSTS = ['bench1', 'bench2', 'bench3', 'bench4', 'bench5']
const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '7' }, record: { type: 'boolean' } } })

const folder = mkdtempSync(join(tmpdir(), 'plonerun-bench-'))
const venv = peers([PYINFRA, ANSIBLE_CORE, MITOGEN])
const launcher = join(import.meta.dirname, '../plonerun')
run('building plonerun', launcher, ['--version'])
try {
  // The peers need Python on the hosts.
  await withLabHosts(HOSTS, measure, { python: true })
} finally {
  rmSync(folder, { recursive: true })
}

/** @param {string} inventory */
function measure(inventory) {
  const logins = writeFiles(inventory)
  const env = { ...process.env, ANSIBLE_CONFIG: join(folder, 'ansible.cfg') }
  const mitogen = { ...env, ANSIBLE_STRATEGY_PLUGINS: mitogenStrategies(venv), ANSIBLE_STRATEGY: 'mitogen_linear' }
  run('preparing the hosts', 'sh', ['-c', logins.map((login) => `${login} '${prepared}'`).join(' && ')])
  // Who comes later finds what the first did, and changes at most what it would write another way.
  const contestants = [
    { name: 'floor', command: 'sh', args: ['-c', `${logins.map((login) => `${login} sh <probes.sh >/dev/null & `).join('')} wait`], env },
    { name: 'plonerun', command: launcher, args: ['run', 'play.yml', '-i', 'hosts', '--output', 'lines'], env, bar: { of: 'floor', times: 2.5 } },
    { name: 'pyinfra', command: join(venv, 'bin/pyinfra'), args: ['-y', 'inventory.py', 'deploy.py'], env, bar: { of: 'plonerun', least: 5 } },
    { name: 'ansible-core, mitogen', command: join(venv, 'bin/ansible-playbook'), args: ['-i', 'hosts', 'play.yml'], env: mitogen },
    { name: 'ansible-core, pipelining', command: join(venv, 'bin/ansible-playbook'), args: ['-i', 'hosts', 'play.yml'], env, bar: { of: 'plonerun', least: 40 } },
  ].map((contestant) => ({ ...contestant, taken: /** @type {number[]} */ ([]) }))
  // plonerun last, so that it finds what its own second run would.
  for (const { name, command, args, env } of [...contestants].reverse()) run(`${name}, first run`, command, args, env)
  const unchanged = run('plonerun, second run', launcher, ['run', 'play.yml', '-i', 'hosts', '--output', 'lines'], env)
  if (!/changed=0/.test(unchanged) || /changed=[1-9]/.test(unchanged)) throw new Error(`the second run changed something:\n${unchanged}`)
  for (let turn = 0; turn < Number(options.runs); turn++)
    for (const { name, command, args, env, taken } of contestants) {
      // It takes minutes, and a ratio of forty does not need as many turns.
      if (name.startsWith('ansible') && turn >= 3) continue
      taken.push(timed(() => run(name, command, args, env)))
    }
  report(contestants)
}

/** @param {readonly { readonly name: string, readonly taken: readonly number[], readonly bar?: { readonly of: string, readonly times?: number, readonly least?: number } }[]} contestants */
function report(contestants) {
  const medians = new Map(contestants.map(({ name, taken }) => [name, median(taken)]))
  const rows = contestants.map(({ name, bar }) => {
    const seconds = medians.get(name) ?? NaN
    const cells = [name, `${seconds.toFixed(2)} s`, `${(seconds / (medians.get('floor') ?? NaN)).toFixed(2)}`, `${(seconds / (medians.get('plonerun') ?? NaN)).toFixed(1)}`]
    if (bar === undefined) return [...cells, '']
    const ratio = seconds / (medians.get(bar.of) ?? NaN)
    const held = bar.times === undefined ? ratio >= (bar.least ?? 0) : ratio <= bar.times
    if (!held) process.exitCode = 1
    return [...cells, `${bar.times === undefined ? `at least ${bar.least ?? 0} times plonerun` : `at most ${bar.times} times the floor`}: ${held ? 'held' : 'missed'}`]
  })
  record('forty-tasks', 'Forty tasks on five lab hosts, nothing to change, the whole process; medians.', [['tool', 'time', 'to the floor', 'to plonerun', 'bar'], ...rows])
}

/**
 * Writes what the tools read.
 * @param {string} inventory
 * @returns {readonly string[]} for each host the ssh command that logs in
 */
function writeFiles(inventory) {
  const hosts = inventory.trim().split('\n').map((line) => ({
    address: /ansible_host=(\S+)/.exec(line)?.[1] ?? '',
    key: /private_key_file=(\S+)/.exec(line)?.[1] ?? '',
    knownHosts: /UserKnownHostsFile=([^'\s]+)/.exec(line)?.[1] ?? '',
  }))
  const files = {
    hosts: inventory,
    'play.yml': play(),
    'ansible.cfg': '[defaults]\nforks = 20\ninterpreter_python = /usr/bin/python3\n[ssh_connection]\npipelining = true\n',
    'inventory.py': `hosts = [${hosts.map(({ address, key, knownHosts }) => `("${address}", {"ssh_user": "root", "ssh_key": "${key}", "ssh_known_hosts_file": "${knownHosts}"})`).join(', ')}]\n`,
    'deploy.py': deploy(),
    'probes.sh': probes(),
    ...Object.fromEntries(templates()),
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return hosts.map(({ address, key, knownHosts }) => `ssh -i ${key} -o UserKnownHostsFile=${knownHosts} root@${address}`)
}

/**
 * Runs a command in the folder and gives what it prints.
 * @param {string} what
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function run(what, command, args, env = process.env) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8', maxBuffer: 1e8 })
  if (error !== undefined || status !== 0) throw new Error(`${what} ended with ${String(status ?? error)}:\n${stdout}\n${stderr}`)
  return stdout
}
