/** What a template is evaluated in, besides its variables. */
import type { Value } from '../values/value.ts'

/** What lookups, includes and tests of files need to know of the place where a template is used. */
export interface TemplateContext {
  /** The folder that relative paths of the controller start from: the playbook's. */
  readonly basedir: string
  /** Folders to look for files and templates, most specific first. In each, files/x, templates/x and x are tried. */
  readonly searchPath: readonly string[]
  /** The sub-folder of roles that with_first_found looks in, by the module that it loops for; `files` unless given. */
  readonly loopFolder?: 'files' | 'templates' | 'vars'
  /** The hosts of the inventory that a pattern selects. */
  readonly selectHosts?: (pattern: string) => readonly string[]
  /** Opens the content of a file that a vault encrypted. */
  readonly decrypt?: (text: string) => string
  /** What lookups that read or act, `now` and random gave: evaluated once in a task. */
  readonly once?: Map<string, Value>
  /** Evaluated before its turn: what must be evaluated at its turn throws Pending. */
  readonly ahead?: boolean
  /** Called when a lookup has run a command on this machine: what was known of it may not hold any more. */
  readonly acted?: () => void
  /** check mode: whether a path of this machine that is not there may be made by what earlier tasks would do. */
  readonly mayAppear?: (path: string) => boolean
}
