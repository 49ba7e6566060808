/** What differs between the distributions where the stack is concerned. */
import { PlonerunError } from '../errors/plonerun-error.ts'

export interface Suite {
  /** Versions of Python that it has, its usual one first. */
  readonly pythons: readonly string[]
  /** The major version of its Pound; absent where there is none. */
  readonly pound?: number
}

/** By the codename that the box gives of itself. */
const SUITES: Readonly<Record<string, Suite>> = {
  trixie: { pythons: ['3.13'], pound: 4 },
  bookworm: { pythons: ['3.11'] },
  bullseye: { pythons: ['3.9', '2.7'], pound: 3 },
}

/** Throws a PlonerunError for a distribution that the stack does not know. */
export function suiteOf(release: string): Suite {
  const suite = SUITES[release]
  if (suite !== undefined) return suite
  throw new PlonerunError(`the plonestack does not know the distribution '${release}'`, { hint: `it knows ${Object.keys(SUITES).join(', ')}` })
}
