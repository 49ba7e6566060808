/** Keywords as they are written: what they take, and those that tasks inherit. Nothing here has been evaluated. */
import type { Position } from '../../errors/position.ts'
import { Template } from '../../values/template.ts'
import type { Dict, Value } from '../../values/value.ts'

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

/** A template for a keyword that something outside has set too: where it gives `omit`, what stands outside holds. */
export class Overruling extends Template {
  readonly outer: Value

  constructor({ source, position }: Template, outer: Value) {
    super(source, position)
    this.outer = outer
  }
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
