/** The lookup `ini`: values of INI and properties files. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { asBool } from '../../values/python.ts'
import type { Value } from '../../values/value.ts'
import { readText } from '../files.ts'
import { anything, flag, or, string } from '../plugins/parameter.ts'
import type { Plugins } from '../plugins/plugin.ts'
import { compileRegex } from '../regex/translate.ts'
import { found } from './files.ts'
import { inlineOptions, lookup } from './lookup.ts'

interface Reading {
  readonly file: string
  readonly section: string
  readonly caseSensitive: boolean
  /** Keys may stand without a value. */
  readonly bareKeys: boolean
  readonly interpolation: boolean
}

type Section = Map<string, string | null>

/** Keys and values of one section; `[DEFAULT]` holds for all. */
function readSection(text: string, { file, section, caseSensitive, bareKeys, interpolation }: Reading): Section {
  const sections = new Map<string, Section>()
  let name: string | undefined
  let current: Section | undefined
  let last: string | undefined
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue
    const head = /^\[(.+)\]\s*$/.exec(line)
    if (head) {
      name = head[1]!
      current = sections.get(name) ?? new Map<string, string | null>()
      sections.set(name, current)
      last = undefined
      continue
    }
    if (/^\s/.test(line) && current && last !== undefined) {
      current.set(last, `${current.get(last) ?? ''}\n${line.trim()}`)
      continue
    }
    const [, written, value] = /^([^=:]+?)\s*(?:[=:]\s*(.*))?$/.exec(line.trim())!
    if (value === undefined && !bareKeys) throw new PlonerunError(`ini: '${line.trim()}' in ${file} is no key and value`, { hint: 'allow_no_value=True takes keys alone' })
    last = caseSensitive ? written! : written!.toLowerCase()
    if (current?.has(last) === true) throw new PlonerunError(`Duplicate option in '${file}': section '${name ?? ''}', option '${last}'`)
    current?.set(last, value ?? null)
  }
  const own = sections.get(section)
  if (own === undefined) throw new PlonerunError(`No section '${section}' in ${file}`)
  const all: Section = new Map([...(sections.get('DEFAULT') ?? []), ...own])
  return interpolation ? new Map([...all].map(([key, value]) => [key, value === null ? null : interpolated(value, all, caseSensitive)])) : all
}

/** Each `%(name)s` replaced by the value of that name in the section. */
function interpolated(value: string, section: Section, caseSensitive: boolean, depth = 0): string {
  return value.replace(/%(%|\((\w[^)]*)\)s|)/g, (_, kind: string, name: string | undefined) => {
    if (kind === '%') return '%'
    const other = name === undefined ? undefined : section.get(caseSensitive ? name : name.toLowerCase())
    if (other === undefined || other === null || depth > 10) throw new PlonerunError(`ini: '${value}' refers to what is not there`, { hint: 'interpolation=False takes % as it is' })
    return interpolated(other, section, caseSensitive, depth + 1)
  })
}

const KEYS = ['type', 'file', 'section', 're', 'encoding', 'default', 'case_sensitive', 'allow_no_value', 'allow_none', 'interpolation']

/** The key to look up, and the options written behind it. */
function splitTerm(term: string): { key: string; options: ReadonlyMap<string, string> } {
  const { own, options } = inlineOptions(term, KEYS)
  const unknown = /^([\w-]+)=/.exec(own)?.[1]
  if (unknown !== undefined) throw new PlonerunError(`ini: '${unknown}' is not a valid option`, { hint: `known are ${KEYS.join(', ')}` })
  if (own === '') throw new PlonerunError('No key to look up was provided as first term within string inline options', { hint: 'write it as: KEY section=NAME file=FILE' })
  return { key: own, options }
}

export const iniLookup: Plugins = {
  ini: lookup(
    {
      type: or(string, 'ini'), file: or(string, 'ansible.ini'), section: or(string, 'global'), re: or(flag, false), default: or<Value>(anything, ''), encoding: or(string, 'utf-8'),
      case_sensitive: or(flag, false), allow_no_value: or(flag, false), allow_none: or(flag, false), interpolation: or(flag, true),
    },
    (terms, given, { context }) =>
      terms.flatMap((term): Value[] => {
        const { key, options } = splitTerm(str(term))
        const yes = (name: 're' | 'case_sensitive' | 'allow_no_value' | 'allow_none' | 'interpolation'): boolean => (options.has(name) ? asBool(options.get(name)!) === true : given[name])
        const file = found(options.get('file') ?? given.file, context, 'files')
        const text = readText(file, context, options.get('encoding') ?? given.encoding)
        const isProperties = (options.get('type') ?? given.type) === 'properties'
        const section = isProperties ? 'java_properties' : (options.get('section') ?? given.section)
        const caseSensitive = yes('case_sensitive')
        const values = readSection(isProperties ? `[java_properties]\n${text}` : text, { file, section, caseSensitive, bareKeys: yes('allow_no_value') || yes('allow_none'), interpolation: yes('interpolation') })
        if (yes('re')) return [...values].filter(([name]) => name.search(compileRegex(key, {}, true)) >= 0).flatMap(([, value]) => value ?? [])
        const value = values.get(caseSensitive ? key : key.toLowerCase())
        if (value === null) return []
        return [value ?? options.get('default') ?? given.default]
      }),
  ),
}
