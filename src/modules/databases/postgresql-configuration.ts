/** Settings that a role of PostgreSQL has from the start of each session: what is kept, what differs from what is wanted, and the statements. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import type { Dict } from '../../values/value.ts'
import { parseText } from '../contract/option.ts'
import { sqlName, sqlText } from './postgresql-client.ts'

/** By their names, in the order that the server keeps them. */
export type Configuration = ReadonlyMap<string, string>

export interface ConfigurationInput {
  readonly configuration: Dict
  readonly reset_unspecified_configuration: boolean
  readonly quote_configuration_values: boolean
  readonly trust_input: boolean
}

/** What looks like more than a value: a comment behind a quote, another query, another statement. */
const DANGEROUS = [/['"].*--/, /(?:UNION|INTERSECT|EXCEPT).*SELECT/i, /;.*(?:SELECT|UPDATE|INSERT|DELETE|DROP|TRUNCATE|ALTER)/i]

/** @throws PlonerunError for a name with quotes, a setting without a value, and what is not to be trusted */
export function wantedConfiguration({ configuration, quote_configuration_values: quoted, trust_input: trusted }: ConfigurationInput): Configuration {
  const wanted = new Map([...configuration].map(([name, value]) => {
    if (value === null) throw new PlonerunError(`configuration: '${str(name)}' has no value`, { kind: 'task', hint: 'reset_unspecified_configuration takes away what is not named.' })
    return [str(name), parseText(value)]
  }))
  if ([...wanted.keys()].some((name) => /['"]/.test(name))) throw new PlonerunError('The key of a configuration may not contain single or double quotes', { kind: 'task' })
  // What is quoted is a value whatever it holds.
  const doubtful = trusted || quoted ? [] : [...wanted].flat().filter((each) => DANGEROUS.some((pattern) => pattern.test(each)))
  if (doubtful.length > 0) throw new PlonerunError(`Passed input '${doubtful.join(', ')}' is potentially dangerous`, { kind: 'task' })
  return wanted
}

/** From a JSON list of texts such as `work_mem=16MB`. */
export function parseConfiguration(json: string): Configuration {
  return new Map((JSON.parse(json || '[]') as readonly string[]).map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]))
}

/** The same as the server tells it. */
export function configurationText(configuration: Configuration): string {
  return JSON.stringify([...configuration].map(([name, value]) => `${name}=${value}`))
}

export interface ConfigurationChanges {
  readonly reset: readonly string[]
  readonly set: Configuration
}

export function configurationChanges(current: Configuration, wanted: Configuration, { reset_unspecified_configuration: resets, quote_configuration_values: quoted }: ConfigurationInput): ConfigurationChanges {
  const names = [...wanted.keys()].map((name) => name.toLowerCase())
  return {
    reset: resets ? [...current.keys()].filter((name) => !names.includes(name.toLowerCase())) : [],
    set: new Map([...wanted].filter(([name, value]) => !isKept(kept(current, name), value, quoted))),
  }
}

/** Names of settings are the same in any case. */
function kept(current: Configuration, name: string): string | undefined {
  return [...current].find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
}

/** A list is kept with a space behind each comma, and a name in it that needs quotes with them. */
function isKept(current: string | undefined, value: string, quoted: boolean): boolean {
  if (current === undefined) return false
  if (quoted) return current === value || current === `"${value.replaceAll('"', '""')}"`
  const text = /^'(?:[^']|'')*'$/.test(value) ? value.slice(1, -1).replaceAll("''", "'") : value
  const plain = (list: string): string => list.split(',').map((each) => each.trim().replace(/^(['"])(.*)\1$/, '$2')).join(', ')
  return current === text || plain(current) === plain(text)
}

/** What the server keeps afterwards. */
export function configurationAfter(current: Configuration, { reset, set }: ConfigurationChanges): Configuration {
  const names = [...set.keys(), ...reset].map((name) => name.toLowerCase())
  return new Map([...[...current].filter(([name]) => !names.includes(name.toLowerCase())), ...set])
}

/** The statements; Ansible tells them with the semicolon. */
export function configurationStatements(role: string, { reset, set }: ConfigurationChanges, quoted: boolean): readonly string[] {
  return [
    ...reset.map((name) => `ALTER ROLE ${sqlName(role)} RESET ${sqlName(name)}`),
    ...[...set].map(([name, value]) => `ALTER ROLE ${sqlName(role)} SET ${sqlName(name)} TO ${quoted ? sqlText(value) : value}`),
  ]
}

/** Whether the server has refused a setting, rather than something else. */
export function refusesSetting(said: string): boolean {
  return /configuration parameter|value for parameter|parameter "[^"]*" /.test(said)
}
