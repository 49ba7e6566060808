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

/** What a computation gives; undefined when it throws, whatever that is: what has been tried only ahead of its time is done again. */
export function tentatively<Result>(compute: () => Result): Result | undefined {
  try {
    return compute()
  } catch {
    return undefined
  }
}
