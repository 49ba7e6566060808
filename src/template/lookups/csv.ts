/** The lookup `csvfile`. */
import { str } from '../../values/print.ts'
import type { Value } from '../../values/value.ts'
import { readText } from '../files.ts'
import { any, int, or, string } from '../plugins/parameter.ts'
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

const CSV_KEYS = ['file', 'delimiter', 'col', 'default', 'encoding', 'keycol']

export const csvLookup: Plugins = {
  csvfile: lookup(
    { file: or(string, 'ansible.csv'), delimiter: or(string, 'TAB'), col: or<Value>(any, 1), keycol: or(int, 0), default: or<Value>(any, ''), encoding: or(string, 'utf-8') },
    (terms, given, { context }) =>
      terms.map((term) => {
        const { own, options } = inlineOptions(str(term), CSV_KEYS)
        const mark = options.get('delimiter') ?? given.delimiter
        const rows = parseCsv(readText(found(options.get('file') ?? given.file, context, 'files'), context), /^(?:TAB|t|\\t)$/.test(mark) ? '\t' : mark)
        const [column, keyColumn] = [Number(options.get('col') ?? str(given.col)), Number(options.get('keycol') ?? given.keycol)]
        const row = rows.find((cells) => cells[keyColumn] === own)
        return row?.[column] ?? options.get('default') ?? given.default
      }),
  ),
}
