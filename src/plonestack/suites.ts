/** What differs between the distributions where the stack is concerned. */
import { PlonerunError } from '../errors/plonerun-error.ts'

export interface Suite {
  /** Versions of Python that it has, its usual one first. */
  readonly pythons: readonly string[]
  /** Why its Pound cannot balance a site; absent where it can. */
  readonly noPound?: string
}

const NO_PACKAGE = 'it has no package of it'

/** By the codename that the box gives of itself; of Red Hat's family, by its version. */
const SUITES: Readonly<Record<string, Suite>> = {
  trixie: { pythons: ['3.13'] },
  bookworm: { pythons: ['3.11'], noPound: NO_PACKAGE },
  // Rewritten with a configuration in YAML: no sessions but by address, which behind Varnish is always the same, no poundctl, no Emergency backend.
  bullseye: { pythons: ['3.9', '2.7'], noPound: 'its Pound 3.0 binds no visitors by a cookie, and nothing can tell it to leave a Zope out' },
  el8: { pythons: ['3.12', '3.11', '3.9'], noPound: NO_PACKAGE },
  el9: { pythons: ['3.12', '3.11', '3.9'], noPound: NO_PACKAGE },
  el10: { pythons: ['3.12'], noPound: NO_PACKAGE },
}

/** Throws a PlonerunError for a distribution that the stack does not know. */
export function suiteOf(release: string): Suite {
  const suite = SUITES[release]
  if (suite !== undefined) return suite
  throw new PlonerunError(`the plonestack does not know the distribution '${release}'`, { hint: `it knows ${Object.keys(SUITES).join(', ')}` })
}
