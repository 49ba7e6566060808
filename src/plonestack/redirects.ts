/** Sites without a Plone: Apache sends their visitors elsewhere. */
import type { Value } from '../values/value.ts'
import { redirectDefinition, type RedirectDefinition } from './definition.ts'
import { deriveFront, type Front } from './front.ts'
import { placed } from './place.ts'
import { pathOf, readFields } from './schema.ts'

/** A redirect as the role apache sees it. */
export type Redirect = Omit<RedirectDefinition, 'apache'> & Front & { readonly home: string; readonly title: string }

/** Whether an entry of `sites:` is one that only redirects. */
export function isRedirect(site: Value): boolean {
  return site instanceof Map && site.has('redirect_to')
}

/** Those of a box's sites that only redirect. Throws a PlonerunError for what is wrong in one. */
export function deriveRedirects(sites: readonly Value[]): readonly Redirect[] {
  return sites.flatMap((site, index) => (site instanceof Map && isRedirect(site) ? [placed(sites as Value[], index, () => deriveRedirect(site, index))] : []))
}

function deriveRedirect(raw: Map<Value, Value>, index: number): Redirect {
  const path = pathOf(raw, index)
  const given = readFields(raw, redirectDefinition, path)
  const home = given.home ?? `/srv/${given.name}`
  const title = given.domain
  return { ...given, home, title, redirect_to: given.redirect_to.replace(/\/$/, ''), ...deriveFront({ ...given, home, title, root: '' }, path) }
}
