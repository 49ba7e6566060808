/** What Plone 3 cannot have, and what only it has. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Value } from '../values/value.ts'
import type { Definition } from './definition.ts'
import { isEgg } from './versions.ts'

/** What migrate brings about: it speaks to plone.registry and the installer of later Plones. */
const CONTENT = ['products_initial', 'profiles_initial', 'pre_extras', 'products', 'profiles', 'post_extras'] as const

/** Throws a PlonerunError for what does not go with the Plone of a site. */
export function checkPlone3(given: Definition, path: string): void {
  const { plone, extras, mount_points, zope_hosts } = given
  if (isEgg(plone)) {
    if (extras.includes('fss')) throw new PlonerunError(`${path}: fss is for Plone 3, and this is Plone ${plone}`, { hint: 'leave it out: from Plone 4 on files and images are blobs' })
    return
  }
  const key = CONTENT.find((name) => given[name].length > 0) ?? (['properties', 'mutators'] as const).find((name) => sizeOf(given[name]) > 0)
  if (key !== undefined) throw new PlonerunError(`${path}: ${key} needs Plone 4 or newer, and this is Plone ${plone}`, { why: "migrate speaks to parts of Plone that came later, so the site's content is what its database holds" })
  if (extras.includes('fss') && zope_hosts.length > 1) throw new PlonerunError(`${path}: fss keeps files in folders of one box, and zope_hosts has ${zope_hosts.length}`, { hint: 'leave zope_hosts out' })
  if (mount_points.size > 0) throw new PlonerunError(`${path}: mount_points need Plone 4 or newer, and this is Plone ${plone}`)
}

function sizeOf(value: Value): number {
  return value instanceof Map ? value.size : 0
}
