/** Puts a command's stdin into a file on the host, as part of a frame. */
import { quote } from './quote.ts'

/** Characters in one word: shells without a printf of their own have to pass it to a program, which takes 128 KiB. */
const PIECE = 60_000

/**
 * Shell text that writes the content to `target` (a shell word). Text goes as it is; what no shell word can hold
 * (a NUL, bytes that are not UTF-8) goes as base64, which costs two processes.
 */
export function feed(content: string | Uint8Array, target: string): string {
  const text = typeof content === 'string' ? content : decode(content)
  if (text !== undefined && !text.includes('\0')) return `{ ${print(text)} } >${target}`
  return `{ ${print(Buffer.from(content).toString('base64'))} } | base64 -d >${target}`
}

function print(text: string): string {
  const pieces = text.match(new RegExp(`[^]{1,${PIECE}}`, 'gu')) ?? []
  return pieces.map((piece) => `printf %s ${quote(piece)};`).join(' ')
}

function decode(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    return undefined
  }
}
