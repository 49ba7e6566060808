/** What loading has to say that is no error. */
import type { Position } from '../errors/position.ts'

/** Worth telling the person, but no error. */
export interface Warning {
  readonly message: string
  readonly position?: Position
  /** A key stands twice in a mapping: the settings may have it as an error, or not told. */
  readonly duplicateKey?: true
}
