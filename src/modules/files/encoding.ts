/** Text in the encodings that files have, under Python's names for them. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { textToBytes } from '../../values/bytes.ts'

/** @throws PlonerunError for an encoding that is not known, or a character that it does not have */
export function encodeText(text: string, encoding: string): Buffer {
  switch (encoding.toLowerCase().replaceAll('_', '-')) {
    case 'utf-8':
    case 'utf8':
      return textToBytes(text)
    case 'utf-8-sig':
      return Buffer.from(`\ufeff${text}`)
    case 'ascii':
    case 'us-ascii':
      return narrow(text, 0x7f, encoding)
    case 'latin-1':
    case 'latin1':
    case 'iso-8859-1':
    case 'iso8859-1':
      return narrow(text, 0xff, encoding)
    case 'utf-16':
      return Buffer.from(`\ufeff${text}`, 'utf16le')
    case 'utf-16le':
    case 'utf-16-le':
      return Buffer.from(text, 'utf16le')
    case 'utf-16be':
    case 'utf-16-be':
      return Buffer.from(text, 'utf16le').swap16()
    default:
      throw new PlonerunError(`unknown encoding '${encoding}'`, { hint: 'Known are utf-8, utf-8-sig, ascii, latin-1, utf-16, utf-16-le and utf-16-be.' })
  }
}

function narrow(text: string, last: number, encoding: string): Buffer {
  const beyond = Array.from(text).find((character) => character.codePointAt(0)! > last)
  if (beyond !== undefined) throw new PlonerunError(`'${beyond}' cannot be written in ${encoding}`)
  return Buffer.from(text, 'latin1')
}
