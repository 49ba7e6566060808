/** Finds the folder of a role by its name. */
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { didYouMean } from '../errors/suggest.ts'
import { isDirectory } from './files.ts'

export interface RoleSearch {
  /** Of the playbook. */
  readonly folder: string
  /** Folders that hold roles. */
  readonly rolesPath: readonly string[]
  /** Folders that hold ansible_collections/. */
  readonly collectionsPath: readonly string[]
}

export interface FoundRole {
  /** Without the collection. */
  readonly name: string
  readonly path: string
  readonly collection?: string
}

export const DEFAULT_ROLES_PATH: readonly string[] = ['~/.ansible/roles', '/usr/share/ansible/roles', '/etc/ansible/roles']
export const DEFAULT_COLLECTIONS_PATH: readonly string[] = ['~/.ansible/collections', '/usr/share/ansible/collections']

/**
 * Looks in collections when the name is fully qualified or collections are given, then in roles/ beside the playbook and in that of
 * the npm package that the asking file belongs to (the other way round when the playbook is of another package), in the roles path, beside the role that asks, and beside the playbook; a path is taken as it is.
 * Throws a PlonerunError that lists where it looked.
 * @param collections `namespace.name` of those searched for a short name
 * @param besides the folder of the role that asks for it
 */
export function findRole(name: string, { folder, rolesPath, collectionsPath }: RoleSearch, collections: readonly string[], besides: string | undefined, where: Position): FoundRole {
  const collectionRoots = [join(folder, 'collections'), ...collectionsPath.map(expandHome)]
  for (const { collection, role } of inCollections(name, collections)) {
    for (const root of collectionRoots) {
      const path = join(collectionFolder(root, collection), 'roles', ...role.split('.'))
      if (isDirectory(path)) return { name: role, path, collection }
    }
  }
  const own = [join(folder, 'roles')]
  const packaged = rolesOfPackage(where.file)
  const nearest = packaged[0] === rolesOfPackage(join(folder, 'playbook'))[0] ? [...own, ...packaged] : [...packaged, ...own]
  const places = [...new Set([...nearest, ...rolesPath.map(expandHome), ...(besides === undefined ? [] : [dirname(besides)]), folder])]
  for (const place of places) {
    const path = resolve(place, name)
    if (isDirectory(path)) return { name, path, ...collectionOf(path) }
  }
  const path = resolve(expandHome(name))
  if (name.includes('/') && isDirectory(path)) return { name: basename(path), path, ...collectionOf(path) }

  const existing = [...places.filter((place) => place !== folder).flatMap(rolesIn), ...collections.flatMap((collection) => collectionRoots.flatMap((root) => rolesIn(join(collectionFolder(root, collection), 'roles'))))]
  throw new PlonerunError(`there is no role '${name}'`, {
    where,
    why: `looked in ${[...inCollections(name, collections).map(({ collection }) => `the collection ${collection}`), ...places].join(', ')}`,
    hint: didYouMean(name, existing),
  })
}

/** roles/ of the npm package that a file belongs to, where it has any. */
function rolesOfPackage(file: string): string[] {
  for (let folder = dirname(resolve(file)); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return [join(folder, 'roles')].filter(isDirectory)
  }
  return []
}

/** The collection that a file or folder belongs to, by its path. */
export function collectionOf(path: string): { collection?: string } {
  const [, namespace, name] = /\/ansible_collections\/([^/]+)\/([^/]+)\//.exec(path) ?? []
  return namespace === undefined ? {} : { collection: `${namespace}.${name!}` }
}

/** The file of a playbook named as `namespace.collection.playbook`, without its extension. */
export function collectionPlaybook(name: string, { folder, collectionsPath }: RoleSearch): string[] {
  const [namespace, collection, ...rest] = name.replace(/\.ya?ml$/, '').split('.')
  if (!/^\w+(?:\.\w+){2,}$/.test(name.replace(/\.ya?ml$/, '')) || namespace === undefined || collection === undefined) return []
  return [join(folder, 'collections'), ...collectionsPath.map(expandHome)].map((root) => join(root, 'ansible_collections', namespace, collection, 'playbooks', ...rest))
}

export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path
}

function inCollections(name: string, collections: readonly string[]): { collection: string; role: string }[] {
  const [namespace, collection, ...role] = name.split('.')
  if (role.length > 0 && /^[\w.]+$/.test(name)) return [{ collection: `${namespace!}.${collection!}`, role: role.join('.') }]
  return collections.filter((own) => own !== 'ansible.builtin' && own !== 'ansible.legacy').map((own) => ({ collection: own, role: name }))
}

function collectionFolder(root: string, collection: string): string {
  return join(root, 'ansible_collections', ...collection.split('.'))
}

function rolesIn(folder: string): string[] {
  return isDirectory(folder) ? readdirSync(folder).filter((name) => isDirectory(join(folder, name))) : []
}
