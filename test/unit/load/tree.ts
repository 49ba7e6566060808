/** Folders of files for loaders to read, and errors as one text. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import { formatPosition } from '../../../src/errors/position.ts'
import { temporaryFolder } from '../../support/folder.ts'

/** Makes a folder with these files; one that starts with #! is executable. */
export function tree(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    if (content.startsWith('#!')) chmodSync(path, 0o755)
  }
  return root
}

/** Message, place, why and hint of the error that something throws, with paths relative to the folder. */
export function errorText(root: string, run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    const parts = [error.message, error.where && formatPosition(error.where, root), error.why && `why: ${error.why}`, error.hint && `hint: ${error.hint}`]
    return parts.filter((part) => part !== undefined).join('\n').replaceAll(`${root}/`, '')
  }
  return 'no error'
}
