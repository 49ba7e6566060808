/** ansible-playbook and plonerun, ready to run a play on lab hosts of their own or on one that they share. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withLabHosts } from '../../bench/lab-hosts.mjs'
import { pythonPackages } from '../../bench/peers.mjs'
import { MARK } from './end-state.mjs'

const launcher = join(import.meta.dirname, '../../plonerun')

/** @typedef {{ readonly name: string, readonly address: string, readonly inventory: string, readonly login: readonly string[] }} Host */
/** @typedef {{ readonly code: number | null, readonly output: string, readonly seconds: number }} Ran */
/** @typedef {(...args: readonly string[]) => Promise<Ran>} Run */
/**
 * @typedef {object} Tools
 * @property {Host} theirs ansible-playbook's
 * @property {Host} ours
 * @property {Run} ansible
 * @property {Run} plonerun
 */

/**
 * Boots fresh hosts, with a mark of when, hands the tools over, and takes the hosts down however that ends.
 * @template T
 * @param {string} play
 * @param {object} options
 * @param {string} options.roles folders, with a colon between them
 * @param {string} options.venv where Ansible is
 * @param {boolean} [options.shared] both tools have the same host
 * @param {string} [options.suite]
 * @param {boolean} [options.keep] the hosts stay up
 * @param {string} [options.prepare] a shell text that hosts run before
 * @param {(tools: Tools) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withTools(play, { roles, venv, shared = false, suite, keep, prepare = '' }, use) {
  const folder = mkdtempSync(join(tmpdir(), 'plonerun-compare-'))
  const names = shared ? [`both-${process.pid}`] : [`ansible-${process.pid}`, `plonerun-${process.pid}`]
  try {
    writeFileSync(join(folder, 'ansible.cfg'), `[defaults]\nroles_path = ${roles}\ncollections_path = ${[...roles.split(':').flatMap(collectionsAround), pythonPackages(venv)].join(':')}\ninterpreter_python = /usr/bin/python3\n[ssh_connection]\npipelining = true\n`)
    return await withLabHosts(names, (inventory) => {
      const [theirs, ours = theirs] = inventory.trim().split('\n').map((line, index) => hostOf(line, join(folder, `hosts${index}`)))
      if (theirs === undefined || ours === undefined) throw new Error('the lab gave no hosts')
      for (const host of new Set([theirs, ours])) ssh(host, `apt-get -qq update; ! command -v dnf >/dev/null || dnf -q check-update\n${prepare}\nsleep 1; touch ${MARK}; sleep 1`)
      return use({
        theirs, ours,
        ansible: (...more) => run(folder, join(venv, 'bin/ansible-playbook'), ['-i', theirs.inventory, play, ...more]),
        plonerun: (...more) => run(folder, launcher, ['run', play, '-i', ours.inventory, '--output', 'lines', '--stats', ...more]),
      })
    }, { python: true, ...(suite !== undefined && { suite }), ...(keep !== undefined && { keep }) })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The folder of collections that a folder of roles is in: plugins of its own collection are found by their full names. @param {string} folder @returns {readonly string[]} */
function collectionsAround(folder) {
  const [around, ...inner] = folder.split('/ansible_collections/')
  return around === undefined || inner.length === 0 ? [] : [around]
}

/** @param {string} line of an inventory @param {string} file that it gets @returns {Host} */
function hostOf(line, file) {
  // All have one name in the inventory, since roles make much of it.
  writeFileSync(file, line.replace(/^\S+/, 'compared'))
  const [name = '', address = ''] = /^(\S+) ansible_host=(\S+)/.exec(line)?.slice(1) ?? []
  const login = ['-i', /private_key_file=(\S+)/.exec(line)?.[1] ?? '', '-o', `UserKnownHostsFile=${/UserKnownHostsFile=([^'\s]+)/.exec(line)?.[1] ?? ''}`, `root@${address}`]
  return { name, address, inventory: file, login }
}

/** @param {Host} host @param {string} script */
export function ssh({ login }, script) {
  const { status, stdout, stderr } = spawnSync('ssh', [...login, 'sh'], { input: script, encoding: 'utf8', maxBuffer: 1e8 })
  if (status !== 0) throw new Error(`ssh ${login.join(' ')} ended with ${String(status)}: ${stderr}`)
  return stdout
}

/** @param {string} folder @param {string} command @param {readonly string[]} args @returns {Promise<Ran>} */
function run(folder, command, args) {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = execFile(command, args, { cwd: folder, env: { ...process.env, ANSIBLE_CONFIG: join(folder, 'ansible.cfg') }, maxBuffer: 1e8 }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr, seconds: (performance.now() - started) / 1000 })
    })
  })
}

/** How many tasks changed something, as either tool's last lines have it. @param {Ran} ran */
export function changes({ output }) {
  return Number(/changed=(\d+)/.exec(output)?.[1] ?? -1)
}

/** How many tasks plonerun's check mode could not tell anything about. @param {Ran} ran */
export function unknowns({ output }) {
  return Number(/ unknown=(\d+)/.exec(output)?.[1] ?? 0)
}

/** @param {Ran} ran */
export function tail({ output }) {
  return output.trim().split('\n').slice(-25).join('\n  ')
}
