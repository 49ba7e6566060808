/** How the Zopes of a site reach its objects. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { endpointText } from '../values/endpoint.ts'
import type { Secret } from '../values/secret.ts'
import type { Definition } from './definition.ts'
import type { Estate, Placement } from './placement.ts'
import type { Ports } from './ports.ts'

export interface Storage {
  readonly kind: 'zeo' | 'relstorage' | 'file'
  readonly blobs: 'shared' | 'cached'
  readonly blob_cache: string
  /** Where ZEO or PostgreSQL listens. */
  readonly address: string
  readonly port: number
  /** Both as configurations write them. */
  readonly endpoint: string
  /** relstorage: how libpq finds the database, without the password. */
  readonly dsn: string
  readonly password: string | Secret | undefined
  /** Addresses of the boxes that connect to it. */
  readonly clients: readonly string[]
}

/** What RelStorage needs besides Plone, by version so that an upgrade is a decision. */
const RELSTORAGE = ['RelStorage==4.3.0', 'psycopg2-binary==2.9.11']
const POSTGRESQL_PORT = 5432

/** Throws a PlonerunError for a storage that the site cannot have. */
export function storageOf(given: Definition, { zope_hosts, storage_host, alone }: Placement, ports: Ports, estate: Estate, path: string): Storage {
  const { kind, blobs, blob_cache, dsn, password } = given.storage
  if (kind === 'file' && (zope_hosts.length > 1 || (given.numzopes ?? given.zopes) !== 1)) {
    throw new PlonerunError(`${path}: a file can be opened by one Zope only`, { hint: 'numzopes: 1, or another kind of storage' })
  }
  if (kind !== 'relstorage' && dsn !== undefined) throw new PlonerunError(`${path}: storage: a dsn is for relstorage, and kind is ${kind}`)
  if (kind === 'relstorage' && dsn === undefined && password === undefined) throw new PlonerunError(`${path}: storage needs a password for PostgreSQL`, { hint: 'keep it in a vault' })
  const address = storage_host === undefined || alone ? '127.0.0.1' : estate.addressOf(storage_host)
  const port = kind === 'relstorage' ? POSTGRESQL_PORT : ports.zeo
  return {
    kind,
    blobs: blobs ?? (kind !== 'relstorage' && zope_hosts.every((host) => host === storage_host) ? 'shared' : 'cached'),
    blob_cache,
    address,
    port,
    endpoint: endpointText({ address, port }),
    dsn: dsn ?? `dbname=${given.name} user=${given.name} host=${address} port=${port}`,
    password,
    clients: alone ? ['127.0.0.1'] : [...new Set([...zope_hosts, ...(storage_host === undefined ? [] : [storage_host])])].map((host) => estate.addressOf(host)),
  }
}

/** Packages that a kind of storage needs. Throws a PlonerunError for a Python that has none. */
export function storageRequirements({ storage }: Definition, python: string, path: string): readonly string[] {
  if (storage.kind !== 'relstorage') return []
  if (python.startsWith('2.')) throw new PlonerunError(`${path}: RelStorage is for Python 3, and this Plone runs on ${python}`)
  return RELSTORAGE
}
