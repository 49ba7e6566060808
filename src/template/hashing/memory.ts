/** The hashes of a run: each is computed once, elsewhere where the caller can wait. */
import { Computing } from '../../values/value.ts'
import { hashPassword, takesLong, type HashRequest } from './crypt.ts'
import type { HashElsewhere } from './threads.ts'

/** What to do about a hash that takes long: compute it here and now, have it computed elsewhere and throw Computing, or do with a stand-in. */
export type Patience = 'none' | 'wait' | 'guess'

/** The password of an account that has none. */
const STAND_IN = '*'

/** @param elsewhere computes what takes long; without it all is computed here */
export function createHashes(elsewhere?: HashElsewhere): (request: HashRequest, patience: Patience) => string {
  const known = new Map<string, string>()
  const begun = new Map<string, Promise<void>>()

  async function fetch(key: string, request: HashRequest, from: HashElsewhere): Promise<void> {
    known.set(key, (await from(request)) ?? hashPassword(request))
  }

  return (request, patience) => {
    const { password, scheme, salt, rounds, ident } = request
    const key = JSON.stringify([password, scheme, salt, rounds, ident])
    const hash = known.get(key)
    if (hash !== undefined) return hash
    if (elsewhere !== undefined && patience !== 'none' && takesLong(request)) {
      if (patience === 'guess') return STAND_IN
      const running = begun.get(key)
      const ready = running ?? fetch(key, request, elsewhere)
      begun.set(key, ready)
      throw new Computing('a hash', ready, running === undefined)
    }
    const made = hashPassword(request)
    known.set(key, made)
    return made
  }
}
