/**
 * Bundles the program and the packages it needs: dist/plonerun.js, which answers what needs next to nothing,
 * and dist/program.cjs, which it loads for everything else (src/cli/load-program.ts).
 * One bundle starts in less than half the time of the same packages loaded from node_modules.
 * Minified it starts no sooner, and stack traces become unreadable.
 */
import { createHash } from 'node:crypto'
import { build } from 'esbuild'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeRegistry } from './registry.mjs'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  loader: { '.py': 'text' },
  // Native accelerators that ssh2 tries and does without.
  external: ['cpu-features', '*.node'],
}

writeRegistry()
for (const file of readdirSync(dist)) if (/[.](c?js|cache)$/.test(file)) rmSync(join(dist, file), { force: true })
await build({
  ...common,
  entryPoints: { program: 'src/cli/program.ts' },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.dirname': '__dirname' },
}).catch(() => process.exit(1)) // esbuild has said why
const hash = createHash('sha256').update(readFileSync(join(dist, 'program.cjs'))).digest('hex').slice(0, 16)
await build({
  ...common,
  entryPoints: { plonerun: 'src/cli/main.ts' },
  format: 'esm',
  // It lists the commands; to run one is the program's part.
  external: ['./commands/*'],
  define: { BUNDLE_HASH: JSON.stringify(hash) },
}).catch(() => process.exit(1))
