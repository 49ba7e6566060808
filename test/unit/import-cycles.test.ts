/** No two files of src/ need each other to load. Types are erased and do not count. */
import { build } from 'esbuild'
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname

test('imports between files have no cycle', async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).map((file) => `src/${file}`),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    splitting: true,
    outdir: 'out',
    write: false,
    metafile: true,
    treeShaking: false,
  })
  const imports = new Map(
    Object.entries(metafile.inputs).map(([file, input]) => [file, input.imports.filter((each) => !each.external && each.kind === 'import-statement').map((each) => each.path)]),
  )
  expect(firstCycle(imports)).toBeUndefined()
})

test('a cycle is found', () => {
  expect(firstCycle(new Map([['a', ['b']], ['b', ['c', 'd']], ['c', []], ['d', ['b']]]))).toEqual(['b', 'd', 'b'])
})

/** The files of a cycle in order, the first one again at the end. */
function firstCycle(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const next of imports.get(file) ?? []) {
      const cycle = visit(next, [...path, file])
      if (cycle !== undefined) return cycle
    }
    done.add(file)
    return undefined
  }
  for (const file of imports.keys()) {
    const cycle = visit(file, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}
