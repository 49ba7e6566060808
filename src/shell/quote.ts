/** Quoting for a POSIX shell. */
import { PlonerunError } from '../errors/plonerun-error.ts'

/**
 * The text as one word of a shell command: never expanded, never split, byte for byte what it was.
 * @throws PlonerunError when it holds a NUL, which no argument can
 */
export function quote(text: string): string {
  if (text.includes('\0')) throw new PlonerunError('a NUL byte cannot be part of a command', { kind: 'task' })
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
