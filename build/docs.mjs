/** Writes the reference pages of docs/ (src/cli/docs.ts says what is in them). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { writeRegistry } from './registry.mjs'

const root = join(import.meta.dirname, '..')
writeRegistry()
const folder = mkdtempSync(join(root, 'node_modules', '.docs-'))
try {
  const outfile = join(folder, 'docs.mjs')
  await build({ entryPoints: [join(root, 'src/cli/docs.ts')], bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile, logLevel: 'error' })
  const { documentation } = await import(pathToFileURL(outfile).href)
  for (const [name, text] of documentation()) writeFileSync(join(root, 'docs', name), text)
} finally {
  rmSync(folder, { recursive: true })
}
