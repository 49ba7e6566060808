/** How long runs take that change nothing, by either tool on the same host. */
import { changes, tail } from './tools.mjs'

/** Of so many runs the fastest counts: the others had to share the machine. */
const RUNS = 2

/**
 * @param {import('./tools.mjs').Tools} tools of one host
 * @returns {Promise<import('./comparison.mjs').Outcome>}
 */
export async function takeTimes({ ansible, plonerun }) {
  const deployed = await plonerun()
  const ours = await fastest(plonerun)
  const theirs = await fastest(ansible)
  const broken = [deployed, ours, theirs].filter(({ code }) => code !== 0)
  return { findings: broken.map((ran) => [`a run ended with ${String(ran.code)} (changed=${changes(ran)})`, tail(ran)]), theirs, ours }
}

/** @param {() => Promise<import('./tools.mjs').Ran>} run */
async function fastest(run) {
  const ran = []
  for (let index = 0; index < RUNS; index++) ran.push(await run())
  return ran.reduce((one, other) => (one.seconds < other.seconds ? one : other))
}
