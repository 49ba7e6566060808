/** Lines of a file, as lineinfile and blockinfile see them. */
import { compileRegex } from '../../template/regex/translate.ts'

/** Each with its newline. @param ends what ends a line */
export function splitLines(text: string, ends: RegExp = /\n/): string[] {
  return text.split(new RegExp(`(?<=${ends.source})`)).filter((line) => line !== '')
}

/** The line without the newlines at its end. */
export function stripNewline(line: string): string {
  return line.replace(/[\r\n]+$/, '')
}

/** A regular expression in Python's syntax, as a search that gives the first match in a text. */
export function searcher(pattern: string): (text: string) => RegExpExecArray | null {
  const regex = compileRegex(pattern)
  return (text) => {
    regex.lastIndex = 0
    return regex.exec(text)
  }
}

/** Gives the last line its newline, so that another can follow. */
export function endLastLine(lines: string[]): void {
  const last = lines.at(-1)
  if (last !== undefined && !/[\r\n]$/.test(last)) lines[lines.length - 1] = `${last}\n`
}
