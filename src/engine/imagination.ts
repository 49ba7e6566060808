/** check mode: what the changes planned for a machine would leave behind, laid over what is read of it. */
import { resolve } from 'node:path'
import type { Imagined, Read } from '../probe/read.ts'
import type { Become } from '../transport/contract.ts'

export interface Imagination {
  /** What planned changes of a user would leave behind. */
  imagine(become: Become | undefined, left: readonly Imagined[]): void
  /** How much there is so far. */
  readonly size: number
  /** The user's answer as it would be after all of it. */
  lay<Result>(become: Become | undefined, read: Read<Result>, real: Result): Result
  /** Whether something unforeseeable would have happened before this point. */
  readonly unforeseeable: boolean
  /** Whether planned changes would leave something in a service of the host that modules only ask, such as a database. */
  readonly answersOtherwise: boolean
  /** Whether planned changes may leave something at a path, or below it. */
  mayLeave(path: string): boolean
  /** Whether planned changes may make the user, as packages and commands do. */
  mayMake(user: string): boolean
}

export function createImagination(): Imagination {
  const imagined: Imagined[] = []
  return {
    imagine(become, left) {
      imagined.push(...left.map((each) => (each.kind === 'answer' && become !== undefined ? { ...each, by: become.user } : each)))
    },
    get size() {
      return imagined.length
    },
    lay(become, { kind, request }, real) {
      if (imagined.length === 0 || !kind.imagine) return real
      return kind.imagine(request, real, kind.opaque === true ? imagined.filter((each) => each.kind === 'answer' && each.by === become?.user) : imagined)
    },
    get unforeseeable() {
      return imagined.some(isUnforeseeable)
    },
    get answersOtherwise() {
      return imagined.some(({ kind }) => kind === 'answer')
    },
    mayLeave(path) {
      const place = resolve(path)
      return imagined.some((left) => isUnforeseeable(left) || (left.kind === 'path' && left.state !== null && (left.path === place || left.path.startsWith(`${place}/`))))
    },
    mayMake(user) {
      return imagined.some((left) => isUnforeseeable(left) || (left.kind === 'user' && left.name === user && left.entry !== null))
    },
  }
}

function isUnforeseeable({ kind }: Imagined): boolean {
  return kind === 'anything' || kind === 'package'
}
