/**
 * Runs a play twice with ansible-playbook on one fresh lab host and twice with plonerun on another, and says where the results of
 * its tasks differ, as `register` has them; and where plonerun's check mode, before each of its runs, foretold something else.
 *
 *   npm run compare:results -- PLAY.yml...|--all [--keep] [--ansible PACKAGE]
 *
 * A task that fails does not end the play. What differs by chance or on purpose is named in a task's variable `apart`: reasons,
 * each with one or several paths into its result, or `check` (`vars: { apart: { told in other words: results.0.msg } }`).
 * `# suite: NAME` in a play chooses the hosts' suite, `# prepare: SHELL` is what they run before.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ANSIBLE, peers } from '../../bench/peers.mjs'
import { playsIn, suiteOf } from '../roles/plays.mjs'
import { tail, withTools } from '../roles/tools.mjs'
import { recorded } from './recorded.mjs'
import { differences, foretoldOtherwise } from './differences.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean' }, keep: { type: 'boolean' }, ansible: { type: 'string', default: ANSIBLE } },
})
const plays = options.all ? playsIn(join(import.meta.dirname, 'plays')) : positionals.map((play) => resolve(play))
if (plays.length === 0) throw new Error('usage: compare:results PLAY.yml...|--all [--keep] [--ansible PACKAGE]')

const venv = peers([options.ansible, 'passlib', 'netaddr'])
for (const play of plays) await treat(play)

/** @param {string} play */
async function treat(play) {
  const text = readFileSync(play, 'utf8')
  const suite = suiteOf(text)
  const prepare = [...text.matchAll(/^# prepare: (.+)$/gm)].map(([, line]) => line).join('\n')
  const setting = { roles: join(dirname(play), 'roles'), venv, prepare, ...(suite !== undefined && { suite }), ...(options.keep !== undefined && { keep: options.keep }) }
  const folder = mkdtempSync(join(tmpdir(), 'plonerun-results-'))
  try {
    // With the files that stand beside the play.
    cpSync(dirname(play), folder, { recursive: true })
    const { recording, tasks } = recorded(text)
    writeFileSync(join(folder, basename(play)), recording)
    const found = await withTools(join(folder, basename(play)), setting, (tools) => compareRuns(tasks, folder, tools))
    for (const line of found) console.log(line)
    console.log(`${found.length === 0 ? 'alike' : 'DIFFERENT'}  ${basename(play, '.yml')}  ${String(tasks.length)} tasks`)
    if (found.length > 0) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * @param {readonly import('./recorded.mjs').Task[]} tasks
 * @param {string} folder that the plays record into
 * @param {import('../roles/tools.mjs').Tools} tools
 */
async function compareRuns(tasks, folder, { ansible, plonerun }) {
  const theirs = async () => ({ first: await results(ansible), second: await results(ansible) })
  const ours = async () => ({ foretold: await results(plonerun, '--check'), first: await results(plonerun), foretoldAgain: await results(plonerun, '--check'), second: await results(plonerun) })
  const [one, other] = await Promise.all([theirs(), ours()])
  return tasks.flatMap((task) => [
    ...differences(task, one.first.get(task.register), other.first.get(task.register)),
    ...differences(task, one.second.get(task.register), other.second.get(task.register)).map((line) => `second run: ${line}`),
    ...foretoldOtherwise(task, other.foretold.get(task.register), other.first.get(task.register)).map((line) => `check mode on the fresh host: ${line}`),
    ...foretoldOtherwise(task, other.foretoldAgain.get(task.register), other.second.get(task.register)).map((line) => `check mode on the deployed host: ${line}`),
  ].map((line) => `${task.name}: ${line}`))

  /**
   * By the names that tasks register; in check mode those are missing that plonerun cannot know.
   * @param {import('../roles/tools.mjs').Run} run @param {readonly string[]} args
   * @returns {Promise<ReadonlyMap<string, unknown>>}
   */
  async function results(run, ...args) {
    const into = mkdtempSync(join(folder, 'run-'))
    const ran = await run('-e', `recorded_in=${into}`, ...args)
    if (ran.code !== 0) throw new Error(`a run ended with ${String(ran.code)}\n  ${tail(ran)}`)
    return new Map(readdirSync(into).filter((name) => name.endsWith('.json')).map((name) => [basename(name, '.json'), JSON.parse(readFileSync(join(into, name), 'utf8'))]))
  }
}
