/** Tasks, handlers and blocks as loading gives them. Nothing here has been evaluated. */
import type { Position } from '../../errors/position.ts'
import type { Template } from '../../values/template.ts'
import type { Dict, Value } from '../../values/value.ts'
import type { Condition, Count, Flag, Keywords, Text } from './keywords.ts'
import type { LibraryModule } from './library.ts'
import type { Role } from './role.ts'

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
  /** The person's own module, which the name means. */
  readonly library?: LibraryModule
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
  /** Of a handler: an include among the handlers brought it, so it runs with that and nothing can notify it. */
  readonly included?: true
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
