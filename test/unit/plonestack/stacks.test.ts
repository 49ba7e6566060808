import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { explain } from '../../../src/modules/plonestack/stack_changes.ts'
import { changesBetween, chooseStack, installedStacks, stackAt } from '../../../src/plonestack/stacks.ts'
import { temporaryFolder } from '../../support/folder.ts'

/** A folder with packages installed in it, each given as its place and version. */
function repository(packages: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [place, version] of Object.entries(packages)) {
    const file = join(folder, place, 'package.json')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify({ name: 'plonestack', version }))
  }
  return folder
}

const CHANGES = '# Changes\n\n## 1.2.0\n\nVarnish logs.\n\n## 1.1.0\n\nhaproxy.\n\n## 1.0.0\n\nThe first.\n'
const stack = (version: string) => ({ version, root: `/stacks/${version}`, changelog: 'none' })

test("plonerun's own folder holds a stack, and an installed package does", () => {
  expect(stackAt(process.cwd())).toMatchObject({ root: process.cwd(), changelog: join(process.cwd(), 'stack/CHANGELOG.md') })
  const folder = repository({ 'node_modules/plonestack': '1.1.0' })
  expect(stackAt(join(folder, 'node_modules/plonestack'))).toMatchObject({ version: '1.1.0' })
  expect(stackAt(folder)).toBeUndefined()
})

test('those of node_modules are found from below, also under other names', () => {
  const folder = repository({ 'node_modules/plonestack': '1.2.0', 'node_modules/plonestack-1.1': '1.1.3', 'inventory/prod/x': '9.9.9' })
  expect(installedStacks(join(folder, 'inventory/prod')).map(({ version }) => version)).toEqual(['1.2.0', '1.1.3'])
})

test.each([
  [undefined, '1.2.0'],
  ['1.1', '1.1.3'],
  ['1', '1.3.0'],
  ['^1.2.0', '1.3.0'],
  ['1.2.0', '1.2.0'],
])('a site that asks for %s gets %s', (wanted, version) => {
  expect(chooseStack(wanted, [stack('1.2.0'), stack('1.1.3'), stack('1.1.0'), stack('1.3.0')], "site 'www'").version).toBe(version)
})

test('a version that is not at hand is named with those that are', () => {
  expect(() => chooseStack('2', [stack('1.2.0')], "site 'www'")).toThrow(expect.objectContaining({ message: "site 'www': there is no plonestack 2", why: 'there are 1.2.0 in /stacks/1.2.0' }) as Error)
})

test('the changelog between two versions', () => {
  expect(changesBetween(CHANGES, '1.0.0', '1.2.0')).toEqual(['## 1.2.0\n\nVarnish logs.', '## 1.1.0\n\nhaproxy.'])
  expect(changesBetween(CHANGES, '1.1.0', '1.1.0')).toEqual([])
})

test('a newer stack is told with its changes, an older one as such', () => {
  const changelog = join(temporaryFolder(), 'CHANGELOG.md')
  writeFileSync(changelog, CHANGES)
  const to = (version: string) => explain('www', '1.1.0', { version, root: '', changelog })
  expect(to('1.2.0')).toEqual(['www  plonestack 1.1.0 -> 1.2.0', '  ## 1.2.0', '', '  Varnish logs.'])
  expect(to('1.0.0')).toEqual(['www  plonestack 1.1.0 -> 1.0.0, which is older: what is new since then is taken back; --check --diff shows what that is'])
})
