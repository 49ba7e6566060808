/** Runs a TypeScript program of the repository that is no part of the bundle: `node build/run.mjs FILE [ARGUMENT...]`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const [file, ...args] = process.argv.slice(2)
if (file === undefined) throw new Error('which file? node build/run.mjs FILE [ARGUMENT...]')
const modules = join(import.meta.dirname, '../node_modules')
mkdirSync(modules, { recursive: true })
const folder = mkdtempSync(join(modules, '.run-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const outfile = join(folder, 'program.mjs')
// The program finds its own files by import.meta, which must tell of the source and not of the bundle.
const source = resolve(file)
await build({
  entryPoints: [source],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  define: { 'import.meta.dirname': JSON.stringify(join(source, '..')) },
  outfile,
  logLevel: 'error',
})
process.argv = [process.argv[0] ?? 'node', source, ...args]
await import(pathToFileURL(outfile).href)
