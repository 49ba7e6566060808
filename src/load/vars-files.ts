/** Files of variables: a file, with or without an extension, or a folder of them. */
import { existsSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { isDirectory, type Files } from './files.ts'

export const VARS_EXTENSIONS: readonly string[] = ['.yml', '.yaml', '.json']

/** The person's files, as an inventory is read from them. */
export interface InventoryFiles extends Files {
  /** The files for a name in group_vars/ or host_vars/. */
  varsFiles(folder: string, name: string): readonly string[]
}

/** Looks for each name once, as Ansible does: hundreds of hosts share their groups. */
export function createInventoryFiles(files: Files): InventoryFiles {
  const known = new Map<string, readonly string[]>()
  return {
    ...files,
    varsFiles(folder, name) {
      const place = join(folder, name)
      const found = known.get(place) ?? findVarsFiles(folder, name)
      known.set(place, found)
      return found
    },
  }
}

/** The first of NAME, NAME.yml, NAME.yaml and NAME.json; of a folder all that are in it. */
function findVarsFiles(folder: string, name: string): string[] {
  const found = ['', ...VARS_EXTENSIONS].map((extension) => join(folder, `${name}${extension}`)).find((path) => existsSync(path))
  if (found === undefined) return []
  return isDirectory(found) ? varsFilesIn(found) : [found]
}

/** The files of variables in a folder and those below it, in order of their names; hidden files and backups are no such files. */
export function varsFilesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && !name.endsWith('~'))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      const extension = extname(name)
      if (isDirectory(path)) return extension === '' ? varsFilesIn(path) : []
      return extension === '' || VARS_EXTENSIONS.includes(extension) ? [path] : []
    })
}
