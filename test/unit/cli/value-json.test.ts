import { expect, test } from 'vitest'
import { valueJson } from '../../../src/cli/value-json.ts'
import { Float } from '../../../src/values/float.ts'
import { Secret } from '../../../src/values/secret.ts'
import { Template } from '../../../src/values/template.ts'
import { Unknown } from '../../../src/values/unknown.ts'
import type { Value } from '../../../src/values/value.ts'

test.each<[Value, string]>([
  [null, 'null'],
  [true, 'true'],
  [2, '2'],
  [new Float(2), '2.0'],
  [2.5, '2.5'],
  [1e-7, '1e-07'],
  [12345678901234567890n, '12345678901234567890'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  ['"ä"\n', '"\\"ä\\"\\n"'],
  [[], '[]'],
  [new Map(), '{}'],
  [[1, ['a']], '[1, ["a"]]'],
  [new Map<Value, Value>([['a', 1], [80, null], [true, 2], [null, 3]]), '{"a": 1, "80": null, "true": 2, "null": 3}'],
  [new Secret('hidden'), '"********"'],
  [new Unknown('the output of "id"'), '"(unknown until run: the output of \\"id\\")"'],
  [new Template('{{ a }}', { file: 'x', line: 1, column: 1 }), '"{{ a }}"'],
])('%s: %s', (value, wanted) => {
  expect(valueJson(value)).toBe(wanted)
})

test('spread out', () => {
  expect(valueJson(new Map<Value, Value>([['a', [1, new Map()]], ['b', []]]), 2)).toBe('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}')
})
