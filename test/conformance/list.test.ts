import { expect, test } from 'vitest'
import { leftOut, targets } from './targets.ts'

test('every target stands in the list once, and what is left out or passes in part says why', () => {
  const names = [...targets.map(({ name }) => name), ...Object.keys(leftOut)]
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  expect(targets.filter(({ passes, why }) => passes === 'part' && why === undefined)).toEqual([])
  expect(Object.entries(leftOut).filter(([, why]) => why === '')).toEqual([])
})
