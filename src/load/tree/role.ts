/** A role as a play uses it. Nothing here has been evaluated. */
import type { Position } from '../../errors/position.ts'
import type { Dict } from '../../values/value.ts'

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
