/** The digest that a download must have: written out, or found in a list of digests. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Position } from '../../errors/position.ts'
import type { HttpAnswer } from './exchange.ts'

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

export interface Digest {
  readonly algorithm: Algorithm
  readonly value: string
}

/**
 * Reads `ALGORITHM:DIGEST` or `ALGORITHM:URL`.
 * @param url what is to be downloaded
 * @param ask gets a list of digests
 * @throws PlonerunError when it is written wrongly, or the list has none for the file
 */
export async function expectedDigest(checksum: string, url: string, ask: (url: string) => Promise<HttpAnswer>, position: Position): Promise<Digest> {
  const colon = checksum.indexOf(':')
  const algorithm = ALGORITHMS.find((each) => each === checksum.slice(0, colon).toLowerCase())
  if (algorithm === undefined) throw new PlonerunError(`The checksum parameter has to be in format <algorithm>:<checksum>, and '${checksum}' names no algorithm`, { where: position, hint: `Write it as sha256:DIGEST; there are ${ALGORITHMS.join(', ')}.` })
  const written = checksum.slice(colon + 1).trim()
  if (!/^(https?|file):/.test(written)) return { algorithm, value: hexOf(written) }
  const answer = await ask(written)
  if (answer.status !== 200) throw new PlonerunError(`HTTP ${answer.status}: ${answer.reason} for ${written}`, { kind: 'task' })
  const name = new URL(url).pathname.split('/').at(-1) ?? ''
  const found = digestIn(answer.body.toString('utf8'), name)
  if (found === undefined) throw new PlonerunError(`there is no checksum for '${name}' in ${written}`, { kind: 'task' })
  return { algorithm, value: hexOf(found) }
}

/** What is copied from web pages brings characters along that nobody sees. */
function hexOf(written: string): string {
  return written.replace(/\W+/g, '').toLowerCase()
}

/** The digest of a file in a list as sha256sum writes it, with or without --tag, or the only word that there is. */
export function digestIn(list: string, name: string): string | undefined {
  const lines = list.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  if (lines.length === 1 && !/\s/.test(lines[0]!)) return lines[0]
  for (const line of lines) {
    const [, tagged, ofTagged] = /^\w+ ?\((.+)\) ?= ([\w.]+)$/.exec(line) ?? []
    const [, plain, named] = /^([\w.]+)\s+(?:\*|\.\/)?(.+)$/.exec(line) ?? []
    if (tagged === name) return ofTagged
    if (named === name) return plain
  }
  return undefined
}
