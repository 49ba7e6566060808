/** The person's own filters, tests and lookups: they are written in Python, and run by the python3 of this machine. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isList } from '../../values/tuple.ts'
import { NotKnown, Unknown } from '../../values/unknown.ts'
import type { Value } from '../../values/value.ts'
import { compute } from '../evaluate/boundary.ts'
import { keywords, rest } from '../plugins/parameter.ts'
import { plugin, type Environment, type Plugin, type PluginKind } from '../plugins/plugin.ts'
import type { FindPlugin } from '../plugins/registry.ts'
import { converse, type Conversation } from './conversation.ts'
import { decode, encode, type Encoded } from './encode.ts'
import importer from '../../python/importer.py?raw'
import { standIns } from '../../python/stand-ins.ts'
import worker from './worker.py?raw'

/** Folders that hold plugins of a kind: those of a collection, or those that names without one are looked for in. */
export type PluginFolders = (kind: PluginKind, collection: string | undefined) => readonly string[]

type Answer = { readonly value: Encoded } | { readonly error: string } | { readonly variable: string } | { readonly variables: true }

interface Call {
  readonly kind: PluginKind
  readonly file: string
  readonly name: string
  readonly args: readonly Encoded[]
  readonly kwargs: Encoded
  /** That it runs in, and looks for files from. */
  readonly folder: string
}

/** Finds plugins in these folders. Python is started when the first of them is needed. */
export function createPythonPlugins(folders: PluginFolders): FindPlugin {
  let started: Conversation | undefined
  const python = (): Conversation => (started ??= startWorker())
  const found = new Map<string, Plugin>()
  const listed = new Map<string, readonly string[] | PlonerunError>()

  /** The names that a file has, or why that cannot be told. */
  function namesIn(kind: PluginKind, file: string): readonly string[] | PlonerunError {
    const key = `${kind} ${file}`
    const known = listed.get(key)
    if (known !== undefined) return known
    const names = attempt(() => request(python(), { names: { kind, file } }, noVariables) as readonly string[])
    listed.set(key, names)
    return names
  }

  return (kind, name) => {
    const key = `${kind} ${name}`
    const known = found.get(key)
    if (known !== undefined) return known
    const [, collection, short = name] = /^(\w+\.\w+)\.(.+)$/.exec(name) ?? []
    const refusals: PlonerunError[] = []
    for (const file of folders(kind, collection).flatMap((folder) => filesIn(folder, short))) {
      const names = namesIn(kind, file)
      if (names instanceof PlonerunError) refusals.push(names)
      else if (names.includes(short)) {
        const made = pluginOf(kind, short, file, python)
        found.set(key, made)
        return made
      }
    }
    if (refusals.length > 0) throw new PlonerunError(`there is no ${kind} '${name}'`, { why: refusals.map(({ message }) => message).join('\n') })
    return undefined
  }
}

function startWorker(): Conversation {
  const python = converse('python3', ['-B', '-c', `${importer}\n${worker}`], { PYTHONUTF8: '1' })
  python.say(JSON.stringify(standIns))
  return python
}

/** Python files of a folder, one of the plugin's name first. */
function filesIn(folder: string, name: string): string[] {
  let files: readonly string[]
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.py') && !file.startsWith('_'))
  } catch {
    return []
  }
  const own = `${name}.py`
  return [...files].sort((one, other) => Number(other === own) - Number(one === own) || (one < other ? -1 : 1)).map((file) => join(folder, file))
}

function pluginOf(kind: PluginKind, name: string, file: string, python: () => Conversation): Plugin {
  return plugin({ '*': rest, '**': keywords }, ({ '*': args, '**': kwargs }, environment) => {
    const call: Call = { kind, file, name, args: args.map(encode), kwargs: encode(new Map<Value, Value>(kwargs)), folder: environment.context.basedir }
    if (kind !== 'lookup') return decode(request(python(), { call }, noVariables) as Encoded)
    return environment.once(`python ${JSON.stringify(call)}`, () => lookUp(call, environment, python()))
  })
}

/** What a lookup gives. It may ask for variables; what it makes of secrets is secret. */
function lookUp(call: Call, environment: Environment, python: Conversation): Value {
  const asked: Value[] = []
  const value = decode(request(python, { call }, (name) => {
    if (name === undefined) return [...environment.scope.names()]
    const variable = environment.variable(name)
    if (variable === undefined) return []
    const resolved = environment.resolve(variable)
    asked.push(resolved)
    let told: Encoded = null
    const unknown = compute([resolved], ([plain]) => {
      told = encode(plain!)
      return null
    })
    if (unknown instanceof Unknown) throw new NotKnown(unknown)
    return [told]
  }) as Encoded)
  const items = isList(value) ? value : [value]
  return compute(asked, () => items, { unknown: 'anywhere' })
}

function noVariables(): Encoded {
  return []
}

/**
 * Asks, and answers what is asked back.
 * @param variable the value of a variable in a list, which is empty when there is none; without a name, all names
 */
function request(python: Conversation, question: { readonly call: Call } | { readonly names: { readonly kind: PluginKind; readonly file: string } }, variable: (name?: string) => Encoded): unknown {
  const { file } = 'call' in question ? question.call : question.names
  let trouble: { readonly error: unknown } | undefined
  python.say(JSON.stringify(question))
  for (;;) {
    const line = python.hear()
    if (line === undefined) throw new PlonerunError(`${file} needs python3 on this machine, which is not there or has ended`)
    const answer = JSON.parse(line) as Answer
    if ('value' in answer || 'error' in answer) {
      if (trouble !== undefined) throw trouble.error
      if ('error' in answer) throw new PlonerunError(`${file}: ${answer.error}`)
      return answer.value
    }
    let told: Encoded = []
    try {
      told = 'variable' in answer ? variable(answer.variable) : variable()
    } catch (error) {
      // The plugin goes on as if there were none; then it is not listened to.
      trouble ??= { error }
    }
    python.say(JSON.stringify(told))
  }
}

function attempt<T>(run: () => T): T | PlonerunError {
  try {
    return run()
  } catch (error) {
    if (error instanceof PlonerunError) return error
    throw error
  }
}
