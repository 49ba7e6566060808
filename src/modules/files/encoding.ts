/** Text in the encodings that files have, under Python's names for them. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { bytesToText, textToBytes } from '../../values/bytes.ts'

/** @throws PlonerunError for an encoding that is not known, or a character that it does not have */
export function encodeText(text: string, encoding: string): Buffer {
  switch (nameOf(encoding)) {
    case 'utf-8':
      return textToBytes(text)
    case 'utf-8-sig':
      return Buffer.from(`\ufeff${text}`)
    case 'ascii':
      return narrow(text, 0x7f, encoding)
    case 'latin-1':
      return narrow(text, 0xff, encoding)
    case 'utf-16':
      return Buffer.from(`\ufeff${text}`, 'utf16le')
    case 'utf-16-le':
      return Buffer.from(text, 'utf16le')
    case 'utf-16-be':
      return Buffer.from(text, 'utf16le').swap16()
  }
}

/** Bytes that UTF-8 does not have are kept as `bytesToText` keeps them. @throws PlonerunError for an encoding that is not known */
export function decodeText(bytes: Buffer, encoding: string): string {
  switch (nameOf(encoding)) {
    case 'utf-8':
      return bytesToText(bytes)
    case 'utf-8-sig':
      return bytesToText(bytes).replace(/^\ufeff/, '')
    case 'ascii':
    case 'latin-1':
      return bytes.toString('latin1')
    case 'utf-16':
    case 'utf-16-le':
      return bytes.toString('utf16le').replace(/^\ufeff/, '')
    case 'utf-16-be':
      return Buffer.from(bytes).swap16().toString('utf16le')
  }
}

const NAMES = {
  'utf-8': ['utf-8', 'utf8'],
  'utf-8-sig': ['utf-8-sig'],
  ascii: ['ascii', 'us-ascii'],
  'latin-1': ['latin-1', 'latin1', 'iso-8859-1', 'iso8859-1'],
  'utf-16': ['utf-16', 'utf16'],
  'utf-16-le': ['utf-16-le', 'utf-16le'],
  'utf-16-be': ['utf-16-be', 'utf-16be'],
} as const

type Encoding = keyof typeof NAMES

function nameOf(encoding: string): Encoding {
  const spelt = encoding.toLowerCase().replaceAll('_', '-')
  const found = (Object.keys(NAMES) as Encoding[]).find((name) => (NAMES[name] as readonly string[]).includes(spelt))
  if (found === undefined) throw new PlonerunError(`unknown encoding '${encoding}'`, { hint: `Known are ${Object.keys(NAMES).join(', ')}.` })
  return found
}

function narrow(text: string, last: number, encoding: string): Buffer {
  const beyond = Array.from(text).find((character) => character.codePointAt(0)! > last)
  if (beyond !== undefined) throw new PlonerunError(`'${beyond}' cannot be written in ${encoding}`)
  return Buffer.from(text, 'latin1')
}
