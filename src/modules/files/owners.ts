/** Whether the user and group that a path shall belong to are there. */
import { groupRead, userRead, type GroupState, type UserState } from '../../probe/account.ts'
import type { WantedAttributes } from './attributes.ts'

/** Every host has them. */
const ALWAYS = new Set(['root', '0', ''])

type OwnerReads = { readonly user?: ReturnType<typeof userRead>; readonly group?: ReturnType<typeof groupRead> }

/** What has to be asked of the host to tell. */
export function ownerReads({ owner, group }: WantedAttributes): OwnerReads {
  return {
    ...(owner !== undefined && !ALWAYS.has(owner) && { user: userRead(owner, { orNumber: true }) }),
    ...(group !== undefined && !ALWAYS.has(group) && { group: groupRead(group) }),
  }
}

/** Who is missing, in words that playbooks look for in the result of a check. */
export function ownerDoubts({ owner, group }: WantedAttributes, state: Readonly<Record<string, unknown>>): readonly string[] {
  const { user, group: found } = state as { readonly user?: UserState | null; readonly group?: GroupState | null }
  return [...(user === null ? [missing('user', 'uid', owner!)] : []), ...(found === null ? [missing('group', 'gid', group!)] : [])]
}

function missing(kind: string, number: string, given: string): string {
  return `failed to look up ${kind} ${/^\d+$/.test(given) ? `with ${number} ` : ''}${given}: a task before this one has to make it`
}
