/** The loader of a run: reads each of the person's files once and gives typed trees. */
import { dirname, resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import { createFiles } from './files.ts'
import { enclosureOf, ownVars } from './includes.ts'
import { NO_KEYWORDS } from './inherit.ts'
import type { Expressions } from './inventory/constructed.ts'
import { hostVarLayers } from './inventory/layers.ts'
import { readInventory } from './inventory/sources.ts'
import type { Inventory, VarLayer } from './inventory/types.ts'
import { createLibrary, DEFAULT_LIBRARY_PATH } from './library.ts'
import type { Names } from './module-call.ts'
import { createPluginPlaces, type PluginPlaces } from './plugin-places.ts'
import { readPlaybook, readPlays } from './plays.ts'
import { isPublic, type PlayReading, type Reading } from './reading.ts'
import { DEFAULT_COLLECTIONS_PATH, DEFAULT_ROLES_PATH } from './role-search.ts'
import { readRole } from './roles.ts'
import { findTaskFile, readTaskFile } from './task-file.ts'
import { readHandlers, readStatements } from './tasks.ts'
import type { Handler, Task } from './tree/task.ts'
import type { Included, Play, Playbook } from './tree/play.ts'
import type { Role } from './tree/role.ts'
import type { Warning } from './warning.ts'
import { createInventoryFiles } from './vars-files.ts'
import { createVault, type Vault } from './vault.ts'

export interface LoaderOptions {
  /** Folders that hold roles, searched after roles/ beside the playbook. */
  readonly rolesPath?: readonly string[]
  /** Folders that hold ansible_collections/. */
  readonly collectionsPath?: readonly string[]
  /** Folders that hold modules of the person's own, searched after library/ beside the playbook and in roles. */
  readonly libraryPath?: readonly string[]
  /** Takes the folders that may bring plugins. */
  readonly plugins?: PluginPlaces
  /** Which modules exist, by short or fully qualified names; for "did you mean" as well. */
  readonly modules?: Names
  /** Which lookups exist, for with_ loops. */
  readonly lookups?: Names
  readonly vault?: Vault
  /** Whether variables of a role are seen by the role itself only, where nothing else is said; undefined: those of included ones. */
  readonly privateRoleVars?: boolean
  /**
   * Evaluates what static imports name (`import_tasks: "{{ os }}.yml"`, a role's name, a playbook's).
   * `vars` are those of the play, its roles and the import; the caller adds the extra vars.
   */
  readonly evaluate?: (template: Template, vars: Dict) => Value
  readonly warn?: (warning: Warning) => void
}

/** What include_role asks for, evaluated. */
export interface RoleRequest {
  readonly name: string
  readonly tasksFrom?: string
  readonly varsFrom?: string
  readonly defaultsFrom?: string
  readonly handlersFrom?: string
  readonly allowDuplicates?: boolean
  readonly public?: boolean
  /** Whether the role's argument specs are checked. */
  readonly validate?: boolean
}

/** All methods throw a PlonerunError with its position for what is wrong in a file. */
export interface Loader {
  loadPlaybook(file: string): Playbook
  /** Plays that the program makes itself (ad hoc), as the YAML of a playbook would give them. */
  loadPlays(plays: Value, name: string): readonly Play[]
  /**
   * The tasks (or handlers, when the include is one) of a file for an include_tasks.
   * @param play that the include belongs to
   * @param file evaluated; relative names are searched as Ansible does
   * @param vars more variables for them, such as the include's loop item
   */
  includeTasks(play: Play, include: Task, file: string, vars?: Dict): Included
  /** A role for an include_role. */
  includeRole(play: Play, include: Task, request: RoleRequest, vars?: Dict): Included
  /** A file of variables (YAML or JSON), decrypted when it is a vault. */
  loadVarsFile(file: string): Dict
  /** The same, as the file is now: a run may have written it. */
  loadVarsFileNow(file: string): Dict
  /**
   * @param sources files, directories, scripts, or `host,host,` lists
   * @param expressions for sources that make groups and variables of those before them
   */
  loadInventory(sources: readonly string[], expressions?: Expressions): Inventory
  /** The inventory variables of a host, the weakest first. @param playbookFolder whose group_vars/ and host_vars/ count as well */
  hostVarLayers(inventory: Inventory, host: string, playbookFolder?: string): readonly VarLayer[]
}

/** A loader with its own cache: each file is read once. */
export function createLoader(options: LoaderOptions = {}): Loader {
  const { modules = {}, lookups = {}, plugins = createPluginPlaces({}), vault = createVault([]), warn = () => undefined } = options
  const evaluate = options.evaluate ?? cannotEvaluate
  const files = createFiles(vault, warn)
  const library = createLibrary(options.libraryPath ?? DEFAULT_LIBRARY_PATH)
  /** Of the inventory, which may be read again. */
  let inventoryFiles = createInventoryFiles(files)

  const readingFor = (file: string, vars: () => Dict): PlayReading => {
    plugins.add(dirname(file))
    return {
      files,
      modules,
      lookups,
      library,
      plugins,
      search: { folder: dirname(file), rolesPath: options.rolesPath ?? DEFAULT_ROLES_PATH, collectionsPath: options.collectionsPath ?? DEFAULT_COLLECTIONS_PATH },
      vars,
      evaluate,
      warn,
      ...(options.privateRoleVars !== undefined && { privateRoleVars: options.privateRoleVars }),
      role: readRole,
    }
  }

  return {
    loadPlaybook(file) {
      const path = resolve(file)
      return { file: path, plays: readPlaybook(path, readingFor) }
    },

    loadPlays: (plays, name) => readPlays(plays, resolve(name), readingFor, { keywords: NO_KEYWORDS, vars: new Map(), files: [] }),

    includeTasks(play, include, file, vars = new Map()) {
      const roles: Role[] = []
      const handlers: Handler[] = []
      const enclosure = enclosureOf(include, vars)
      const reading: Reading = {
        play: readingFor(play.file, () => play.vars),
        kind: include.kind,
        enclosure,
        imports: [],
        brought: (included) => {
          roles.push(...included.roles)
          handlers.push(...included.handlers)
        },
      }
      const path = findTaskFile(file, reading, include.modulePosition, 'include')
      const inner: Reading = { ...reading, imports: [path], enclosure: { ...enclosure, files: [path, ...enclosure.files] } }
      const list = [...readTaskFile(path, reading.play, include.modulePosition)]
      return { tasks: include.kind === 'handler' ? readHandlers(list, inner).map((handler) => ({ ...handler, included: true as const })) : readStatements(list, inner), handlers, roles }
    },

    includeRole(play, include, request, vars = new Map()) {
      const reading = readingFor(play.file, () => play.vars)
      return readRole(
        {
          name: request.name,
          position: include.modulePosition,
          from: { tasks: request.tasksFrom, vars: request.varsFrom, defaults: request.defaultsFrom, handlers: request.handlersFrom },
          enclosure: enclosureOf(include, vars),
          entryVars: ownVars(include),
          params: new Map(),
          own: {},
          fromInclude: true,
          public: isPublic(request.public, false, reading),
          allowDuplicates: request.allowDuplicates ?? true,
          validate: request.validate ?? true,
          imports: [],
        },
        reading,
      )
    },

    loadVarsFile: (file) => files.readVars(resolve(file)),
    loadVarsFileNow: (file) => createFiles(vault, warn).readVars(resolve(file)),
    loadInventory(sources, expressions) {
      inventoryFiles = createInventoryFiles(createFiles(vault, warn))
      return readInventory(sources, inventoryFiles, expressions)
    },
    hostVarLayers: (inventory, host, playbookFolder) => hostVarLayers(inventory, host, playbookFolder, inventoryFiles),
  }
}

function cannotEvaluate(template: Template): never {
  throw new PlonerunError('templates cannot be used here', { where: template.position })
}
