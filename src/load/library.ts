/** Modules of the person's own: in `library/` beside a playbook, in roles, and in the folders of the settings. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDirectory, isFile } from './files.ts'
import { expandHome } from './role-search.ts'
import type { LibraryModule } from './tree/library.ts'

export const DEFAULT_LIBRARY_PATH: readonly string[] = ['~/.ansible/plugins/modules', '/usr/share/ansible/plugins/modules']

export interface Library {
  /** The module of that name; those of earlier folders win. @param folders those in which it is looked for first */
  find(name: string, folders: readonly string[]): LibraryModule | undefined
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
  return {
    find(given, own) {
      const name = given.replace(/^ansible\.legacy\./, '')
      const places = [...own, ...added, ...folders.map(expandHome)]
      for (const folder of places) {
        const file = filesIn(folder).get(name)
        if (file === undefined) continue
        const module = read.get(file) ?? moduleOf(name, file, places)
        read.set(file, module)
        return module
      }
      return undefined
    },
    add: (folder) => void added.add(folder),
  }
}

/** Endings of files beside modules that are none. */
const NO_MODULES = /\.(?:md|rst|txt|ya?ml|json|pyc|pyo|orig|swp|bak)$|~$/

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
  // AnsibleModule itself looks whether it may run in check mode.
  if (python && USES_ANSIBLE.test(content)) return { ...shared, interpreter: 'python', takes: 'ansible', checks: true, imports: importsBeside(places) }
  return { ...shared, interpreter: python ? 'python' : (words ?? ['/bin/sh']), takes: content.includes('WANT_JSON') ? 'json' : 'words', checks: content.includes('_ansible_check_mode'), imports: {} }
}

const USES_ANSIBLE = /^\s*(?:from|import)\s+ansible\.module_utils\b/m

function refusalOf(file: string, bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return 'it is no script'
  if (file.endsWith('.ps1') || bytes.includes('#<<INCLUDE_ANSIBLE_MODULE_COMMON>>')) return 'it needs a part of Ansible'
  return undefined
}

/** Python below `module_utils`, by the names it is imported as; what stands first wins. */
function importsBeside(places: readonly string[]): Record<string, string> {
  const folders = places.map((place) => join(dirname(place), 'module_utils')).filter(isDirectory)
  const found = folders.reverse().flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.py')).map((path): [string, string] => {
    const name = path.replace(/(\/?__init__)?\.py$/, '').replaceAll('/', '.')
    return [['ansible.module_utils', name].filter((part) => part !== '').join('.'), readFileSync(join(folder, path), 'utf8')]
  }))
  return Object.fromEntries(found)
}
