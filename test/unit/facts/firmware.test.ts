/** Facts of the firmware, from what the kernel shows of it. */
import { expect, test } from 'vitest'
import { firmware } from '../../../src/facts/firmware.ts'

const shown = (files: Readonly<Record<string, string>>): ReadonlyMap<string, string> => new Map(Object.entries(files).map(([name, text]) => [`/sys/devices/virtual/dmi/id/${name}`, `${text}\n`]))

test.each([
  ['10', 'Notebook'],
  ['99', 'unknown (99)'],
])('a chassis of type %s', (type, wanted) => {
  const facts = firmware.parse(shown({ product_name: 'Model X ', sys_vendor: 'Maker', chassis_type: type, chassis_version: '' }), '')
  expect(facts).toMatchObject({ product_name: 'Model X', system_vendor: 'Maker', form_factor: wanted, chassis_version: 'NA', product_serial: 'NA' })
})

test('a machine that has none: all are NA', () => {
  expect(new Set(Object.values(firmware.parse(new Map(), '')))).toEqual(new Set(['NA']))
  expect(Object.keys(firmware.parse(new Map(), ''))).toEqual(firmware.facts)
})
