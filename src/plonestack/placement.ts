/** Which box of a site does what: a site belongs to the box that it is defined for, and other hosts of the inventory may run its Zopes or keep its objects. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { didYouMean } from '../errors/suggest.ts'
import type { Value } from '../values/value.ts'
import type { Definition } from './definition.ts'
import { isEgg } from './versions.ts'

/** The hosts of an inventory, as one of them sees them. */
export interface Estate {
  /** The box itself. */
  readonly host: string
  readonly hosts: readonly string[]
  /** How other boxes reach a host. */
  addressOf(host: string): string
  /** The sites that are defined for other hosts. */
  readonly elsewhere: readonly { readonly host: string; readonly sites: Value }[]
}

export interface Placement {
  /** The box that this is for. */
  readonly box: string
  /** The box with Apache, Varnish and the balancer. */
  readonly front: string
  /** Those that run Zopes; zope0 is on the first, zope1 on the second, and so on around. */
  readonly zope_hosts: readonly string[]
  /** The one with the objects; undefined when the stack does not deploy it. */
  readonly storage_host: string | undefined
  /** One box does all of it. */
  readonly alone: boolean
  /** What this box does; a developer site has no front. */
  readonly here: {
    readonly front: boolean
    readonly zopes: boolean
    readonly storage: boolean
    /** The first of the Zopes' hosts: migrate runs there. Nowhere for Plone 3. */
    readonly content: boolean
  }
  /** Where backups are made: on the storage's host, or on the first of the Zopes' when the stack does not deploy it. */
  readonly backup_host: string
  /** Where the database is packed from. */
  readonly pack_host: string
}

/**
 * Places a site.
 * @param front the host that it is defined for
 * @throws PlonerunError for a host that the inventory does not have
 */
export function placementOf({ plone, zope_hosts, storage, developer }: Pick<Definition, 'plone' | 'zope_hosts' | 'storage' | 'developer'>, front: string, { host, hosts }: Estate, path: string): Placement {
  const known = (name: string, key: string): string => {
    if (hosts.includes(name)) return name
    throw new PlonerunError(`${path}: ${key}: the inventory has no host '${name}'`, { hint: didYouMean(name, hosts) ?? `it has ${hosts.join(', ')}` })
  }
  const zopes = zope_hosts.length === 0 ? [front] : zope_hosts.map((name) => known(name, 'zope_hosts'))
  const kept = storage.dsn !== undefined ? undefined : known(storage.host ?? (storage.kind === 'file' ? zopes[0]! : front), 'storage: host')
  return {
    box: host,
    front,
    zope_hosts: zopes,
    storage_host: kept,
    alone: zopes.every((name) => name === front) && (kept === undefined || kept === front),
    here: { front: host === front && !developer, zopes: zopes.includes(host), storage: host === kept, content: host === zopes[0] && isEgg(plone) },
    backup_host: kept ?? zopes[0]!,
    pack_host: storage.kind === 'relstorage' ? zopes[0]! : kept!,
  }
}

/** Whether a site that is defined for another host has a part on this one. It has not been checked yet. */
export function touches(site: Value, host: string): boolean {
  if (!(site instanceof Map)) return false
  const zopes = site.get('zope_hosts')
  const storage = site.get('storage')
  return (Array.isArray(zopes) ? zopes : [zopes]).includes(host) || (storage instanceof Map && storage.get('host') === host)
}
