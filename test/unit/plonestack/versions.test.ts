import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { listOf, releases } from '../../../src/plonestack/versions.ts'

const lists = releases().flatMap(({ plone, pythons }) => pythons.map((python) => listOf(plone, python)))

test.each(lists)('%s ships', (list) => {
  expect(existsSync(`roles/plone/files/versions/${list}`)).toBe(true)
})
