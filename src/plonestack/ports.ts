/** The ports of a site, all by offset from its baseport, and the check that no two sites of a box share one. */
import { PlonerunError } from '../errors/plonerun-error.ts'

/** Ports besides those of the Zopes, as offsets from the baseport. zopeN has +N. Only a site that asks for a Solr has that port. */
export const OFFSETS = { solr: -7, varnish_admin: -6, varnish: -5, emergency: -4, pound: -3, zeo: -2, zopeu: -1 } as const

export type PortName = keyof typeof OFFSETS
export type Ports = Readonly<Record<PortName, number>>

/** What has ports on a box. */
export interface PortUser {
  readonly name: string
  readonly baseport: number
  /** Those that serve and the spare ones. */
  readonly zopes: number
  readonly solr: boolean
}

/** The ports of a site besides those of its Zopes. */
export function portsOf(baseport: number): Ports {
  return Object.fromEntries(Object.entries(OFFSETS).map(([name, offset]) => [name, baseport + offset])) as Ports
}

/** Every port of a site with what it is for. */
export function portMap({ baseport, zopes, solr }: Omit<PortUser, 'name'>): ReadonlyMap<number, string> {
  const fixed = Object.entries(portsOf(baseport)).filter(([name]) => solr || name !== 'solr').map(([name, port]): [number, string] => [port, name])
  return new Map([...fixed, ...Array.from({ length: zopes }, (_, index): [number, string] => [baseport + index, `zope${index}`])])
}

/** Throws a PlonerunError when a site's ports leave the range, or two sites of a box share one. */
export function checkPorts(sites: readonly PortUser[]): void {
  const taken = new Map<number, { site: string; use: string }>()
  for (const site of sites) {
    const last = site.baseport + site.zopes - 1
    if (last > 65_535) throw new PlonerunError(`site '${site.name}': zope${site.zopes - 1} would have port ${last}, and ports end at 65535`)
    for (const [port, use] of portMap(site)) {
      const other = taken.get(port)
      if (other !== undefined) throw overlap(site, port, use, other, sites)
      taken.set(port, { site: site.name, use })
    }
  }
}

function overlap(site: PortUser, port: number, use: string, other: { site: string; use: string }, sites: readonly PortUser[]): PlonerunError {
  const first = sites.find(({ name }) => name === other.site)!
  const free = Math.max(...sites.map(({ baseport, zopes }) => baseport + zopes)) - (site.solr ? OFFSETS.solr : OFFSETS.varnish_admin)
  return new PlonerunError(`sites '${other.site}' and '${site.name}' both use port ${port}`, {
    why: `it is ${other.use} of ${other.site} (baseport ${first.baseport}) and ${use} of ${site.name} (baseport ${site.baseport})`,
    hint: `baseport: ${free} is free for ${site.name}`,
  })
}
