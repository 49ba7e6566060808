/** The table of docs/roles.md: a row for each play that was compared. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where a row begins with the name of its play. */
const ROW = /^\| (?!play |-)(\S+) \|/

/**
 * @typedef {object} Row
 * @property {string} play
 * @property {string} roles what it runs, and of which day each is
 * @property {string | undefined} suite of the hosts, where it is not the usual one
 * @property {string | undefined} result undefined: only the times are new
 * @property {{ readonly theirs: number, readonly ours: number }} seconds of the runs that change nothing
 */

/**
 * Puts a row in place of the play's earlier one, or where it belongs in the alphabet.
 * @param {string} file @param {Row} row
 */
export function record(file, { play, roles, suite, result, seconds: { theirs, ours } }) {
  const lines = readFileSync(file, 'utf8').split('\n')
  const rows = new Map(lines.flatMap((line) => { const name = ROW.exec(line)?.[1]; return name === undefined ? [] : [[name, line]] }))
  const [, knownRoles, knownResult] = result === undefined ? (rows.get(play)?.split(' | ') ?? []) : []
  const what = knownRoles ?? `${roles}${suite === undefined ? '' : `, on ${suite}`}`
  rows.set(play, `| ${play} | ${what} | ${knownResult ?? result?.replaceAll('|', '/') ?? 'not compared'} | ${theirs.toFixed(1)} s | ${ours.toFixed(2)} s | ${(theirs / ours).toFixed(1)} |`)
  const head = lines.findIndex((line) => line.startsWith('| play ')) + 2
  const others = lines.slice(head).filter((line) => !ROW.test(line))
  writeFileSync(file, [...lines.slice(0, head), ...[...rows].sort(([one], [other]) => one.localeCompare(other)).map(([, line]) => line), ...others].join('\n'))
}

/**
 * Roles seldom tell their version: the day of their newest file does.
 * @param {readonly string[]} folders @param {string} play the text of it
 */
export function rolesOf(folders, play) {
  return namesIn(play).map((name) => `${name} (${newest(find(folders, name) ?? '')})`).join(', ')
}

/** Whether all roles of a play are at hand. @param {readonly string[]} folders @param {string} play the text of it */
export function hasRoles(folders, play) {
  return namesIn(play).every((name) => find(folders, name) !== undefined)
}

/** @param {string} play the text of it */
function namesIn(play) {
  return [...play.matchAll(/^\s*(?:- role|- include_role:\s*name): *(\S+)/gm)].map(([, name = '']) => name)
}

/** @param {readonly string[]} folders @param {string} role */
function find(folders, role) {
  return folders.map((folder) => join(folder, role)).find((path) => existsSync(path))
}

/** @param {string} folder @returns {string} a day */
function newest(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Date(Math.max(...files.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs))).toISOString().slice(0, 10)
}
