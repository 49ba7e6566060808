/** Files of src/ import one way: no two of them need each other, nor each other's types. What is only loaded later does not count. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '../../src')

test('imports between files have no cycle', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const imports = new Map(files.map((file) => [file, importsOf(file)]))
  expect([...imports.values()].flat().filter((file) => !imports.has(file))).toEqual([])
  expect(firstCycle(imports)).toBeUndefined()
})

test('a cycle is found', () => {
  expect(firstCycle(new Map([['a', ['b']], ['b', ['c', 'd']], ['c', []], ['d', ['b']]]))).toEqual(['b', 'd', 'b'])
})

function importsOf(file: string): string[] {
  const statements = readFileSync(join(src, file), 'utf8').matchAll(/^(?:import|export)\b[^'"]*?\bfrom '(\.[^']+\.ts)'/gm)
  return [...statements].map(([, path]) => join(dirname(file), path!))
}

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
