/**
 * Writes src/modules/registry.generated.ts: the list of all modules, found by looking at the folders of src/modules.
 * A module file is src/modules/<family>/<name>.ts with exactly one `export const X = state({` or `action({`;
 * files without one are helpers of their neighbours.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const declaration = /^export const (\w+) = (?:state|action)\b/gm
const folder = join(import.meta.dirname, '../src/modules')
const target = join(folder, 'registry.generated.ts')

/**
 * The registry's text for the module files of a folder.
 * @param {{ file: string, text: string }[]} files paths relative to src/modules
 * @throws Error when a file declares two modules
 */
export function registryText(files) {
  const modules = files.flatMap(({ file, text }) => {
    const names = [...text.matchAll(declaration)].map((match) => match[1])
    if (names.length > 1) throw new Error(`src/modules/${file} declares ${names.length} modules (${names.join(', ')}): give each a file of its own`)
    return names.map((name) => ({ file, name, local: file.replace(/\.ts$/, '').replace(/\W+/g, '_') }))
  })
  return [
    '/** All modules. Written by build/registry.mjs. */',
    "import type { Module } from './contract/module.ts'",
    ...modules.map(({ file, name, local }) => `import { ${name} as ${local} } from './${file}'`),
    '',
    'export const modules: readonly Module[] = [',
    ...modules.map(({ local }) => `  ${local},`),
    ']',
    '',
  ].join('\n')
}

/** Writes the registry, unless it is as it should be already. */
export function writeRegistry() {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'contract')
    .flatMap((family) => readdirSync(join(folder, family.name)).map((name) => `${family.name}/${name}`))
    .filter((file) => file.endsWith('.ts'))
    .sort()
  const text = registryText(files.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') })))
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return
  const fresh = `${target}.${process.pid}`
  writeFileSync(fresh, text)
  renameSync(fresh, target)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeRegistry()
