import { expect, test } from 'vitest'
import { pythonLiteral } from '../../../src/load/inventory/python-literal.ts'
import { Float } from '../../../src/values/float.ts'
import type { Value } from '../../../src/values/value.ts'

/** As Python's ast.literal_eval reads them; undefined is what it refuses, and the inventory takes for text. */
const table: [string, Value | undefined][] = [
  ['1', 1], ['-1', -1], ['00', 0], ['0644', undefined], ['0x1f', 31], ['0o17', 15], ['0b11', 3], ['1_000', 1000],
  ['12345678901234567890', 12345678901234567890n],
  ['1.5', 1.5], ['1.', new Float(1)], ['.5', 0.5], ['1e3', new Float(1000)], ['1.2.3', undefined], ['1a', undefined], ['10.0.0.1', undefined],
  ['True', true], ['true', undefined], ['None', null], ['yes', undefined], ['', undefined], ['not', undefined],
  ["'a'", 'a'], ['"a b"', 'a b'], ["'a' 'b'", 'ab'], ["r'\\n'", '\\n'], ["'\\n\\x41\\u0042\\103'", '\nABC'], ["'\\q'", '\\q'], ["'''a'''", 'a'], ["u'x'", 'x'], ["'open", undefined], ['"it\'s"', "it's"],
  ['a', undefined], ['a b', undefined], ['{{ x }}', undefined], ["'{{ x }}'", '{{ x }}'],
  ["[1, 'a', [2]]", [1, 'a', [2]]], ['[1,2,]', [1, 2]], ['[]', []], ['[,]', undefined], ['[a]', undefined], ['[true]', undefined],
  ['()', []], ['(1)', 1], ['(1,)', [1]], ['1,2', [1, 2]], ['1,', [1]], ['{1,2}', [1, 2]],
  ['{}', new Map()], ["{'a': 1, 'b': [1],}", new Map<Value, Value>([['a', 1], ['b', [1]]])], ["{'a': 1", undefined],
  ['1 # note', 1], ["'a' # note", 'a'], ['foo # note', undefined], ['1 2', undefined], ['1+1', undefined],
]

test.each(table)('%s', (text, value) => {
  expect(pythonLiteral(text)).toEqual(value)
})
