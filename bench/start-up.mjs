/**
 * Start-up: `plonerun --version` and `--help` against a bare node. Bar: at most twice as long.
 * The bundle is measured, not the launcher of the clone: it is what an installed plonerun starts.
 *
 *   npm run bench:start-up -- [--record]
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { median, timed } from './measure.mjs'
import { record } from './record.mjs'

const BAR = 2
const RUNS = 15

const program = join(import.meta.dirname, '../dist/plonerun.cjs')
if (!existsSync(program)) throw new Error('dist/plonerun.cjs is missing: npm run build')

const commands = {
  'node -e 0': ['-e', '0'],
  'plonerun --version': [program, '--version'],
  'plonerun --help': [program, '--help'],
}
const measured = Object.entries(commands).map(([name, args]) => ({ name, args, taken: /** @type {number[]} */ ([]) }))
// In turns, so that a busy moment hits all alike.
for (let run = 0; run < RUNS; run++) {
  for (const { args, taken } of measured) taken.push(timed(() => start(args)))
}

const floor = median(measured[0]?.taken ?? [])
const rows = measured.map(({ name, taken }, index) => {
  const ratio = median(taken) / floor
  const missed = ratio > BAR
  if (missed) process.exitCode = 1
  return [name, `${(median(taken) * 1000).toFixed(0)} ms`, ratio.toFixed(2), index === 0 ? '' : `at most ${BAR} times node: ${missed ? 'missed' : 'held'}`]
})
record('start-up', `Starting the installed plonerun, beside a bare node; medians of ${RUNS}, in turns.`, [['command', 'time', 'to node', 'bar'], ...rows])

/** @param {string[]} args */
function start(args) {
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`)
}
