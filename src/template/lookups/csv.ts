/** The lookup `csvfile`. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { isList } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'
import { readText } from '../files.ts'
import { anything, int, or, string } from '../plugins/parameter.ts'
import type { Plugins } from '../plugins/plugin.ts'
import { found } from './files.ts'
import { inlineOptions, lookup } from './lookup.ts'

/** The cells of each row; a cell in double quotes may hold the delimiter and line ends. */
function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!
    if (quoted) {
      if (character !== '"') cell += character
      else if (text[index + 1] === '"') cell += text[++index]!
      else quoted = false
    } else if (character === '"' && cell === '') quoted = true
    else if (character === delimiter) {
      row.push(cell)
      cell = ''
    } else if (character === '\n') {
      rows.push([...row, cell])
      row = []
      cell = ''
    } else if (character !== '\r') cell += character
  }
  if (cell !== '' || row.length) rows.push([...row, cell])
  return rows
}

const KEYS = ['file', 'delimiter', 'col', 'default', 'encoding', 'keycol']

export const csvLookup: Plugins = {
  csvfile: lookup(
    { file: or(string, 'ansible.csv'), delimiter: or(string, 'TAB'), col: or<Value>(anything, 1), keycol: or(int, 0), default: or<Value | undefined>(anything, undefined), encoding: or(string, 'utf-8') },
    (terms, given, { context }) => {
      if (terms.length === 0) throw missingKey()
      return terms.flatMap((term): Value[] => {
        const { own, options } = inlineOptions(str(term), KEYS)
        if (own === '') throw missingKey()
        const mark = options.get('delimiter') ?? given.delimiter
        const rows = parseCsv(readText(found(options.get('file') ?? given.file, context, 'files'), context, options.get('encoding') ?? given.encoding), /^(?:TAB|t|\\t)$/.test(mark) ? '\t' : mark)
        const [column, keyColumn] = [columnOf('col', options.get('col') ?? str(given.col)), columnOf('keycol', options.get('keycol') ?? str(given.keycol))]
        const cell = rows.find((cells) => cells[keyColumn] === own)?.[column] ?? options.get('default') ?? given.default
        if (cell === undefined) return []
        return isList(cell) ? cell : [cell]
      })
    },
  ),
}

function columnOf(option: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text)
  throw new PlonerunError(`csvfile: '${option}' has an invalid value: '${text}' is no whole number`)
}

function missingKey(): PlonerunError {
  return new PlonerunError('csvfile: Search key is required but was not found', { hint: 'write what to look for first: KEY file=FILE col=1' })
}
