/** What loading has to say that is no error. */
import type { Position } from '../errors/position.ts'

/** Worth telling the person, but no error. */
export interface Warning {
  readonly message: string
  readonly position?: Position
}
