import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote } from '../../../src/shell/quote.ts'

test.each([
  ['', "''"],
  ['/etc/hosts', '/etc/hosts'],
  ['a b', "'a b'"],
  ["it's", `'it'\\''s'`],
  ['A=b', "'A=b'"],
  ['~', "'~'"],
  ['$(x)`y`"\\', `'$(x)\`y\`"\\'`],
])('%s', (text, quoted) => {
  expect(quote(text)).toBe(quoted)
})

test('a NUL is refused', () => {
  expect(() => quote('a\0b')).toThrow('a NUL byte cannot be part of a command')
})

test('a shell gives back what went in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')), (text) => {
      expect(execFileSync('/bin/sh', ['-c', `printf %s ${quote(text)}`], { encoding: 'utf8' })).toBe(text)
    }),
    { numRuns: 50 },
  )
})
