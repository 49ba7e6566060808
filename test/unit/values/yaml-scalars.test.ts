import { expect, test } from 'vitest'
import { plainScalar } from '../../../src/values/yaml-scalars.ts'
import { Float } from '../../../src/values/float.ts'
import type { Value } from '../../../src/values/value.ts'

/** Observed with ansible-core 2.19. */
const table: [string, Value][] = [
  ['', null], ['~', null], ['Null', null], ['nUll', 'nUll'],
  ['yes', true], ['Off', false], ['TRUE', true], ['y', 'y'], ['N', 'N'], ['yEs', 'yEs'],
  ['0', 0], ['-0', 0], ['+5', 5], ['1_000', 1000], ['1_', 1], ['_1', '_1'],
  ['0644', 420], ['00', 0], ['08', '08'], ['0o644', '0o644'], ['0x1F', 31], ['-0x10', -16], ['0b101', 5], ['0b', '0b'],
  ['9007199254740993', 9007199254740993n],
  ['1.0', new Float(1)], ['5.', new Float(5)], ['1.5', 1.5], ['.5', 0.5], ['-.5', '-.5'], ['1_0.5_0', 10.5],
  ['1e3', '1e3'], ['1.0e3', '1.0e3'], ['1.0e+3', new Float(1000)],
  ['-.inf', -Infinity], ['.NaN', NaN],
  ['22:22', 1342], ['1:2:3', 3723], ['-1:30', -90], ['09:30', '09:30'], ['1:60', '1:60'], ['01:30.5', 90.5],
  ['2024-01-01', '2024-01-01'], ['1.2.3', '1.2.3'], ['-', '-'], ['.', '.'], ['=', '='],
]

test.each(table)('%j', (text, value) => {
  expect(plainScalar(text)).toEqual(value)
})
