/** Python's pprint.pformat, as it looks for values of Ansible: lists and dicts stay on one line, a long text is written in pieces. */
import { repr } from '../../values/print.ts'
import type { Value } from '../../values/value.ts'
import { length, WHITE } from '../methods/characters.ts'
import { splitLines } from '../methods/string.ts'

const WIDTH = 80
const WORD = new RegExp(`[^${WHITE}]*[${WHITE}]*`, 'gu')

export function pprint(value: Value): string {
  const whole = repr(value)
  if (typeof value !== 'string' || length(whole) <= WIDTH) return whole
  // The parentheses take a column on either side.
  const room = WIDTH - 1
  const lines = splitLines(value, true)
  const pieces = lines.flatMap((line, index) => piecesOf(line, room, index === lines.length - 1 ? room - 1 : room))
  return pieces.length === 1 ? whole : `(${pieces.join('\n ')})`
}

/** A line as it is, or cut between words where it is too long; what ends the text has less room. */
function piecesOf(line: string, room: number, roomAtEnd: number): readonly string[] {
  if (length(repr(line)) <= roomAtEnd) return [repr(line)]
  const words = (line.match(WORD) ?? []).filter((word) => word !== '')
  const pieces: string[] = []
  let current = ''
  words.forEach((word, index) => {
    const fits = length(repr(current + word)) <= (index === words.length - 1 ? roomAtEnd : room)
    if (!fits && current !== '') pieces.push(repr(current))
    current = fits ? current + word : word
  })
  return current === '' ? pieces : [...pieces, repr(current)]
}
