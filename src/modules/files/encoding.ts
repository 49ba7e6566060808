/** Text in the encodings that files have, under Python's names for them. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { bytesToText, textToBytes } from '../../values/bytes.ts'

/** @throws PlonerunError for an encoding that is not known, or a character that it does not have */
export function encodeText(text: string, encoding: string): Buffer {
  const name = nameOf(encoding)
  switch (name) {
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
    default:
      return byTable(text, name, encoding)
  }
}

/** Bytes that UTF-8 does not have are kept as `bytesToText` keeps them. @throws PlonerunError for an encoding that is not known */
export function decodeText(bytes: Buffer, encoding: string): string {
  const name = nameOf(encoding)
  switch (name) {
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
    default:
      return decodeBytes(bytes, tableOf(name))
  }
}

/** As decodeText, for encodings of several bytes too (gbk, shift_jis, big5), and nothing is read that is not in them. */
export function decodeExactly(bytes: Buffer, encoding: string): { readonly text: string } | { readonly wrong: 'encoding' | 'bytes' } {
  const name = knownName(encoding)
  if (name !== undefined && !name.startsWith('utf-8')) return { text: decodeText(bytes, encoding) }
  let decoder
  try {
    decoder = new TextDecoder(name === undefined ? spell(encoding) : 'utf-8', { fatal: true, ignoreBOM: name === 'utf-8' })
  } catch {
    return { wrong: 'encoding' }
  }
  try {
    return { text: decoder.decode(bytes) }
  } catch {
    return { wrong: 'bytes' }
  }
}

const NAMES = {
  // Nothing given is what a template has that says nothing.
  'utf-8': ['utf-8', 'utf8', ''],
  'utf-8-sig': ['utf-8-sig'],
  ascii: ['ascii', 'us-ascii'],
  'latin-1': ['latin-1', 'latin1', 'iso-8859-1', 'iso8859-1'],
  'utf-16': ['utf-16', 'utf16'],
  'utf-16-le': ['utf-16-le', 'utf-16le'],
  'utf-16-be': ['utf-16-be', 'utf-16be'],
} as const

/** One of NAMES, or an encoding of one byte a character that the platform knows: windows-1252, iso-8859-15, koi8-r ... */
function nameOf(encoding: string): string {
  const name = knownName(encoding)
  if (name === undefined) throw new PlonerunError(`unknown encoding '${encoding}'`, { hint: `Known are ${Object.keys(NAMES).join(', ')}, and those of one byte such as windows-1252 or iso-8859-15.` })
  return name
}

function knownName(encoding: string): string | undefined {
  const spelt = spell(encoding)
  return Object.entries(NAMES).find(([, names]) => (names as readonly string[]).includes(spelt))?.[0] ?? singleByte(spelt.replace(/^cp(?=125\d$)/, 'windows-').replace(/^iso(?=8859)/, 'iso-'))
}

/** As names are written here. */
function spell(encoding: string): string {
  return encoding.toLowerCase().replaceAll('_', '-')
}

function singleByte(label: string): string | undefined {
  try {
    const { encoding } = new TextDecoder(label)
    return /^(?:windows-(?:125\d|874)|iso-8859-\d+|koi8-[ru]|macintosh|ibm866)$/.test(encoding) ? encoding : undefined
  } catch {
    return undefined
  }
}

/** The character of each byte. */
function tableOf(name: string): readonly string[] {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  // Node decodes windows-1252 as latin-1.
  if (name === 'windows-1252') return Array.from(Buffer.from(bytes).toString('latin1'), (character, byte) => WINDOWS_1252[byte - 0x80] ?? character)
  return Array.from(new TextDecoder(name).decode(bytes))
}

/** What windows-1252 has from byte 0x80 on, where latin-1 has controls. */
const WINDOWS_1252 = Array.from('€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ')

function decodeBytes(bytes: Buffer, table: readonly string[]): string {
  return Array.from(bytes, (byte) => table[byte]).join('')
}

function byTable(text: string, name: string, encoding: string): Buffer {
  const bytes = new Map(tableOf(name).map((character, byte) => [character, byte]))
  return Buffer.from(Array.from(text, (character) => bytes.get(character) ?? cannotWrite(character, encoding)))
}

function narrow(text: string, last: number, encoding: string): Buffer {
  const beyond = Array.from(text).find((character) => character.codePointAt(0)! > last)
  if (beyond !== undefined) cannotWrite(beyond, encoding)
  return Buffer.from(text, 'latin1')
}

function cannotWrite(character: string, encoding: string): never {
  throw new PlonerunError(`'${character}' cannot be written in ${encoding}`)
}
