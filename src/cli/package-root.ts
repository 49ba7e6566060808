/** The folder that plonerun is installed in: roles/, playbooks/ and inventory/ that come with it lie there. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'

/**
 * The nearest folder above a program that holds a package.json, whether it runs bundled or from source.
 * @throws PlonerunError when there is none
 */
export function packageRoot(program = import.meta.dirname): string {
  for (let folder = program; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) throw new PlonerunError(`plonerun is not whole: no folder above ${program} holds its package.json`, { hint: 'install it anew; its program works from its package only' })
  }
}
