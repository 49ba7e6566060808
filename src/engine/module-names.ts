/** From the name of a module as written to the module. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { suggest } from '../errors/suggest.ts'
import type { Task } from '../load/tree/task.ts'
import { shortName, type Module } from '../modules/contract/module.ts'
import type { Modules } from './context.ts'
import { builtinName } from '../load/module-call.ts'
import { CONTROL_NAMES } from './control-names.ts'
import { libraryModule } from './library-module.ts'

/** Modules by all their names: fully qualified, short, ansible.legacy. */
export function indexModules(modules: Iterable<Module>): Modules {
  const index = new Map<string, Module>()
  for (const module of modules)
    for (const name of [module.name, ...(module.aliases ?? [])]) {
      const short = shortName(name)
      for (const each of [name, `ansible.builtin.${short}`, `ansible.legacy.${short}`, short]) if (!index.has(each) || each === name) index.set(each, module)
    }
  return index
}

/** Every name that a task may give its module. */
export function moduleNames(modules: Modules): readonly string[] {
  return [...modules.keys(), ...CONTROL_NAMES]
}

/** Whether this is a module that plonerun has, or a word that steers the run. */
export function isModule(modules: Modules, name: string): boolean {
  return modules.has(name) || CONTROL_NAMES.has(builtinName(name))
}

/**
 * Whether a task may name this: a module, a word that steers the run, or something that plonerun may lack
 * (which is only wrong when such a task is reached). A name without a collection that is close to one there is, is misspelt.
 */
export function isModuleName(modules: Modules, name: string): boolean {
  if (isModule(modules, name)) return true
  return /^(?!ansible\.(builtin|legacy)\.)\w+\.\w+\./.test(name) || suggest(builtinName(name), moduleNames(modules)) === undefined
}

/**
 * The module of a task.
 * @throws PlonerunError when plonerun does not have it
 */
export function findModule(modules: Modules, { module: name, modulePosition, collections, library }: Pick<Task, 'module' | 'modulePosition' | 'collections' | 'library'>): Module {
  if (library?.refusal !== undefined) throw new PlonerunError(`the module '${name}' cannot run: ${library.refusal}`, { where: modulePosition, why: library.file })
  if (library !== undefined) return libraryModule(library)
  const found = modules.get(name) ?? collections.map((collection) => modules.get(`${collection}.${name}`)).find((module) => module !== undefined)
  if (found !== undefined) return found
  const similar = suggest(name, modules.keys())
  throw new PlonerunError(`plonerun has no module '${name}'`, {
    where: modulePosition,
    hint: similar === undefined ? '`plonerun doc --list` shows all that there are.' : `Did you mean '${similar}'?`,
  })
}
