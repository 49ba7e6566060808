/** Where the person's own filters, tests, lookups and modules of collections are: beside playbooks, in roles, in collections, and where the settings say. */
import { join } from 'node:path'
import { expandHome } from './role-search.ts'

type Kind = 'filter' | 'test' | 'lookup'

export interface PluginPlaces {
  /** The folder of a playbook or role may bring plugins: whatever is read after it may use them. */
  add(folder: string): void
  /** Folders with plugins of a kind: of a collection, or those for names without one. */
  readonly folders: (kind: Kind, collection: string | undefined) => readonly string[]
  /** Folders with plugins of a collection, or with its modules. */
  readonly inCollection: (kind: Kind | 'modules', collection: string) => readonly string[]
}

export interface PluginSettings {
  /** Folders by kind, besides the usual ones. */
  readonly paths?: Partial<Readonly<Record<Kind, readonly string[] | undefined>>>
  /** Folders that hold ansible_collections/. */
  readonly collectionsPath?: readonly string[] | undefined
}

/** What the settings of a kind are where nobody says anything. */
export function usualPluginPath(kind: Kind): readonly string[] {
  return [`~/.ansible/plugins/${kind}`, `/usr/share/ansible/plugins/${kind}`]
}

export function createPluginPlaces({ paths = {}, collectionsPath = [] }: PluginSettings): PluginPlaces {
  const added = new Set<string>()
  const collectionRoots = new Set(collectionsPath.map(expandHome))
  const inCollection = (kind: Kind | 'modules', collection: string): readonly string[] => [...collectionRoots].map((root) => join(root, 'ansible_collections', ...collection.split('.'), 'plugins', kind))
  return {
    inCollection,
    add(folder) {
      added.add(folder)
      collectionRoots.add(join(folder, 'collections'))
      const [, root] = /^(.*)\/ansible_collections\//.exec(folder) ?? []
      if (root !== undefined) collectionRoots.add(root)
    },
    folders(kind, collection) {
      if (collection !== undefined && collection !== 'ansible.legacy') return inCollection(kind, collection)
      return [...[...added].map((folder) => join(folder, `${kind}_plugins`)), ...(paths[kind] ?? usualPluginPath(kind)).map(expandHome)]
    },
  }
}
