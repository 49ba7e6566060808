/** ansible-core's programs, in an environment of their own in a cache outside of the repository. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const VERSION = '2.19.14'

/** The folder of the programs; installed from the Python package index when it is not in the cache yet. */
export async function ansibleTools(): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'plonerun')
  const folder = join(cache, `ansible-core-${VERSION}-tools`)
  const programs = join(folder, 'bin')
  if (existsSync(join(programs, 'ansible-vault'))) return programs
  await mkdir(cache, { recursive: true })
  try {
    await promisify(execFile)('python3', ['-m', 'venv', folder])
    await promisify(execFile)(join(programs, 'python'), ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', `ansible-core==${VERSION}`])
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return programs
}
