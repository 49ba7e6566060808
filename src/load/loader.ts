/** The loader of a run: reads each of the person's files once and gives typed trees. */
import type { Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import type { Inventory } from './inventory/types.ts'
import type { Included, Playbook, Task, Warning } from './types.ts'

export interface LoaderOptions {
  /** Folders that hold roles, searched after roles/ beside the playbook. */
  readonly rolesPath?: readonly string[]
  /** Folders that hold ansible_collections/. */
  readonly collectionsPath?: readonly string[]
  /** Whether a name, short or fully qualified, is a module. Absent: every plausible name is. */
  readonly knownModule?: (name: string) => boolean
  /** All names a person may have meant, for "did you mean". */
  readonly moduleNames?: () => Iterable<string>
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
  /**
   * The tasks (or handlers, when the include is one) of a file for an include_tasks.
   * @param file evaluated; relative names are searched as Ansible does
   * @param vars more variables for them, such as the include's loop item
   */
  includeTasks(include: Task, file: string, vars?: Dict): Included
  /** A role for an include_role. */
  includeRole(include: Task, request: RoleRequest, vars?: Dict): Included
  /** A file of variables (YAML or JSON), decrypted when it is a vault. */
  loadVarsFile(file: string): Dict
  /** @param sources files, directories, scripts, or `host,host,` lists */
  loadInventory(sources: readonly string[]): Inventory
}
