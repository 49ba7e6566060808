/** Plays that stand in a folder, and what they say of themselves. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** @param {string} folder @returns {readonly string[]} paths in the order of their names */
export function playsIn(folder) {
  return readdirSync(folder).filter((name) => name.endsWith('.yml')).sort().map((name) => join(folder, name))
}

/** The suite of the lab's hosts that a comment in the play names. @param {string} text */
export function suiteOf(text) {
  return /^# suite: (\S+)$/m.exec(text)?.[1]
}
