/** A play run by either tool on a fresh host, and what differs between the two hosts behind that. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { differences, endStateScript, writtenScript } from './end-state.mjs'
import { changes, ssh, tail, unknowns } from './tools.mjs'

/** Differences that are shown. */
const MOST = 100

/** @typedef {import('./tools.mjs').Host} Host */
/** @typedef {import('./end-state.mjs').Difference} Difference */
/**
 * @typedef {object} Outcome
 * @property {readonly (readonly [what: string, ...details: string[]])[]} findings none: the two are alike
 * @property {import('./tools.mjs').Ran} theirs the run that should change nothing
 * @property {import('./tools.mjs').Ran} ours
 */

/**
 * @param {import('./tools.mjs').Tools} tools
 * @returns {Promise<Outcome>}
 */
export async function compare({ theirs, ours, ansible, plonerun }) {
  /** @type {[string, ...string[]][]} */
  const findings = []
  const before = { theirs: endState(theirs, []), ours: endState(ours, []) }
  // Such as a unit that failed when its host booted.
  const nobodys = new Set(differences(before.theirs, before.ours).map(tell))
  // Side by side until both are deployed: only the runs behind that are timed.
  const deploying = ansible()
  const foreseen = await plonerun('--check')
  const wrote = differences(before.ours, endState(ours, written(ours)))
  if (wrote.length > 0) findings.push(['check mode wrote on the fresh host', ...wrote.map(tell)])
  const mine = await plonerun()
  const first = await deploying
  const second = await ansible()
  // Before the run that it foretells: some roles change something else each time.
  const checked = await plonerun('--check')
  const again = await plonerun()
  if (first.code !== 0 && mine.code !== 0) findings.push(['neither gets through', tail(first), tail(mine)])
  else if (first.code !== 0) findings.push([`ansible-playbook ended with ${first.code}`, tail(first)])
  else if (mine.code !== 0) findings.push([`plonerun ended with ${mine.code}`, tail(mine)])
  if (first.code === 0 && foreseen.code !== 0) findings.push([`plonerun --check on the fresh host ended with ${foreseen.code}`, tail(foreseen)])
  if (changes(again) > changes(second)) findings.push([`the second run changed ${changes(again)}, where ansible-playbook's changed ${changes(second)}`, ...changedTasks(again)])
  // What only a real run can tell is neither foretold nor denied.
  const [least, most] = [changes(checked), changes(checked) + unknowns(checked)]
  if (again.code === 0 && (changes(again) < least || changes(again) > most)) findings.push([`check mode foretold ${least === most ? least : `${least} to ${most}`} changes where there were ${changes(again)}`, ...changedTasks(checked)])

  const paths = [...new Set([theirs, ours].flatMap(written))].sort()
  // Where neither got to the end, they stopped at different tasks or told of them at different times.
  const found = first.code !== 0 && mine.code !== 0 ? [] : differences(endState(theirs, paths), endState(ours, paths)).filter((difference) => !nobodys.has(tell(difference)))
  if (found.length > 0) findings.push([`${found.length} differences (ansible-playbook | plonerun)`, ...found.slice(0, MOST).map(tell), ...found.flatMap((difference) => content(difference, theirs, ours)).slice(0, 5)])
  return { findings, theirs: second, ours: again }
}

/** @param {Host} host @returns {readonly string[]} paths */
function written(host) {
  return ssh(host, writtenScript()).split('\n').filter((line) => line !== '')
}

/** @param {Host} host @param {readonly string[]} paths */
function endState(host, paths) {
  return ssh(host, endStateScript(host, paths))
}

/** @param {Difference} difference */
function tell({ thing, one, other }) {
  return `${thing}: ${one ?? '(not there)'} | ${other ?? '(not there)'}`
}

/** The difference in content of a file that both have. @param {Difference} difference @param {Host} theirs @param {Host} ours */
function content({ thing, one, other }, theirs, ours) {
  if (!thing.startsWith('content ') || one === undefined || other === undefined) return []
  const path = thing.slice('content '.length)
  const folder = mkdtempSync(join(tmpdir(), 'plonerun-compare-'))
  try {
    const files = [theirs, ours].map((host, index) => {
      const file = join(folder, String(index))
      writeFileSync(file, ssh(host, `cat '${path}' 2>/dev/null | head -c 100000`))
      return file
    })
    const { stdout } = spawnSync('diff', ['-u', ...files], { encoding: 'utf8' })
    return [`${path}\n${stdout.split('\n').slice(2, 40).join('\n')}`]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @param {import('./tools.mjs').Ran} ran */
function changedTasks({ output }) {
  return output.split('\n').filter((line) => line.trim().startsWith('changed '))
}
