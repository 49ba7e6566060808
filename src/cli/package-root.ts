/** The folder that plonerun is installed in: roles/, playbooks/ and inventory/ that come with it lie there. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The nearest folder above this file that holds a package.json, whether it runs bundled or from source. */
export function packageRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}
