/** The replacement of Python's re.sub: `\1`, `\g<1>`, `\g<name>`, `\n`. */
import { PlonerunError } from '../../errors/plonerun-error.ts'

const CONTROL: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' }

/** What makes the text for one match. Throws a PlonerunError for an escape that means nothing and a group that is not there. */
export function replacer(template: string): (match: RegExpMatchArray) => string {
  const parts: (string | { readonly group: string })[] = []
  const pattern = /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2}|[1-9]\d?)|([\s\S]))|[^\\]+|\\/g
  for (const [whole, group, number, letter] of template.matchAll(pattern)) {
    if (group !== undefined) parts.push({ group })
    else if (number !== undefined) parts.push(isOctal(number) ? String.fromCharCode(Number.parseInt(number, 8)) : { group: number })
    else if (letter === undefined) parts.push(whole)
    else if (CONTROL[letter] !== undefined) parts.push(CONTROL[letter])
    else if (/[a-zA-Z]/.test(letter)) throw new PlonerunError(`bad escape \\${letter} in the replacement '${template}'`)
    else parts.push(whole)
  }
  return (match) => parts.map((part) => (typeof part === 'string' ? part : groupOf(match, part.group))).join('')
}

function isOctal(number: string): boolean {
  return number.startsWith('0') || number.length === 3
}

/** The text of a group by number or name; empty when it took no part in the match. */
export function groupOf(match: RegExpMatchArray, group: string): string {
  if (/^\d+$/.test(group)) {
    if (Number(group) < match.length) return match[Number(group)] ?? ''
  } else if (match.groups && group in match.groups) return match.groups[group] ?? ''
  throw new PlonerunError(`the regular expression has no group '${group}'`)
}
