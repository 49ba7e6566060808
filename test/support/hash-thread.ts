/** Builds the program of the threads that hash passwords, as the build does. */
import { build } from 'esbuild'
import { join } from 'node:path'

/** @param folder where it is written */
export async function buildHashThread(folder: string): Promise<string> {
  const outfile = join(folder, 'hashing.cjs')
  await build({ entryPoints: [join(import.meta.dirname, '../../src/template/hashing/thread.ts')], outfile, bundle: true, platform: 'node', format: 'cjs' })
  return outfile
}
