/** For what may be wrong without anybody minding now: it is said where it matters. */
import { PlonerunError } from './plonerun-error.ts'

/** What a computation gives; undefined when it throws a PlonerunError. */
export function quietly<Result>(compute: () => Result): Result | undefined {
  try {
    return compute()
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    return undefined
  }
}
