/** Lookups in INI, properties and CSV files. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import type { Value } from '../../values/value.ts'
import { readText } from '../files.ts'
import { any, flag, int, or, string } from '../plugins/parameter.ts'
import type { Plugins } from '../plugins/plugin.ts'
import { compileRegex } from '../regex/translate.ts'
import { found } from './files.ts'
import { inlineOptions, lookup } from './lookup.ts'

/** Keys and values of one section of an INI file; `[DEFAULT]` holds for all. */
function section(text: string, name: string, caseSensitive: boolean, allowNone: boolean): Map<string, string | null> {
  const own = new Map<string, string | null>()
  const shared = new Map<string, string | null>()
  let current: Map<string, string | null> | undefined
  let last: string | undefined
  for (const line of text.split('\n')) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue
    const head = /^\[(.+)\]\s*$/.exec(line)
    if (head) {
      current = head[1] === name ? own : head[1] === 'DEFAULT' ? shared : new Map()
      last = undefined
      continue
    }
    if (/^\s/.test(line) && current && last !== undefined) {
      current.set(last, `${current.get(last) ?? ''}\n${line.trim()}`)
      continue
    }
    const [, key, value] = /^([^=:]+?)\s*(?:[=:]\s*(.*))?$/.exec(line.trim())!
    if (value === undefined && !allowNone) throw new PlonerunError(`ini: '${line.trim()}' is no key and value`)
    last = caseSensitive ? key! : key!.toLowerCase()
    current?.set(last, value ?? null)
  }
  return new Map([...shared, ...own])
}

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

const INI_KEYS = ['type', 'file', 'section', 're', 'encoding', 'default', 'case_sensitive', 'allow_no_value']
const CSV_KEYS = ['file', 'delimiter', 'col', 'default', 'encoding', 'keycol']

export const tableLookups: Plugins = {
  ini: lookup(
    { type: or(string, 'ini'), file: or(string, 'ansible.ini'), section: or(string, 'global'), re: or(flag, false), default: or<Value>(any, ''), encoding: or(string, 'utf-8'), case_sensitive: or(flag, false), allow_no_value: or(flag, false) },
    (terms, given, { context }) =>
      terms.flatMap((term) => {
        const { own, options } = inlineOptions(str(term), INI_KEYS)
        const text = readText(found(options.get('file') ?? given.file, context, 'files'), context)
        const isProperties = (options.get('type') ?? given.type) === 'properties'
        const name = isProperties ? 'java_properties' : (options.get('section') ?? given.section)
        const values = section(isProperties ? `[java_properties]\n${text}` : text, name, given.case_sensitive, given.allow_no_value)
        if (given.re || options.get('re')?.toLowerCase() === 'true') return [...values].filter(([key]) => key.search(compileRegex(own, {}, true)) >= 0).map(([, value]) => value)
        return [values.get(given.case_sensitive ? own : own.toLowerCase()) ?? options.get('default') ?? given.default]
      }),
  ),
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
