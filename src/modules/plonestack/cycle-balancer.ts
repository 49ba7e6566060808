/** The balancer of a site, as a cycle talks to it. */
import type { Balancer } from '../../cycle/balancer.ts'
import { pound4 } from '../../cycle/pound4.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Site } from '../../plonestack/sites.ts'

/** @throws PlonerunError for one that cannot be told to take a Zope out */
export function balancerOf(site: Site): Balancer {
  if (site.balancer === 'pound') return pound4(`/run/${site.units.pound}/pound.ctl`, site.name, 'zopes')
  throw new PlonerunError(`${site.name} has no Pound, and no other balancer can be cycled yet`, { kind: 'task' })
}
