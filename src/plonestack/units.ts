/** The systemd units of a site, and those that a box has of them. */
import type { Placement } from './placement.ts'
import type { Solr } from './solr.ts'
import type { Storage } from './storage.ts'

/** Names without `.service`. */
export interface Units {
  readonly solr: string
  readonly zeo: string
  readonly pound: string
  readonly haproxy: string
  readonly varnish: string
  /** The one of those that balances. */
  readonly balancer: string
  /** The target of all of them. */
  readonly all: string
}

export interface Service {
  readonly unit: string
  /** zope: storage and Zopes. ha: what stands before them. */
  readonly part: 'zope' | 'ha'
}

/** @param name the site's */
export function unitsOf(name: string, balancer: string): Units {
  return { solr: `${name}-solr`, zeo: `${name}-zeo`, pound: `${name}-pound`, haproxy: `${name}-haproxy`, varnish: `${name}-varnish`, balancer: `${name}-${balancer}`, all: name }
}

interface Part {
  readonly units: Units
  readonly here: Placement['here']
  readonly balancer: string
  readonly storage: Storage
  readonly solr: Solr | undefined
  /** Those of the box. */
  readonly zopes: readonly { readonly unit: string }[]
}

/** What systemd runs of a site on a box, in the order in which it is started. */
export function servicesOf({ units, here, balancer, storage, solr, zopes }: Part): readonly Service[] {
  const zope = [...(solr !== undefined && here.front ? [units.solr] : []), ...(here.storage && storage.kind === 'zeo' ? [units.zeo] : []), ...zopes.map(({ unit }) => unit)]
  const ha = here.front ? [...(balancer === 'varnish' ? [] : [units.balancer]), units.varnish] : []
  return [...zope.map((unit): Service => ({ unit, part: 'zope' })), ...ha.map((unit): Service => ({ unit, part: 'ha' }))]
}
