/** Modules of the person's own: in `library/` beside a playbook, in roles, in the folders of the settings, and in collections. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDirectory, isFile } from './files.ts'
import { moduleUtils } from '../python/stand-ins.ts'
import { importsOf, type FindPython } from './python-imports.ts'
import { expandHome } from './role-search.ts'
import type { LibraryModule } from './tree/library.ts'

export const DEFAULT_LIBRARY_PATH: readonly string[] = ['~/.ansible/plugins/modules', '/usr/share/ansible/plugins/modules']

export interface Library {
  /** The module of that name; those of earlier folders win. @param folders those in which it is looked for first */
  find(name: string, folders: readonly string[]): LibraryModule | undefined
  /** The module of that short name, in the folders of a collection alone. */
  findIn(name: string, folders: readonly string[]): LibraryModule | undefined
  /** What a role brings, others may use after it. */
  add(folder: string): void
}

/** @param folders of the settings */
export function createLibrary(folders: readonly string[]): Library {
  const added = new Set<string>()
  const listed = new Map<string, ReadonlyMap<string, string>>()
  const read = new Map<string, LibraryModule>()
  const filesIn = (folder: string): ReadonlyMap<string, string> => {
    const known = listed.get(folder) ?? namesIn(folder)
    listed.set(folder, known)
    return known
  }
  const findIn = (name: string, places: readonly string[]): LibraryModule | undefined => {
    for (const folder of places) {
      const file = filesIn(folder).get(name)
      if (file === undefined) continue
      const module = read.get(file) ?? moduleOf(name, file, places)
      read.set(file, module)
      return module
    }
    return undefined
  }
  return {
    find: (name, own) => findIn(name.replace(/^ansible\.legacy\./, ''), [...own, ...added, ...folders.map(expandHome)]),
    findIn,
    add: (folder) => void added.add(folder),
  }
}

/** Endings of files beside modules that are none. */
const NO_MODULES = /\.(?:md|rst|txt|ya?ml|json|ini|rpm|pyc|pyo|orig|swp|bak)$|~$/

/** Files of a folder by the names of their modules: without an ending. */
function namesIn(folder: string): ReadonlyMap<string, string> {
  if (!isDirectory(folder)) return new Map()
  const files = readdirSync(folder).filter((name) => !name.startsWith('.') && !NO_MODULES.test(name) && isFile(join(folder, name)))
  return new Map(files.sort().reverse().map((name) => [name.replace(/\.\w+$/, ''), join(folder, name)]))
}

/** @param places folders of modules; what modules import lies in `module_utils` beside them */
function moduleOf(name: string, file: string, places: readonly string[]): LibraryModule {
  const bytes = readFileSync(file)
  const content = bytes.toString('utf8')
  const refusal = refusalOf(file, bytes)
  const shared = { name, file, content, ...(refusal !== undefined && { refusal }) }
  const words = /^#!\s*(.+)/.exec(content)?.[1]?.trim().split(/\s+/)
  const python = words === undefined ? file.endsWith('.py') : words.some((word) => /(^|\/)python[\d.]*$/.test(word))
  if (python && USES_ANSIBLE.test(content)) {
    const fullName = fullNameOf(name, file)
    // AnsibleModule itself looks whether it may run in check mode.
    return { ...shared, interpreter: 'python', takes: 'ansible', checks: true, fullName, imports: importsOf([{ name: fullName, text: content }, RUNNER], (wanted) => findPython(wanted, places) ?? standIn(wanted)) }
  }
  return { ...shared, interpreter: python ? 'python' : (words ?? ['/bin/sh']), takes: content.includes('WANT_JSON') ? 'json' : 'words', checks: content.includes('_ansible_check_mode'), fullName: name, imports: {} }
}

const USES_ANSIBLE = /^\s*(?:from|import)\s+(?:ansible\.module_utils|ansible_collections|\.\.module_utils)\b/m

function refusalOf(file: string, bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return 'it is no script'
  if (file.endsWith('.ps1') || bytes.includes('#<<INCLUDE_ANSIBLE_MODULE_COMMON>>')) return 'it needs a part of Ansible'
  return undefined
}

/** What runs the module wants AnsibleModule, whatever the module imports. */
const RUNNER = { name: 'run', text: 'import ansible.module_utils.basic' }

function standIn(name: string): ReturnType<FindPython> {
  const text = moduleUtils[name]
  return text === undefined ? undefined : { text, isPackage: true }
}

/** As Python calls it: of a collection by its path. */
function fullNameOf(name: string, file: string): string {
  const inner = /\/(ansible_collections\/.*)\.py$/.exec(file)?.[1]
  return inner === undefined ? `ansible.modules.${name}` : inner.replaceAll('/', '.')
}

/** What a module imports: `ansible.module_utils` is what lies in folders of that name beside folders of modules, of which the first wins; collections lie beside each other. */
function findPython(name: string, places: readonly string[]): ReturnType<FindPython> {
  const [, own, shared] = /^ansible\.module_utils\.(.+)$|^(ansible_collections\..+)$/.exec(name) ?? []
  const folders = own !== undefined ? places.map((place) => join(dirname(place), 'module_utils')) : places.flatMap((place) => /^(.*?)\/ansible_collections\//.exec(place)?.[1] ?? [])
  const path = (own ?? shared)?.replaceAll('.', '/')
  if (path === undefined) return undefined
  for (const folder of folders) {
    for (const [ending, isPackage] of [['.py', false], ['/__init__.py', true]] as const) {
      const file = join(folder, `${path}${ending}`)
      if (isFile(file)) return { text: readFileSync(file, 'utf8'), isPackage }
    }
  }
  return undefined
}
