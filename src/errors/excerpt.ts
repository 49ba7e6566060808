/** The lines of a file around a place, as errors show them. */
import { readFileSync } from 'node:fs'
import type { Position } from './position.ts'

/** `31 |   command: varnishd` with a caret below the column; empty when the file cannot be read. */
export function excerptLines({ file, line, column }: Position): string[] {
  const text = contentOf(file)?.split(/\r?\n/)[line - 1]
  if (text === undefined) return []
  const gutter = `${line} | `
  return [gutter + text, `${' '.repeat(gutter.length - 2)}| ${' '.repeat(Math.max(0, column - 1))}^`]
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
