/** `plonerun doc`: what a module is for and which options it takes. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { indexModules } from '../../engine/module-names.ts'
import type { Module } from '../../modules/contract/module.ts'
import type { Option } from '../../modules/contract/option.ts'
import { modules } from '../../modules/registry.generated.ts'
import type { RunCommand } from '../command-info.ts'

export const run: RunCommand = async ([names]) => {
  const wanted = names as readonly string[]
  const index = indexModules(modules)
  const found = wanted.map((name) => index.get(name) ?? unknown(name, index.keys()))
  process.stdout.write(found.length === 0 ? listText(modules) : found.map(moduleText).join('\n'))
  return 'ok'
}

function unknown(name: string, names: Iterable<string>): never {
  throw new PlonerunError(`there is no module '${name}'`, { hint: didYouMean(name, names) ?? '`plonerun doc --list` shows all modules' })
}

/** A line for each module, by name. */
export function listText(all: readonly Module[]): string {
  const sorted = [...all].sort((a, b) => (a.name < b.name ? -1 : 1))
  const width = Math.max(...sorted.map(({ name }) => name.length))
  return sorted.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}\n`).join('')
}

/** A module with its options, required ones first. */
export function moduleText({ name, aliases = [], summary, options, freeForm, untried }: Module): string {
  const entries = Object.entries(options).sort(([, a], [, b]) => Number(b.required) - Number(a.required))
  const width = Math.max(0, ...entries.map(([option]) => option.length))
  const about = [...aliases.map((alias) => `also ${alias}`), ...(freeForm === undefined ? [] : [`free form: ${freeForm}`]), ...(untried === undefined ? [] : [untriedNote(untried)])]
  return [name, `  ${summary}`, ...about.map((line) => `  ${line}`), '', ...entries.map(([option, info]) => `  ${option.padEnd(width)}  ${optionText(info)}`), ''].join('\n')
}

/** @param lacking what no host of the tests has */
export function untriedNote(lacking: string): string {
  return `Not tried on a real host, for lack of ${lacking}: the tests hold the commands that it gives.`
}

/** `str, required, one of a, b: what it is for (also dest, name)`. */
export function optionText({ type, doc, required, fallback, aliases, choices }: Option<unknown>): string {
  const traits = [
    choices ? `one of ${choices.join(', ')}` : type,
    ...(required ? ['required'] : []),
    ...(fallback === undefined ? [] : [`default ${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}`]),
    ...(aliases.length === 0 ? [] : [`also ${aliases.join(', ')}`]),
  ]
  return `${doc} (${traits.join('; ')})`
}
