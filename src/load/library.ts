/** Modules of the person's own: scripts in `library/` beside a playbook, in roles, and in the folders of the settings. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
      for (const folder of [...own, ...added, ...folders.map(expandHome)]) {
        const file = filesIn(folder).get(name)
        if (file === undefined) continue
        const module = read.get(file) ?? moduleOf(name, file)
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

function moduleOf(name: string, file: string): LibraryModule {
  const bytes = readFileSync(file)
  const content = bytes.toString('utf8')
  const interpreter = /^#!\s*(.+)/.exec(content)?.[1]?.trim().split(/\s+/) ?? ['/bin/sh']
  const refusal = refusalOf(file, bytes, interpreter)
  return { name, file, content, interpreter, wantsJson: content.includes('WANT_JSON'), checks: content.includes('_ansible_check_mode'), ...(refusal !== undefined && { refusal }) }
}

function refusalOf(file: string, bytes: Buffer, interpreter: readonly string[]): string | undefined {
  if (bytes.includes(0)) return 'it is no script'
  if (file.endsWith('.py') || interpreter.some((word) => /(^|\/)python[\d.]*$/.test(word))) return 'it is written in Python, which plonerun does not run'
  if (file.endsWith('.ps1') || bytes.includes('#<<INCLUDE_ANSIBLE_MODULE_COMMON>>')) return 'it needs a part of Ansible'
  return undefined
}
