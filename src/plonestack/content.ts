/** What follows from a definition for the content of the site: scripts that migrate runs, objects with a database of their own. */
import { basename } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Definition } from './definition.ts'

/** A file of the controller that is put on the box. */
export interface Script {
  readonly name: string
  readonly text: string
}

/** A database of the site: `main`, and one for each of its mount points. */
export interface Database {
  readonly name: string
  /** In var/filestorage. */
  readonly file: string
  /** What ZEO calls it. */
  readonly storage: string
  /** Where in Zope it is mounted, and with a colon what of it. */
  readonly mount: string
  readonly zodb_cache: number
}

export interface Content {
  readonly pre_extras: readonly Script[]
  readonly post_extras: readonly Script[]
  /** main first. */
  readonly databases: readonly Database[]
}

type Given = Pick<Definition, 'pre_extras' | 'post_extras' | 'mount_points' | 'storage' | 'zodb_cache'>

/**
 * Throws a PlonerunError for scripts that are missing or have the same name, and for mount points that the storage has no place for.
 * @param read the text of a file on the controller
 */
export function contentOf(given: Given, read: (file: string) => string, path: string): Content {
  const scripts = (key: 'pre_extras' | 'post_extras'): readonly Script[] => given[key].map((file) => ({ name: basename(file), text: read(file) }))
  const names = [...given.pre_extras, ...given.post_extras].map((file) => basename(file))
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) throw new PlonerunError(`${path}: two scripts of pre_extras and post_extras are called ${twice}`, { hint: 'on the box they are in one folder; rename one' })
  return { pre_extras: scripts('pre_extras'), post_extras: scripts('post_extras'), databases: databasesOf(given, path) }
}

function databasesOf({ mount_points, storage, zodb_cache }: Given, path: string): readonly Database[] {
  if (mount_points.size > 0 && storage.kind === 'relstorage') {
    throw new PlonerunError(`${path}: mount_points are for files (storage: zeo or file), and its storage is relstorage`, { hint: 'PostgreSQL keeps all objects of a site in one database' })
  }
  if (mount_points.has('main')) throw new PlonerunError(`${path}: mount_points: main is the database of all other objects`, { hint: 'name it otherwise' })
  const points = [...mount_points].map(([name, point]) => ({ name, file: `${name}.fs`, storage: name, mount: `${point.path}:/${basename(point.path)}`, zodb_cache: point.zodb_cache }))
  return [{ name: 'main', file: 'Data.fs', storage: '1', mount: '/', zodb_cache }, ...points]
}
