/** Numbers and names of a definition that have to fit each other. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Definition } from './definition.ts'

/** numzopes, which the original called zopes, too. Throws a PlonerunError when both are given and differ. */
export function zopeCount({ numzopes, zopes }: Definition, path: string): number {
  if (numzopes !== undefined && zopes !== undefined && numzopes !== zopes) {
    throw new PlonerunError(`${path}: numzopes is ${numzopes} and zopes is ${zopes}`, { hint: 'they mean the same; leave one out' })
  }
  return numzopes ?? zopes ?? 3
}

/** How many Zopes the balancer knows. Throws a PlonerunError when that is fewer than there are. */
export function maxZopes({ max_zopes: given }: Definition, numzopes: number, path: string): number {
  if (given !== undefined && given < numzopes) throw new PlonerunError(`${path}: max_zopes is ${given}, but there are ${numzopes} Zopes`)
  return given ?? Math.ceil(numzopes / 4) * 4
}

/** Throws a PlonerunError when a hop would close a connection before the hop in front of it. */
export function checkKeepalive({ keepalive: { apache, varnish, pound, zope } }: Definition, path: string): void {
  if (apache < varnish && varnish < pound && pound < zope) return
  throw new PlonerunError(`${path}: keepalive must rise from hop to hop: apache ${apache}, varnish ${varnish}, pound ${pound}, zope ${zope}`, {
    why: 'a hop that closes an idle connection before the hop in front of it does loses the request that is on its way',
  })
}

/** Throws a PlonerunError when so many Zopes cannot be live while one is out. */
export function checkMinimum({ cycle: { minimum } }: Definition, numzopes: number, path: string): void {
  if (minimum === undefined || minimum < numzopes) return
  throw new PlonerunError(`${path}: cycle: minimum is ${minimum}, and there are ${numzopes} Zopes`, { why: 'while one is restarted the others must be so many', hint: numzopes > 1 ? `at most ${numzopes - 1}` : 'leave it out' })
}

/** Throws a PlonerunError when two sites of a box have the same name, domain, folder or account. */
export function checkUnique<Key extends string>(sites: readonly (Readonly<Record<Key | 'name', string>>)[], key: Key): void {
  sites.forEach((site, index) => {
    const earlier = sites.slice(0, index).find((other) => other[key] === site[key])
    if (earlier === undefined) return
    const who = key === 'name' ? 'two sites' : `sites '${earlier.name}' and '${site.name}'`
    throw new PlonerunError(`${who} have the same ${key}: ${site[key]}`)
  })
}
