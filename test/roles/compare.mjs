/**
 * Runs a play with ansible-playbook on one fresh lab host and with plonerun on another, and says what differs:
 * files (content, mode, owner), packages, accounts, units and ports; whether plonerun's second run changes nothing,
 * whether its check mode says so and wrote nothing on the fresh host; and how long the runs that change nothing take.
 *
 *   npm run compare -- ROLES PLAY.yml...|--all [--times] [--suite SUITE] [--keep] [--prepare SCRIPT] [--ansible PACKAGE] [--record FILE]
 *
 * ROLES are the folders that hold the roles, with a colon between them; a play runs on `hosts: all`, and on the suite that
 * a comment `# suite: NAME` in it names. --all takes the plays beside this file whose roles are there.
 * --prepare has both hosts run a shell text before (on rocky, to build packages that a role wants). --times compares nothing:
 * plonerun deploys one host, and both tools are timed there. --record puts what was found into the table of FILE.
 */
import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ANSIBLE, peers } from '../../bench/peers.mjs'
import { compare } from './comparison.mjs'
import { hasRoles, record, rolesOf } from './record.mjs'
import { playsIn, suiteOf } from './plays.mjs'
import { takeTimes } from './times.mjs'
import { changes, tail, withTools } from './tools.mjs'

/** A run of plonerun that changes nothing takes at most this share of ansible-playbook's time. */
const BAR = 1 / 10

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean' }, times: { type: 'boolean' }, suite: { type: 'string' }, keep: { type: 'boolean' }, prepare: { type: 'string' }, ansible: { type: 'string', default: ANSIBLE }, record: { type: 'string' } },
})
const [folders = '', ...named] = positionals
const roles = folders.split(':').map((folder) => resolve(folder))
const plays = options.all ? ours() : named.map((play) => resolve(play))
if (plays.length === 0) throw new Error('usage: compare ROLES PLAY.yml...|--all [--times] [--suite SUITE] [--keep] [--prepare SCRIPT] [--ansible PACKAGE] [--record FILE]')

// With what some of its filters want of Python.
const venv = peers([options.ansible, 'passlib', 'netaddr'])
for (const play of plays) await treat(play)

/** The plays beside this file whose roles are at hand. */
function ours() {
  return playsIn(join(import.meta.dirname, 'plays')).filter((play) => hasRoles(roles, readFileSync(play, 'utf8')))
}

/** @param {string} play */
async function treat(play) {
  const text = readFileSync(play, 'utf8')
  const name = basename(play, '.yml')
  const suite = options.suite ?? suiteOf(text)
  const setting = { roles: roles.join(':'), venv, shared: options.times === true, ...(suite !== undefined && { suite }), ...(options.keep !== undefined && { keep: options.keep }), ...(options.prepare !== undefined && { prepare: readFileSync(options.prepare, 'utf8') }) }
  const { findings, theirs, ours } = await withTools(play, setting, options.times ? takeTimes : compare)
  for (const [what, ...details] of findings) console.log(`${what}\n${details.map((line) => `  ${line}\n`).join('')}`)
  const seconds = { theirs: theirs.seconds, ours: ours.seconds }
  const fast = seconds.ours <= seconds.theirs * BAR
  if (!fast) console.log(`a run that changes nothing is slow:\n  ${tail(ours)}\n`)
  const verdict = findings.length > 0 ? 'DIFFERENT' : options.times ? 'timed' : 'alike'
  console.log(`${verdict}  ${name}  second run: changed=${changes(ours)}, ansible-playbook ${seconds.theirs.toFixed(1)} s, plonerun ${seconds.ours.toFixed(2)} s (${(seconds.theirs / seconds.ours).toFixed(1)} times${fast ? '' : ', the bar is 10'})`)
  if (options.record !== undefined) record(options.record, { play: name, roles: rolesOf(roles, text), suite, result: findings.length > 0 ? findings.map(([what]) => what).join('; ') : options.times ? undefined : 'alike', seconds })
  if (findings.length > 0) process.exitCode = 1
}
