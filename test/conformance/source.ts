/** ansible-core's source distribution, from the Python package index, in a cache outside of the repository. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const VERSION = '2.19.14'
const SHA256 = '1e7612788eaa6b3c87a3670ce86c64b830eba0ae2b3fcb25a772f276704163b4'

/** The tar file; downloaded when it is not in the cache yet. */
export async function ansibleCore(): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'plonerun')
  const file = join(cache, `ansible_core-${VERSION}.tar.gz`)
  if (await isWhole(file)) return file
  await mkdir(cache, { recursive: true })
  const fresh = await mkdtemp(join(cache, 'download-'))
  try {
    // Its metadata is built to be read, which needs setuptools; pip fetches that by itself.
    await promisify(execFile)('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-binary', ':all:', '--dest', fresh, `ansible-core==${VERSION}`])
    const downloaded = join(fresh, `ansible_core-${VERSION}.tar.gz`)
    if (!(await isWhole(downloaded))) throw new Error(`ansible-core ${VERSION} from the package index is not the one that was tried`)
    await rename(downloaded, file)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return file
}

async function isWhole(file: string): Promise<boolean> {
  const content = await readFile(file).catch(() => undefined)
  return content !== undefined && createHash('sha256').update(content).digest('hex') === SHA256
}
