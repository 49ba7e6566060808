/** validate_argument_spec: checks what a role is given against meta/argument_specs.yml. The loader puts it before the role's tasks. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { isDict } from '../../values/dict.ts'
import { str } from '../../values/print.ts'
import { equal, typeName } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import type { Dict, Value } from '../../values/value.ts'
import { action } from '../contract/module.ts'
import { dict, flag, integer, list, number, path, raw, required, type Option } from '../contract/option.ts'

/** By the name that a spec gives its type. */
const TYPES: Readonly<Record<string, Option<unknown>>> = {
  // Python makes a text of anything.
  str: raw(''),
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
  run({ argument_spec: spec, provided_arguments: provided, validate_args_context: about }, context) {
    const mistakes = argumentMistakes(spec, (name) => provided?.get(name) ?? context.variable(name))
    const result = { validate_args_context: about ?? new Map() }
    if (mistakes.length === 0) return { result, msg: 'The arg spec validation passed' }
    return { failed: true, msg: `Validation of arguments failed:\n${mistakes.join('\n')}`, result: { ...result, argument_spec_data: spec, argument_errors: mistakes } }
  },
})

/**
 * What is wrong with the values of a set of options, a sentence each.
 * @param value what an option is given; undefined when nothing
 * @param within the options that these belong to, outermost first
 */
export function argumentMistakes(options: Dict, value: (name: string) => Value | undefined, within: readonly string[] = []): readonly string[] {
  const named = [...options].flatMap(([name, option]): [string, Dict][] => (typeof name === 'string' && isDict(option) ? [[name, option]] : []))
  const missing = named.filter(([name, option]) => option.get('required') === true && value(name) === undefined).map(([name]) => name).sort()
  return [
    ...(missing.length > 0 ? [`missing required arguments: ${missing.join(', ')}${foundIn(within)}`] : []),
    ...named.flatMap(([name, option]) => mistakesOf(name, option, value(name), within)),
  ]
}

function foundIn(within: readonly string[]): string {
  return within.length === 0 ? '' : ` found in ${within.join(' -> ')}`
}

function mistakesOf(name: string, option: Dict, value: Value | undefined, within: readonly string[]): readonly string[] {
  if (value === undefined || (value === null && option.get('required') !== true)) return []
  const wrong = typeMistake(name, option.get('type') ?? 'str', value, within) ?? choiceMistake(name, option.get('choices'), value, within)
  if (wrong !== undefined) return [wrong]
  const items = isList(value) ? value : [value]
  const elements = option.get('elements')
  const ofItems = elements === undefined ? [] : items.flatMap((item, index) => typeMistake(`${name}[${index}]`, elements, item, within) ?? [])
  const below = option.get('options')
  return isDict(below ?? null) ? [...ofItems, ...items.flatMap((item) => optionMistakes([...within, name], below as Dict, item))] : ofItems
}

/** Of a mapping with options of its own, which may hold no others. */
function optionMistakes(within: readonly string[], options: Dict, item: Value): readonly string[] {
  if (!isDict(item)) return []
  const names = [...options.keys()].filter((key) => typeof key === 'string')
  const unknown = [...item.keys()].filter((key) => !options.has(key)).map((key) => [`${[...within, str(key)].join('.')}. Supported parameters include: ${names.sort().join(', ')}.`, didYouMean(str(key), names)].filter(Boolean).join(' '))
  return [...unknown, ...argumentMistakes(options, (key) => item.get(key), within)]
}

function typeMistake(name: string, type: Value, value: Value, within: readonly string[]): string | undefined {
  const start = `argument '${name}' is of type ${typeName(value)}${foundIn(within)} and we were unable to convert to ${str(type)}: `
  if (value === null) return NOTHING[str(type)] && start + NOTHING[str(type)]!
  try {
    TYPES[str(type)]?.parse(value)
    return undefined
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    return start + error.message
  }
}

/** Why a type does not take None; the others do. */
const NOTHING: Readonly<Record<string, string>> = {
  int: '"None" cannot be converted to an int',
  float: '"None" cannot be converted to a float',
  list: "<class 'NoneType'> cannot be converted to a list",
  dict: "<class 'NoneType'> cannot be converted to a dict",
}

function choiceMistake(name: string, choices: Value | undefined, value: Value, within: readonly string[]): string | undefined {
  if (choices === undefined || !isList(choices)) return undefined
  const other = (isList(value) ? value : [value]).find((item) => !choices.some((choice) => equal(choice, item)))
  return other === undefined ? undefined : `value of ${name} must be one of: ${choices.map(str).join(', ')}, got: ${str(other)}${foundIn(within)}`
}
