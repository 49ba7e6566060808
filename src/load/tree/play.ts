/** Playbooks and their plays, and what an include adds to a play. Nothing here has been evaluated. */
import type { Position } from '../../errors/position.ts'
import type { Template } from '../../values/template.ts'
import type { Dict, Value } from '../../values/value.ts'
import type { Count, Flag, Keywords, Text } from './keywords.ts'
import type { Role } from './role.ts'
import type { Handler, Statement } from './task.ts'

/** One entry of vars_files: a file, or several of which the first that exists is read. */
export type VarsFile = readonly Text[]

export interface VarsPrompt {
  readonly name: string
  readonly prompt: Text
  readonly default?: Value
  /** Hidden while typing unless false. */
  readonly private: Flag
  readonly confirm: Flag
  /** Hash to make of what was typed (`sha512_crypt`). */
  readonly encrypt?: Text
  readonly salt?: Text
  readonly saltSize?: Count
  readonly unsafe: Flag
  readonly position: Position
}

export interface Play {
  readonly kind: 'play'
  readonly name?: Text
  /** Patterns; several are joined as with commas. */
  readonly hosts: readonly Text[]
  readonly position: Position
  readonly source: Dict
  /** File that it was read from. */
  readonly file: string
  /** Everything that its tasks inherit; `vars` of the play itself are in `vars` and not in here. */
  readonly keywords: Keywords
  readonly vars: Dict
  readonly varsFiles: readonly VarsFile[]
  readonly varsPrompt: readonly VarsPrompt[]
  readonly gatherFacts?: Flag
  readonly gatherSubset?: readonly Text[]
  readonly gatherTimeout?: Count
  readonly factPath?: Text
  /** Sizes of the batches: 2, '30%', or a Template. Empty: all hosts at once. */
  readonly serial: readonly (string | number | Template)[]
  readonly strategy?: Text
  readonly order?: Text
  readonly maxFailPercentage?: Count
  readonly forceHandlers?: Flag
  readonly preTasks: readonly Statement[]
  readonly roleTasks: readonly Statement[]
  readonly tasks: readonly Statement[]
  readonly postTasks: readonly Statement[]
  /** Those of its roles, the play's own, then those of import_role; the last one with a name answers to it. They run in this order. */
  readonly handlers: readonly Handler[]
  /** The roles of `roles:` with their dependencies, and those of import_role, in the order they stand. */
  readonly roles: readonly Role[]
}

export interface Playbook {
  readonly file: string
  readonly plays: readonly Play[]
}

/** What an include brings into the play. */
export interface Included {
  /** Of a role: its dependencies' tasks, the check of its arguments, its own tasks, and an implicit `meta: role_complete` after each role. */
  readonly tasks: readonly Statement[]
  /** To be added to the play's: those of the roles, dependencies first. */
  readonly handlers: readonly Handler[]
  /** To be added to the play's: every role it brings, dependencies first, with those that its tasks import. */
  readonly roles: readonly Role[]
}
