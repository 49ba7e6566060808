/** A section of facts: files and a shell text that prints, and a pure function that understands them. */
import type { Plain } from '../values/value.ts'

export interface FactSection {
  readonly name: string
  /** The facts it gives, without the `ansible_` prefix. */
  readonly facts: readonly string[]
  /** Absolute paths, or patterns of them; those of a family are read by one program. */
  readonly files?: readonly string[]
  /** Runs with LC_ALL=C; what is missing on the host prints nothing. */
  readonly script?: string
  /**
   * @param files the text of each file by its path, as far as it is there and may be read
   * @param output of the script
   */
  parse(files: ReadonlyMap<string, string>, output: string): Readonly<Record<string, Plain>>
}

/** Prints files with their names; what is longer is no file of facts. */
export function showFiles(paths: readonly string[]): string {
  return `head -v -n 20000 ${paths.join(' ')} 2>/dev/null`
}

/** Splits what `showFiles` prints: each file's text under its path. */
export function filesOf(output: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const part of output.split(/^==> (?=\/)/m).slice(1)) {
    const end = part.indexOf(' <==')
    const path = part.slice(0, end)
    // A value of the environment may look like the beginning of a file; that comes last.
    if (!files.has(path)) files.set(path, part.slice(end + 4).replace(/^\n/, ''))
  }
  return files
}

/** `KEY=value` lines, quotes taken off, as /etc/os-release has them. */
export function assignments(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line)
    if (match) pairs.set(match[1]!, match[2]!.trim().replace(/^"(.*)"$|^'(.*)'$/, '$1$2').replace(/\\(["$`\\])/g, '$1'))
  }
  return pairs
}

/** What stands between spaces. */
export function words(text = ''): string[] {
  return text.split(/\s+/).filter(Boolean)
}
