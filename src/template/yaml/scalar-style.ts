/** How a text is written in YAML: plain, or in which quotes. The rules are libyaml's. */
import { plainScalar } from '../../values/yaml-scalars.ts'

export type Style = 'plain' | 'single' | 'double' | 'literal' | 'folded'

interface Analysis {
  readonly multiline: boolean
  readonly flowPlain: boolean
  readonly blockPlain: boolean
  readonly single: boolean
  readonly block: boolean
}

/** What ends a line. */
export const BREAK = /[\n\x85\u2028\u2029]/
const SPACE_OR_BREAK = /[\s\0\x85\u2028\u2029]/

/** The style for a text in its place. `isKey`: it is a key on one line; `inFlow`: it stands inside [] or {}. */
export function chooseStyle(text: string, wanted: Style | undefined, isKey: boolean, inFlow: boolean): Style {
  const analysis = analyse(text)
  const mayBreak = !(isKey && analysis.multiline)
  if (wanted === 'double') return 'double'
  const isText = text !== '' && typeof plainScalar(text) === 'string' && !isTimestamp(text) && text !== '=' && text !== '<<'
  if (wanted === undefined && isText && mayBreak && (inFlow ? analysis.flowPlain : analysis.blockPlain)) return 'plain'
  if (wanted === 'literal' || wanted === 'folded') return !inFlow && !isKey && analysis.block ? wanted : 'double'
  return analysis.single && mayBreak ? 'single' : 'double'
}

/** A date or a moment, which would be read back as one. */
function isTimestamp(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$|^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/.test(text)
}

function analyse(text: string): Analysis {
  if (text === '') return { multiline: false, flowPlain: false, blockPlain: true, single: true, block: false }
  const characters = Array.from(text)
  let [flowIndicators, blockIndicators] = /^(?:---|\.\.\.)/.test(text) ? [true, true] : [false, false]
  let [lineBreaks, special, breakSpace, spaceBreak, previousSpace, previousBreak] = [false, false, false, false, false, false]
  let precededBySpace = true
  characters.forEach((character, index) => {
    const next = characters[index + 1]
    const followedBySpace = next === undefined || SPACE_OR_BREAK.test(next)
    if (index === 0) {
      if ('#,[]{}&*!|>\'"%@`'.includes(character)) [flowIndicators, blockIndicators] = [true, true]
      if ('?:'.includes(character)) [flowIndicators, blockIndicators] = [true, blockIndicators || followedBySpace]
      if (character === '-' && followedBySpace) [flowIndicators, blockIndicators] = [true, true]
    } else {
      if (',?[]{}'.includes(character)) flowIndicators = true
      if (character === ':') [flowIndicators, blockIndicators] = [true, blockIndicators || followedBySpace]
      if (character === '#' && precededBySpace) [flowIndicators, blockIndicators] = [true, true]
    }
    const isBreak = BREAK.test(character)
    if (isBreak) lineBreaks = true
    if (!isPrintable(character)) special = true
    if (character === ' ') breakSpace ||= previousBreak
    else if (isBreak) spaceBreak ||= previousSpace
    ;[previousSpace, previousBreak] = [character === ' ', isBreak]
    precededBySpace = SPACE_OR_BREAK.test(character)
  })
  const [first, last] = [characters[0]!, characters.at(-1)!]
  const padded = first === ' ' || last === ' ' || BREAK.test(first) || BREAK.test(last)
  const quotedOnly = breakSpace || spaceBreak || special
  const plain = !padded && !quotedOnly && !lineBreaks
  return { multiline: lineBreaks, flowPlain: plain && !flowIndicators, blockPlain: plain && !blockIndicators, single: !quotedOnly, block: last !== ' ' && !spaceBreak && !special }
}

/** What may stand in YAML without an escape. */
export function isPrintable(character: string): boolean {
  const code = character.codePointAt(0)!
  return code === 0x0a || (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
}
