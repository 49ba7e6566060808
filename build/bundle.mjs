/**
 * Bundles the program and the packages it needs: dist/plonerun.cjs, which answers what needs next to nothing,
 * and dist/program.cjs, which it loads for everything else (src/cli/load-program.ts); dist/hashing.cjs is for threads.
 * One bundle starts in less than half the time of the same packages loaded from node_modules, and CommonJS sooner than
 * modules. Minified it starts no sooner, and stack traces become unreadable.
 */
import { createHash } from 'node:crypto'
import { build } from 'esbuild'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeRegistry } from './registry.mjs'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

/**
 * What ssh2 tries and does without: accelerators in native code, which take longer to look for than they are worth, and
 * tunnels for HTTP, which pull in much of Node. And what node-ssh makes folders with, on this side, which nobody asks it for; and
 * the programs by which ssh2 finds an agent on Windows.
 * @type {import('esbuild').Plugin}
 */
const leftOut = {
  name: 'left out',
  setup(bundle) {
    bundle.onResolve({ filter: /^cpu-features$|\/sshcrypto\.node$|\/http-agents\.js$|^make-dir$/ }, ({ path }) => ({ path, namespace: 'left out' }))
    bundle.onResolve({ filter: /^child_process$/ }, ({ path, importer }) => (/ssh2.lib.agent\.js$/.test(importer) ? { path: `${path}.js`, namespace: 'left out' } : undefined))
    bundle.onLoad({ filter: /./, namespace: 'left out' }, ({ path }) => ({ contents: /\.js$|^make-dir$/.test(path) ? 'module.exports = {}' : `throw new Error('left out')` }))
  },
}

/**
 * Parts of Node that few runs use are loaded when one does. The bundle reads a name of an import where it is used.
 * @type {import('esbuild').Plugin}
 */
const later = {
  name: 'later',
  setup(bundle) {
    bundle.onResolve({ filter: /^node:(child_process|fs\/promises|readline\/promises|v8|worker_threads)$/ }, ({ path, namespace }) => (namespace === 'later' ? { path, external: true } : { path, namespace: 'later' }))
    bundle.onLoad({ filter: /./, namespace: 'later' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default')
      return { contents: `module.exports = {${names.map((name) => `get ${name}() { return require('${path}').${name} }`).join(', ')}}` }
    })
  },
}

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  target: 'node20',
  // load-program.ts compiles the bundle in a way in which there is no import() at run time: of Node's own parts they become require.
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  logLevel: 'warning',
  loader: { '.py': 'text' },
  plugins: [leftOut, later],
  define: { 'import.meta.dirname': '__dirname' },
}

writeRegistry()
mkdirSync(dist, { recursive: true })
for (const file of readdirSync(dist)) if (/[.](c?js|cache)$/.test(file)) rmSync(join(dist, file), { force: true })
await build({
  ...common,
  entryPoints: { program: 'src/cli/program.ts', hashing: 'src/template/hashing/thread.ts' },
}).catch(() => process.exit(1)) // esbuild has said why
const program = readFileSync(join(dist, 'program.cjs'))
const odd = program.findIndex((byte) => byte > 127)
// V8 takes ASCII in half the time. esbuild escapes all else in texts, but not in regular expressions.
if (odd >= 0) throw new Error(`dist/program.cjs has to be ASCII: write \\u… for what is not in ${program.subarray(program.lastIndexOf('\n', odd) + 1, program.indexOf('\n', odd)).toString().trim()}`)
const hash = createHash('sha256').update(program).digest('hex').slice(0, 16)
await build({
  ...common,
  entryPoints: { plonerun: 'src/cli/main.ts' },
  // It lists the commands; to run one is the program's part.
  external: ['./commands/*'],
  define: { ...common.define, BUNDLE_HASH: JSON.stringify(hash) },
}).catch(() => process.exit(1))
