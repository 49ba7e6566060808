/**
 * Runs a play with ansible-playbook on one fresh lab host and with plonerun on another, and says what differs:
 * files (content, mode, owner), packages, accounts, units and ports; whether plonerun's second run changes nothing,
 * whether its check mode says so and wrote nothing on the fresh host; and how long the runs that change nothing take.
 *
 *   npm run compare -- ROLES PLAY.yml [--suite SUITE] [--keep] [--ansible PACKAGE] [--record FILE]
 *
 * ROLES is the folder that holds the roles; the play runs on `hosts: all`. --record puts the outcome into the table of FILE.
 */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { withLabHosts } from '../../bench/lab-hosts.mjs'
import { ANSIBLE, peers, pythonPackages } from '../../bench/peers.mjs'
import { differences, endStateScript, MARK, writtenScript } from './end-state.mjs'
import { record, rolesOf } from './record.mjs'

/** A run of plonerun that changes nothing takes at most this share of ansible-playbook's time. */
const BAR = 1 / 10
/** Differences that are shown. */
const MOST = 100

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { suite: { type: 'string' }, keep: { type: 'boolean' }, ansible: { type: 'string', default: ANSIBLE }, record: { type: 'string' } },
})
const [roles = '', play = ''] = positionals.map((path) => resolve(path))
if (play === '') throw new Error('usage: compare ROLES PLAY.yml [--suite SUITE] [--keep] [--ansible PACKAGE] [--record FILE]')

const venv = peers([options.ansible, 'passlib'])
const launcher = join(import.meta.dirname, '../../plonerun')
const folder = mkdtempSync(join(tmpdir(), 'plonerun-compare-'))
try {
  await withLabHosts([`ansible-${process.pid}`, `plonerun-${process.pid}`], compare, { python: true, ...(options.suite !== undefined && { suite: options.suite }), ...(options.keep !== undefined && { keep: options.keep }) })
} finally {
  rmSync(folder, { recursive: true })
}

/** @param {string} inventory */
async function compare(inventory) {
  writeFileSync(join(folder, 'ansible.cfg'), `[defaults]\nroles_path = ${roles}\ncollections_path = ${pythonPackages(venv)}\ninterpreter_python = /usr/bin/python3\n[ssh_connection]\npipelining = true\n`)
  const [theirs, ours] = inventory.trim().split('\n').map((line, index) => {
    const file = join(folder, `hosts${index}`)
    // Both have one name in the inventory, since roles make much of it.
    writeFileSync(file, line.replace(/^\S+/, 'compared'))
    const [name = '', address = ''] = /^(\S+) ansible_host=(\S+)/.exec(line)?.slice(1) ?? []
    return { name, address, file, login: login(line, address) }
  })
  if (theirs === undefined || ours === undefined) throw new Error('the lab gave no two hosts')
  for (const host of [theirs, ours]) ssh(host, `apt-get -qq update; sleep 1; touch ${MARK}; sleep 1`)

  const ansible = () => run(join(venv, 'bin/ansible-playbook'), ['-i', theirs.file, play])
  const plonerun = (/** @type {string[]} */ ...more) => run(launcher, ['run', play, '-i', ours.file, '--output', 'lines', '--stats', ...more])
  const findings = []

  const before = endState(ours, [])
  // Side by side until both are deployed: only the runs behind that are timed.
  const deploying = ansible()
  const foreseen = await plonerun('--check')
  const wrote = differences(before, endState(ours, written(ours)))
  if (wrote.length > 0) findings.push(['check mode wrote on the fresh host', ...wrote.map(tell)])
  const mine = await plonerun()
  const first = await deploying
  const second = await ansible()
  const again = await plonerun()
  const checked = await plonerun('--check')
  if (first.code !== 0 && mine.code !== 0) findings.push(['neither gets through', tail(first.output), tail(mine.output)])
  else if (first.code !== 0) findings.push([`ansible-playbook ended with ${first.code}`, tail(first.output)])
  else if (mine.code !== 0) findings.push([`plonerun ended with ${mine.code}`, tail(mine.output)])
  if (first.code === 0 && foreseen.code !== 0) findings.push([`plonerun --check on the fresh host ended with ${foreseen.code}`, tail(foreseen.output)])
  const changes = (/** @type {string} */ output) => Number(/changed=(\d+)/.exec(output)?.[1] ?? -1)
  if (changes(again.output) > changes(second.output)) findings.push([`the second run changed ${changes(again.output)}, where ansible-playbook's changed ${changes(second.output)}`, ...changedTasks(again.output)])
  if (again.code === 0 && changes(checked.output) !== changes(again.output)) findings.push([`check mode foretold ${changes(checked.output)} changes where there were ${changes(again.output)}`, ...changedTasks(checked.output)])

  const paths = [...new Set([theirs, ours].flatMap(written))].sort()
  // Where neither got to the end, they stopped at different tasks or told of them at different times.
  const found = first.code !== 0 && mine.code !== 0 ? [] : differences(endState(theirs, paths), endState(ours, paths))
  if (found.length > 0) findings.push([`${found.length} differences (ansible-playbook | plonerun)`, ...found.slice(0, MOST).map(tell), ...found.flatMap(content(theirs, ours)).slice(0, 5)])
  for (const [what, ...details] of findings) console.log(`${what}\n${details.map((line) => `  ${line}\n`).join('')}`)
  const seconds = { theirs: second.seconds, ours: again.seconds }
  const name = basename(play, '.yml')
  const fast = seconds.ours <= seconds.theirs * BAR
  if (!fast) console.log(`a run that changes nothing is slow:\n  ${tail(again.output)}\n`)
  console.log(`${findings.length === 0 ? 'alike' : 'DIFFERENT'}  ${name}  second run: changed=${changes(again.output)}, ansible-playbook ${seconds.theirs.toFixed(1)} s, plonerun ${seconds.ours.toFixed(2)} s (${(seconds.theirs / seconds.ours).toFixed(1)} times${fast ? '' : ', the bar is 10'})`)
  if (options.record !== undefined) record(options.record, { play: name, roles: rolesOf(roles, readFileSync(play, 'utf8')), result: findings.length === 0 ? 'alike' : findings.map(([what]) => what).join('; '), seconds })
  if (findings.length > 0) process.exitCode = 1
}

/** @param {Host} host @returns {readonly string[]} paths */
function written(host) {
  return ssh(host, writtenScript()).split('\n').filter((line) => line !== '')
}

/** @param {Host & { readonly name: string, readonly address: string }} host @param {readonly string[]} paths */
function endState(host, paths) {
  return ssh(host, endStateScript(host, paths))
}

/** @param {{ readonly thing: string, readonly one: string | undefined, readonly other: string | undefined }} difference */
function tell({ thing, one, other }) {
  return `${thing}: ${one ?? '(not there)'} | ${other ?? '(not there)'}`
}

/** @typedef {{ readonly login: readonly string[] }} Host */

/** The difference in content of a file that both have. @param {Host} theirs @param {Host} ours */
function content(theirs, ours) {
  return (/** @type {{ readonly thing: string, readonly one: string | undefined, readonly other: string | undefined }} */ { thing, one, other }) => {
    if (!thing.startsWith('content ') || one === undefined || other === undefined) return []
    const path = thing.slice('content '.length)
    const [first, second] = [theirs, ours].map((host, index) => {
      const file = join(folder, `content${index}`)
      writeFileSync(file, ssh(host, `cat '${path}' 2>/dev/null | head -c 100000 || true`))
      return file
    })
    return [`${path}\n${spawnSync('diff', ['-u', first ?? '', second ?? ''], { encoding: 'utf8' }).stdout.split('\n').slice(2, 40).join('\n')}`]
  }
}

/** @param {string} output */
function changedTasks(output) {
  return output.split('\n').filter((line) => line.trim().startsWith('changed '))
}

/** @param {string} output */
function tail(output) {
  return output.trim().split('\n').slice(-25).join('\n  ')
}

/** @param {string} line of an inventory @param {string} address */
function login(line, address) {
  return ['-i', /private_key_file=(\S+)/.exec(line)?.[1] ?? '', '-o', `UserKnownHostsFile=${/UserKnownHostsFile=([^'\s]+)/.exec(line)?.[1] ?? ''}`, `root@${address}`]
}

/** @param {Host} host @param {string} script */
function ssh({ login }, script) {
  const { status, stdout, stderr } = spawnSync('ssh', [...login, 'sh'], { input: script, encoding: 'utf8', maxBuffer: 1e8 })
  if (status !== 0) throw new Error(`ssh ${login.join(' ')} ended with ${String(status)}: ${stderr}`)
  return stdout
}

/**
 * @param {string} command @param {readonly string[]} args
 * @returns {Promise<{ readonly code: number | null, readonly output: string, readonly seconds: number }>}
 */
function run(command, args) {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = execFile(command, args, { cwd: folder, env: { ...process.env, ANSIBLE_CONFIG: join(folder, 'ansible.cfg') }, maxBuffer: 1e8 }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr, seconds: (performance.now() - started) / 1000 })
    })
  })
}
