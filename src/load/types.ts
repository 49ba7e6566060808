/** What loading gives: plays, blocks, tasks, handlers and roles as typed trees. Nothing here has been evaluated. */
import type { Position } from '../errors/position.ts'
import type { Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'

/** A keyword that takes a string. */
export type Text = string | Template
/** A keyword that takes yes or no. */
export type Flag = boolean | Template
/** A keyword that takes a number. */
export type Count = number | Template

/**
 * One expression of when, until, changed_when, failed_when or break_when.
 * A string is an expression without braces; a Template holds braces and gives the outcome (or the expression) itself.
 */
export interface Condition {
  readonly expression: string | boolean | Template
  readonly position: Position
}

/**
 * Keywords that a task inherits from its play, roles, imports and blocks, as they hold for it:
 * when, tags, environment, module_defaults and vars add up, of the others the innermost is taken.
 * A keyword that nobody wrote is absent, so that variables (ansible_become ...) and options can decide.
 */
export interface Keywords {
  /** Outermost first; all must hold. */
  readonly when: readonly Condition[]
  readonly tags: readonly Text[]
  /** Of blocks, roles and imports and the task itself, the innermost winning; not those of the play. */
  readonly vars: Dict
  /** Dicts, or Templates that give one, outermost first; a later one wins. */
  readonly environment: readonly (Dict | Template)[]
  /** By the written name of the module, or `group/NAME`; outermost first; a later one wins. */
  readonly moduleDefaults: readonly Dict[]
  readonly collections: readonly string[]
  readonly become?: Flag
  readonly becomeUser?: Text
  readonly becomeMethod?: Text
  readonly becomeExe?: Text
  readonly becomeFlags?: Text
  readonly remoteUser?: Text
  readonly connection?: Text
  readonly port?: Count
  readonly delegateTo?: Text
  readonly delegateFacts?: Flag
  readonly runOnce?: Flag
  readonly checkMode?: Flag
  readonly diff?: Flag
  readonly noLog?: Flag
  readonly ignoreErrors?: Flag
  readonly ignoreUnreachable?: Flag
  readonly anyErrorsFatal?: Flag
  readonly throttle?: Count
  /** Seconds. */
  readonly timeout?: Count
  readonly debugger?: Text
  readonly notify?: readonly Text[]
}

export interface LoopControl {
  /** `item` unless set. */
  readonly loopVar: Text
  readonly indexVar?: Text
  readonly label?: Value
  /** Seconds between items. */
  readonly pause?: Count
  readonly extended?: Flag
  readonly extendedAllitems?: Flag
  readonly breakWhen?: readonly Condition[]
}

export interface Loop {
  /** The lookup of `with_LOOKUP` (`items`, `community.general.flattened`), or null for `loop`. */
  readonly lookup: string | null
  readonly items: Value
  readonly position: Position
}

/** A task with everything that it inherits already laid into it. */
export interface Task extends Keywords {
  readonly kind: 'task' | 'handler'
  readonly name?: Text
  /** As written: `copy`, `ansible.builtin.copy`, `community.general.ufw`. */
  readonly module: string
  /** `action: "{{ NAME }}"`: gives the module when the task's turn comes. */
  readonly moduleTemplate?: Template
  readonly modulePosition: Position
  /** By name as written; the text of the free form is `_raw_params`. `positionOf(args, key)` tells where each stands. */
  readonly args: Dict
  /** `args: "{{ a_dict }}"`: gives more arguments; those in `args` win. */
  readonly argsTemplate?: Template
  readonly register?: string
  readonly loop?: Loop
  readonly loopControl: LoopControl
  readonly until?: readonly Condition[]
  readonly retries?: Count
  /** Seconds between tries. */
  readonly delay?: Count
  readonly changedWhen?: readonly Condition[]
  readonly failedWhen?: readonly Condition[]
  /** Seconds it may run. */
  readonly async?: Count
  /** Seconds between looks at an async job; 0 leaves it running. */
  readonly poll?: Count
  /** Topics that a handler answers to besides its name. */
  readonly listen: readonly string[]
  /** Variables of the include_tasks and include_role that brought it here: they win over set_fact and role parameters. */
  readonly includeVars: Dict
  readonly role?: Role
  /** Not written by anybody (`meta: role_complete`). Never shown, never counted. */
  readonly implicit: boolean
  readonly position: Position
  /** The mapping it was read from: `positionOf(source, 'retries')`. */
  readonly source: Dict
  /** What surrounds it; include_tasks and include_role hand it on to what they bring. */
  readonly enclosure: Enclosure
}

/** A handler is a task that runs when notified by its name or one of its topics. */
export interface Handler extends Task {
  readonly kind: 'handler'
}

export interface Block {
  readonly kind: 'block'
  readonly name?: Text
  readonly block: readonly Statement[]
  readonly rescue: readonly Statement[]
  readonly always: readonly Statement[]
  /** As they hold inside; the tasks have them laid into them already. */
  readonly keywords: Keywords
  readonly role?: Role
  readonly position: Position
  readonly source: Dict
}

export type Statement = Task | Block

/** The place in the tree that a task stands in. */
export interface Enclosure {
  /** What it inherits. */
  readonly keywords: Keywords
  readonly includeVars: Dict
  readonly role?: Role
  /** Files whose folders are searched for a task file named relatively, the innermost first. */
  readonly files: readonly string[]
}

/** One use of a role in a play. */
export interface Role {
  /** `varnish`, or `namespace.collection.varnish` for one of a collection. */
  readonly name: string
  /** Its folder, absolute. */
  readonly path: string
  readonly collection?: string
  /** Uses with the same key are one and the same: on each host only the first runs, unless allowDuplicates. */
  readonly key: string
  readonly allowDuplicates: boolean
  /** Whether its defaults and vars are visible to the play's other tasks. */
  readonly public: boolean
  /** Brought by include_role or import_role. */
  readonly fromInclude: boolean
  /** Of defaults/main.yml or defaults_from. */
  readonly defaults: Dict
  /** Of vars/main.yml or vars_from. */
  readonly vars: Dict
  /** Of `vars:` beside the role's name. */
  readonly entryVars: Dict
  /** Keys beside the role's name that are no keywords. */
  readonly params: Dict
  /** The roles that depend on this use, or include it, outermost first. */
  readonly parents: readonly Role[]
  /** Roles that meta/main.yml asks for, each after its own dependencies, in the order they run. */
  readonly dependencies: readonly Role[]
  readonly position: Position
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

/** Worth telling the person, but no error. */
export interface Warning {
  readonly message: string
  readonly position?: Position
}
