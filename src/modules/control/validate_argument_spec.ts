/** validate_argument_spec: checks what a role is given against meta/argument_specs.yml. The loader puts it before the role's tasks. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { isDict } from '../../values/dict.ts'
import { repr, str } from '../../values/print.ts'
import { equal } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import type { Dict, Value } from '../../values/value.ts'
import { action } from '../contract/module.ts'
import { dict, flag, integer, list, number, path, raw, required, text, type Option } from '../contract/option.ts'

/** By the name that a spec gives its type. */
const TYPES: Readonly<Record<string, Option<unknown>>> = {
  str: text(''),
  path: path(''),
  int: integer(''),
  float: number(''),
  bool: flag(''),
  list: list(raw(''), ''),
  dict: dict(''),
  raw: raw(''),
  json: raw(''),
  jsonarg: raw(''),
  bytes: raw(''),
  bits: raw(''),
}

export const validateArgumentSpec = action({
  name: 'ansible.builtin.validate_argument_spec',
  summary: 'Checks what a role is given against its argument specs.',
  options: {
    argument_spec: required(dict('Options by name, as meta/argument_specs.yml has them.')),
    provided_arguments: dict('Values that win over the variables of the same names.'),
    validate_args_context: dict('What is checked, for messages.'),
  },
  pure: true,
  run({ argument_spec: spec, provided_arguments: provided }, context) {
    const mistakes = argumentMistakes(spec, (name) => provided?.get(name) ?? context.variable(name))
    return mistakes.length === 0 ? { result: {}, msg: 'The arg spec validation passed' } : { failed: true, msg: mistakes.join('\n'), result: { argument_errors: mistakes } }
  },
})

/**
 * What is wrong with the values of a set of options, a sentence each.
 * @param value what an option is given; undefined or null when nothing
 */
export function argumentMistakes(options: Dict, value: (name: string) => Value | undefined, within = ''): readonly string[] {
  const named = [...options].flatMap(([name, option]): [string, Dict][] => (typeof name === 'string' && isDict(option) ? [[name, option]] : []))
  const missing = named.filter(([name, option]) => option.get('required') === true && (value(name) ?? null) === null).map(([name]) => within + name).sort()
  return [
    ...(missing.length > 0 ? [`missing required arguments: ${missing.join(', ')}`] : []),
    ...named.flatMap(([name, option]) => mistakesOf(within + name, option, value(name) ?? null)),
  ]
}

function mistakesOf(name: string, option: Dict, value: Value): readonly string[] {
  if (value === null) return []
  const wrong = typeMistake(name, option.get('type') ?? 'str', value) ?? choiceMistake(name, option.get('choices'), value)
  if (wrong !== undefined) return [wrong]
  const items = isList(value) ? value : [value]
  const elements = option.get('elements')
  const ofItems = elements === undefined ? [] : items.flatMap((item, index) => typeMistake(`${name}[${index}]`, elements, item) ?? [])
  const below = option.get('options')
  return isDict(below ?? null) ? [...ofItems, ...items.flatMap((item) => optionMistakes(name, below as Dict, item))] : ofItems
}

/** Of a mapping with options of its own, which may hold no others. */
function optionMistakes(name: string, options: Dict, item: Value): readonly string[] {
  if (!isDict(item)) return []
  const names = [...options.keys()].filter((key) => typeof key === 'string')
  const unknown = [...item.keys()].filter((key) => !options.has(key)).map((key) => [`${name} has no option ${repr(key)}`, didYouMean(str(key), names)].filter(Boolean).join(': '))
  return [...unknown, ...argumentMistakes(options, (key) => item.get(key), `${name}.`)]
}

function typeMistake(name: string, type: Value, value: Value): string | undefined {
  try {
    TYPES[str(type)]?.parse(value)
    return undefined
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    return `${name}: ${error.message}`
  }
}

function choiceMistake(name: string, choices: Value | undefined, value: Value): string | undefined {
  if (choices === undefined || !isList(choices)) return undefined
  const other = (isList(value) ? value : [value]).find((item) => !choices.some((choice) => equal(choice, item)))
  return other === undefined ? undefined : `${name}: ${repr(other)} is none of ${choices.map(str).join(', ')}`
}
