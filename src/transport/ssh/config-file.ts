/** Reads ssh configuration files, with what they include. */
import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { glob } from 'ssh-config'
import { readIfThere } from './read-file.ts'

/** Files may include each other; ssh stops here too. */
const DEEPEST = 16

/**
 * The text of the file with its Include lines replaced by the files they name; empty when there is no such file.
 * After each, the Host or Match line that it stands under is repeated, because an included file's own end with it.
 */
export function readConfig(path: string, depth = 0): string {
  const text = readIfThere(path)?.toString('utf8') ?? ''
  let section = 'Match all'
  const lines: string[] = []
  for (const line of text.split('\n')) {
    const [, keyword = '', value = ''] = /^\s*(\w+)[\s=]+(.*)$/.exec(line) ?? []
    if (/^(host|match)$/i.test(keyword)) section = line
    if (!/^include$/i.test(keyword) || depth >= DEEPEST) {
      lines.push(line)
      continue
    }
    for (const pattern of value.match(/"[^"]*"|\S+/g) ?? []) {
      for (const file of expand(pattern.replaceAll('"', ''), dirname(path))) lines.push(readConfig(file, depth + 1), section)
    }
  }
  return lines.join('\n')
}

/** Files that a pattern of an Include line names; wildcards are allowed in the last part. */
function expand(pattern: string, folder: string): string[] {
  const path = resolve(folder, pattern.replace(/^~(?=\/)/, homedir()))
  if (!/[*?]/.test(path)) return [path]
  return namesIn(dirname(path))
    .filter((name) => glob(basename(path), name))
    .sort()
    .map((name) => join(dirname(path), name))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
