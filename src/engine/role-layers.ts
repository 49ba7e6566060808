/** What all tasks of a play see of its roles' variables. */
import type { Role } from '../load/tree/role.ts'
import type { Dict } from '../values/value.ts'

export interface RoleLayers {
  /** The strongest first. */
  readonly vars: readonly Dict[]
  readonly defaults: readonly Dict[]
}

/** Uses of a role share its variables, and a play may use one for each of a hundred sites: each dict counts once, where it is strongest. */
export function roleLayersOf(roles: readonly Role[]): RoleLayers {
  const layers = (dictOf: (role: Role) => Dict): readonly Dict[] => [...new Set(roles.map(dictOf).reverse())].filter(({ size }) => size > 0)
  return { vars: layers(({ vars }) => vars), defaults: layers(({ defaults }) => defaults) }
}
