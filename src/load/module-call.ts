/** Which module a task calls, and with what: `module: {...}`, `module: free form`, `action`, `local_action` and `args`. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { didYouMean, suggest } from '../errors/suggest.ts'
import { str } from '../values/print.ts'
import { hasTemplateMarks, Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import { firstWord, parseArgsText } from './args-text.ts'
import { describe, unknownKeyword } from './fields.ts'
import { keywordAt, keywordsAt, type Place } from './keywords.ts'
import { NOWHERE, place as placeContainer, placesOf, positionOf, valuePositionOf } from '../values/positions.ts'

export interface ModuleCall {
  /** As written, also where a template gives it. */
  readonly module: string
  readonly moduleTemplate?: Template
  readonly position: Position
  readonly args: Dict
  readonly argsTemplate?: Template
  /** It was written as local_action. */
  readonly local: boolean
}

/** Which names there are; without `known`, any name may be one. */
export interface Names {
  /** Whether a name may be written: there is one, or it may be one of those that plonerun lacks. */
  readonly known?: ((name: string) => boolean) | undefined
  /** Whether plonerun has one of that name; what is `known`, unless given. */
  readonly exists?: ((name: string) => boolean) | undefined
  readonly all?: (() => Iterable<string>) | undefined
}

/** In the free form of these, only some names are options; every other word belongs to the command. */
const COMMANDS = new Set(['command', 'shell', 'raw', 'script', 'win_command', 'win_shell', 'ansible.windows.win_command', 'ansible.windows.win_shell'])
const COMMAND_OPTIONS = new Set(['creates', 'removes', 'chdir', 'executable', 'warn', 'stdin', 'stdin_add_newline', 'strip_empty_ends'])

/** `copy` of `copy`, `ansible.builtin.copy` and `ansible.legacy.copy`; any other name as it is. */
export function builtinName(module: string): string {
  return module.replace(/^ansible\.(?:builtin|legacy)\./, '')
}

/** Whether a key of a task, being no keyword, may name its module. */
export function isModuleKey(key: string): boolean {
  return !key.startsWith('with_')
}

/** Throws a PlonerunError when the task calls no module, two, or one that nobody knows. */
export function moduleCall(task: Dict, place: Place, names: Names): ModuleCall {
  const written = chooseKey(task, place, names)
  const where = positionOf(task, written) ?? NOWHERE
  if (written !== 'action' && written !== 'local_action') {
    return { module: written, position: where, local: false, ...withArgs(task, argumentsOf(written, task.get(written) ?? null, valuePositionOf(task, written))) }
  }
  const { module, args } = actionOf(written, task.get(written) ?? null, valuePositionOf(task, written))
  const call = { module, position: where, local: written === 'local_action', ...withArgs(task, args) }
  if (hasTemplateMarks(module)) return { ...call, moduleTemplate: new Template(module, where) }
  if (names.known?.(module) === false) throw unknownModule(module, where, names)
  return call
}

/** The key that calls the module. */
function chooseKey(task: Dict, place: Place, names: Names): string {
  const keys = [...task.keys()].filter((key): key is string => typeof key === 'string')
  const candidates = keys.filter((key) => key === 'action' || key === 'local_action' || (isModuleKey(key) && keywordAt(place, key) === undefined))
  const modules = candidates.length > 1 ? modulesAmong(candidates, place, names) : candidates
  const [module, second] = modules
  if (module === undefined) {
    if (candidates[0] !== undefined) throw unknownKeyword(task, candidates[0], place)
    throw new PlonerunError('this task calls no module', { where: positionOf(task), hint: 'a task names its module as a key, as in: ansible.builtin.command: uptime' })
  }
  if (second !== undefined) throw new PlonerunError(`this task calls two modules, '${module}' and '${second}'`, { where: positionOf(task, second), hint: 'make two tasks of it, or check the indentation' })
  if (!isAction(module) && !existsOrMay(module, place, names)) throw unknownModule(module, positionOf(task, module), names, place)
  const misspelt = candidates.find((key) => key !== module)
  if (misspelt !== undefined) throw unknownKeyword(task, misspelt, place)
  return module
}

/** A lone key that is like a keyword is one, unless there is a module of that name. */
function existsOrMay(module: string, place: Place, { known, exists = known }: Names): boolean {
  if (known === undefined) return true
  return known(module) && (exists?.(module) === true || !isLikeKeyword(module, place))
}

function isAction(key: string): boolean {
  return key === 'action' || key === 'local_action'
}

/** Of several candidates those that exist; else those that are not close to a keyword. */
function modulesAmong(candidates: readonly string[], place: Place, { known, exists = known }: Names): readonly string[] {
  const found = candidates.filter((key) => isAction(key) || exists?.(key) === true)
  return found.length > 0 ? found : candidates.filter((key) => !isLikeKeyword(key, place))
}

function isLikeKeyword(key: string, place: Place): boolean {
  return suggest(key, keywordsAt(place)) !== undefined
}

function unknownModule(name: string, where: Position | undefined, { all }: Names, place?: Place): PlonerunError {
  const candidates = [...(all?.() ?? []), ...(place === undefined ? [] : keywordsAt(place))]
  return new PlonerunError(`there is no module '${name}'`, { where, hint: didYouMean(name, candidates) })
}

/** Lays what the module's own value gives over `args`. */
function withArgs(task: Dict, own: Dict): { args: Dict; argsTemplate?: Template } {
  const more = task.get('args') ?? null
  if (more === null) return { args: own }
  if (more instanceof Template) return { args: own, argsTemplate: more }
  if (!(more instanceof Map)) throw new PlonerunError(`'args' takes a mapping of arguments, not ${describe(more)}`, { where: valuePositionOf(task, 'args') })
  const args = new Map<Value, Value>([...more, ...own])
  const [outer, inner] = [placesOf(more), placesOf(own)]
  if (outer !== undefined) {
    placeContainer(args, { start: outer.start, key: (key) => inner?.key(key) ?? outer.key(key), value: (key) => inner?.value(key) ?? outer.value(key) })
  }
  return { args }
}

function argumentsOf(module: string, value: Value, position: Position | undefined): Dict {
  if (value === null) return new Map()
  if (value instanceof Map) return value
  if (typeof value === 'string') return textArguments(module, value, position)
  if (value instanceof Template) return textArguments(module, value.source, value.position)
  throw new PlonerunError(`'${module}' takes a mapping of arguments, not ${describe(value)}`, { where: position })
}

/** The module and arguments of `action: copy src=a dest=b` or `action: {module: copy, src: a}`. */
function actionOf(key: string, value: Value, position: Position | undefined): { module: string; args: Dict } {
  if (value instanceof Map) {
    const { module: name, args: inner, ...rest } = Object.fromEntries([...value].map(([option, item]): [string, Value] => [str(option), item]))
    const text = name instanceof Template ? name.source : name
    if (typeof text !== 'string') throw new PlonerunError(`'${key}' names no module`, { where: position, hint: `write it as ${key}: {module: copy, ...}` })
    const { word, rest: words } = firstWord(text)
    const more = inner === undefined ? new Map<Value, Value>() : argumentsOf(word, inner, position)
    return { module: word, args: new Map([...Object.entries(rest), ...textArguments(word, words, position), ...more]) }
  }
  const source = value instanceof Template ? value.source : value
  if (typeof source !== 'string' || source.trim() === '') throw new PlonerunError(`'${key}' takes the name of a module and its arguments, not ${describe(value)}`, { where: position })
  const { word, rest, restOffset } = firstWord(source)
  return { module: word, args: textArguments(word, rest, position && within(position, source, restOffset)) }
}

/** Arguments given as text: every value is a text, or a Template at its own place. Words without a name are `_raw_params`. */
function textArguments(module: string, text: string, position: Position | undefined): Dict {
  const args: Dict = new Map()
  const parsed = parseArgsText(text, COMMANDS.has(builtinName(module)) ? COMMAND_OPTIONS : undefined, position)
  const offsets = new Map<Value, number>()
  const at = (offset = 0): Position => within(position ?? NOWHERE, text, offset)
  const add = (option: string, value: string, offset: number) => {
    args.set(option, hasTemplateMarks(value) ? new Template(value, at(offset)) : value)
    offsets.set(option, offset)
  }
  for (const option of parsed.options) add(option.name, option.value, option.offset)
  // Only a command's text may end with what looks like nothing.
  const rest = COMMANDS.has(builtinName(module)) ? parsed.rest : parsed.rest.trimEnd()
  if (rest.trim() !== '') add('_raw_params', rest, parsed.restOffset)
  const known = (option: Value) => (offsets.has(option) ? at(offsets.get(option)) : undefined)
  placeContainer(args, { start: at, key: known, value: known })
  return args
}

/** The place of an offset in a text that starts at a position; exact while the text is written on one line. */
function within(position: Position, text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n')
  return before.length === 1 ? { ...position, column: position.column + offset } : { ...position, line: position.line + before.length - 1 }
}
