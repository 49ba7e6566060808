/** Files of settings in sections, as Python's configparser reads them. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'

export interface IniEntry {
  readonly value: string
  readonly position: Position
}

/** Entries by section and key. `;` behind a space starts a comment; an indented line goes on with the value above it. Throws a PlonerunError for a line that is neither. */
export function readIniSections(text: string, file: string): Map<string, Map<string, IniEntry>> {
  const sections = new Map<string, Map<string, IniEntry>>()
  let entries: Map<string, IniEntry> | undefined
  let key: string | undefined
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const position = { file, line: index + 1, column: raw.length - raw.trimStart().length + 1 }
    const line = raw.replace(/(?:^|\s);.*$/, '').trimEnd()
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const above = key === undefined ? undefined : entries?.get(key)
    if (/^\s/.test(line) && above !== undefined && key !== undefined) {
      entries?.set(key, { ...above, value: `${above.value}\n${line.trim()}`.trim() })
      continue
    }
    const section = /^\[([^\]]+)\]$/.exec(line.trim())?.[1]
    if (section !== undefined) {
      entries = sections.get(section) ?? new Map<string, IniEntry>()
      sections.set(section, entries)
      key = undefined
      continue
    }
    const [, name, value] = /^\s*([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? []
    if (name === undefined || value === undefined || entries === undefined) {
      throw new PlonerunError(entries === undefined ? 'a setting stands before the first section' : `'${line.trim()}' is no setting`, { where: position, hint: 'write settings as name = value, below a section such as [defaults]' })
    }
    key = name.toLowerCase()
    entries.set(key, { value, position })
  }
  return sections
}
