/** What values of the playbook language are, and where their names are looked up. */
import type { Float } from './float.ts'
import type { Omit } from './omit.ts'
import type { Secret } from './secret.ts'
import type { Template } from './template.ts'
import type { Undefined } from './undefined.ts'
import type { Unknown } from './unknown.ts'

/** A dict as Python has it: insertion order, keys of any scalar type (80 and '80' are two keys). */
export type Dict = Map<Value, Value>

/**
 * Any value of the playbook language. null is None; an integral JavaScript number is an int, any other a float,
 * and Float is a float that happens to be integral. bigint appears only beyond the safe integers.
 * A tuple is an array too (Tuple). An Instance is a value of a rarer type of templates, such as a datetime.
 * Template leaves occur in values that come from the person's files and have not been evaluated yet.
 */
export type Value = null | boolean | number | bigint | string | Float | Secret | Undefined | Unknown | Omit | Template | Instance | Value[] | Dict | Callable

/**
 * A value of a type that templates have besides the plain ones: range, namespace, loop, macro, datetime.
 * Only a datetime and a timedelta may be kept in a variable (`storable`).
 */
export abstract class Instance {
  /** The name of the type as Python has it. */
  abstract readonly typeName: string
  readonly storable: boolean = false

  /** Prints as Python's repr() does. */
  abstract repr(): string

  str(): string {
    return this.repr()
  }

  toString(): string {
    return this.str()
  }

  /** As JSON shows it, and results do. */
  toJSON(): string {
    return this.str()
  }

  truth(): boolean {
    return true
  }

  equals(other: Value): boolean {
    return this === other
  }

  /** Negative, zero or positive; undefined when the two cannot be ordered. */
  compare(_other: Value): number | undefined {
    return undefined
  }

  /** The result of a binary operator with another value (`reflected`: this is its right operand), undefined when it has no meaning. */
  operate(_operator: string, _other: Value, _reflected: boolean): Value | undefined {
    return undefined
  }

  /** The attribute of this name, undefined when there is none. */
  attribute(_name: string): Value | undefined {
    return undefined
  }

  /** The items when it is iterable. */
  iterate(): Iterable<Value> | undefined {
    return undefined
  }
}

/** A function reachable from templates (macro, lookup, method, caller). */
export interface Callable {
  (args: readonly Value[], kwargs: ReadonlyMap<string, Value>): Value
}

/** What plain data of the program (module results, facts) may consist of before `fromPlain` makes it a Value. */
export type Plain = null | undefined | boolean | number | bigint | string | Float | Secret | Unknown | readonly Plain[] | { readonly [key: string]: Plain } | Dict

/** Where names are looked up: the variables of one host at one task. Gives undefined for a name that does not exist. May throw Pending. */
export interface Scope {
  lookup(name: string): Value | undefined
  /** Every name that can be looked up, for `vars`, `varnames` and "did you mean". */
  names(): Iterable<string>
}

/** Thrown by Scope.lookup when an earlier task that has not settled may still set the name. Nothing but the engine catches it. */
export class Pending extends Error {
  override readonly name = 'Pending'
  readonly variable: string
  constructor(variable: string) {
    super(`'${variable}' is not settled yet`)
    this.variable = variable
  }
}

/** Thrown where a value is computed in another thread, to those who can wait for it and evaluate again. */
export class Computing extends Pending {
  readonly ready: Promise<void>
  /** Whether the computation began right now. */
  readonly begun: boolean
  constructor(what: string, ready: Promise<void>, begun: boolean) {
    super(what)
    this.ready = ready
    this.begun = begun
  }
}
