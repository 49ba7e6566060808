/** Packages of the Python index that carry roles, unpacked in a cache outside of the repository. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const VERSIONS = { ansible: '12.3.0', debops: '3.3.2' } as const

export type PackageName = keyof typeof VERSIONS

/** The folder of a package's files; downloaded when it is not in the cache yet. */
export async function packageFiles(name: PackageName): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'plonerun')
  const folder = join(cache, `${name}-${VERSIONS[name]}`)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const fresh = await mkdtemp(join(cache, 'download-'))
  try {
    await promisify(execFile)('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', fresh, `${name}==${VERSIONS[name]}`])
    const [wheel] = await readdir(fresh)
    await promisify(execFile)('python3', ['-m', 'zipfile', '-e', join(fresh, wheel!), join(fresh, 'files')])
    await rename(join(fresh, 'files'), folder)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return folder
}
