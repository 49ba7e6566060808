/** What a command works on: inventory, loader, templates, modules and variables of the command line. */
import { join } from 'node:path'
import { indexModules, isModule, isModuleName, moduleNames } from '../engine/module-names.ts'
import type { Modules } from '../engine/context.ts'
import type { Inventory } from '../load/inventory/types.ts'
import { createLoader, type Loader } from '../load/loader.ts'
import type { Warning } from '../load/warning.ts'
import { createPluginPlaces, type PluginSettings } from '../load/plugin-places.ts'
import { DEFAULT_COLLECTIONS_PATH, DEFAULT_ROLES_PATH } from '../load/role-search.ts'
import { createVault } from '../load/vault.ts'
import { modules as allModules } from '../modules/registry.generated.ts'
import { builtin } from '../template/builtin.ts'
import { createHashThreads } from '../template/hashing/threads.ts'
import { createPythonPlugins } from '../template/python/plugins.ts'
import { createTemplating, type Templating } from '../template/templating.ts'
import type { Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import { scopeOf } from '../vars/scope.ts'
import { parseExtraVars } from './extra-vars.ts'
import { packageRoot } from './package-root.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { vaultPasswords, type VaultOptions } from './passwords.ts'

export interface ProjectOptions extends VaultOptions {
  readonly inventory?: readonly string[] | undefined
  readonly extraVars?: readonly string[] | undefined
  /** Folders that hold roles, besides those of the playbook and of plonerun. */
  readonly rolesPath?: readonly string[] | undefined
  readonly collectionsPath?: readonly string[] | undefined
  /** Folders that hold modules of the person's own. */
  readonly libraryPath?: readonly string[] | undefined
  /** Folders that hold filters, tests and lookups of the person's own. */
  readonly pluginPaths?: PluginSettings['paths'] | undefined
  /** Whether variables of roles are seen by the roles themselves only; undefined: those of static ones by all. */
  readonly privateRoleVars?: boolean | undefined
  /** What is made of a key that stands twice: warn, unless it is error or ignore. */
  readonly duplicateKeys?: string | undefined
  /** Settings by Ansible's names, for the lookup `config`. */
  readonly config?: Dict | undefined
}

export interface Project {
  readonly loader: Loader
  readonly inventory: Inventory
  /** Reads its sources again. */
  readonly readInventory: () => Inventory
  readonly inventorySources: readonly string[]
  readonly templating: Templating
  readonly modules: Modules
  readonly extraVars: Dict
  /** Opens what a vault encrypted. */
  readonly decrypt: (content: string, file: string) => string
}

/**
 * Reads the inventory and makes ready what playbooks are read with.
 * @param warn takes what is worth telling about the person's files
 */
export async function openProject(options: ProjectOptions, warn: (warning: Warning) => void): Promise<Project> {
  const vault = createVault(await vaultPasswords(options))
  const modules = indexModules(allModules)
  const plugins = createPluginPlaces({ paths: options.pluginPaths ?? {}, collectionsPath: options.collectionsPath ?? DEFAULT_COLLECTIONS_PATH })
  const own = createPythonPlugins(plugins.folders)
  const templating = createTemplating({ own, elsewhere: createHashThreads(join(packageRoot(), 'dist/hashing.cjs')), settings: options.config ?? new Map<Value, Value>(), onWarning: (message, position) => warn({ message, ...(position && { position }) }) })
  const loader = createLoader({
    vault,
    warn: options.duplicateKeys === undefined ? warn : withoutDuplicates(options.duplicateKeys, warn),
    plugins,
    modules: { known: (name) => isModuleName(modules, name), exists: (name) => isModule(modules, name), all: () => moduleNames(modules) },
    lookups: { known: (name) => Object.hasOwn(builtin.lookup, name.slice(name.lastIndexOf('.') + 1)) || own('lookup', name) !== undefined, all: () => Object.keys(builtin.lookup) },
    rolesPath: [...(options.rolesPath ?? DEFAULT_ROLES_PATH), join(packageRoot(), 'roles')],
    ...(options.libraryPath && { libraryPath: options.libraryPath }),
    ...(options.privateRoleVars !== undefined && { privateRoleVars: options.privateRoleVars }),
    ...(options.collectionsPath && { collectionsPath: options.collectionsPath }),
    evaluate: (template, vars) => templating.resolve(template, scopeOf([extraVars, vars]), { basedir: process.cwd(), searchPath: [] }),
  })
  const extraVars = parseExtraVars(options.extraVars ?? [], loader)
  const inventorySources = options.inventory ?? []
  const expressions = { evaluate: (template: Template, vars: Dict) => templating.resolve(template, scopeOf([vars]), { basedir: process.cwd(), searchPath: [] }), extraVars }
  return {
    loader,
    inventory: loader.loadInventory(inventorySources, expressions),
    readInventory: () => loader.loadInventory(inventorySources, expressions),
    inventorySources,
    templating,
    modules,
    extraVars,
    decrypt: (content, file) => vault.decrypt(content, { file, line: 1, column: 1 }).toString('utf8'),
  }
}

/** The setting duplicate_dict_key. */
function withoutDuplicates(setting: string, warn: (warning: Warning) => void): typeof warn {
  if (!['warn', 'error', 'ignore'].includes(setting)) throw new PlonerunError(`duplicate_dict_key takes warn, error or ignore, not '${setting}'`)
  return (warning) => {
    if (warning.duplicateKey !== true || setting === 'warn') warn(warning)
    else if (setting === 'error') throw new PlonerunError(warning.message, { where: warning.position })
  }
}
