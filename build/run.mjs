/** Runs a TypeScript program of the repository that is no part of the bundle: `node build/run.mjs FILE [ARGUMENT...]`. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const [file, ...args] = process.argv.slice(2)
if (file === undefined) throw new Error('which file? node build/run.mjs FILE [ARGUMENT...]')
const modules = join(import.meta.dirname, '../node_modules')
mkdirSync(modules, { recursive: true })
const folder = mkdtempSync(join(modules, '.run-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const outfile = join(folder, 'program.mjs')
const source = resolve(file)
await build({
  entryPoints: [source],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  plugins: [ownPlace()],
  outfile,
  logLevel: 'error',
  loader: { '.py': 'text' },
})
process.argv = [process.argv[0] ?? 'node', source, ...args]
await import(pathToFileURL(outfile).href)

/**
 * Files find what lies beside them by import.meta, which must tell of the source and not of the bundle.
 * @returns {import('esbuild').Plugin}
 */
function ownPlace() {
  return {
    name: 'own-place',
    setup(setup) {
      setup.onLoad({ filter: /\.(ts|mjs)$/ }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replaceAll('import.meta.dirname', JSON.stringify(dirname(path))).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
        loader: 'ts',
      }))
    },
  }
}
