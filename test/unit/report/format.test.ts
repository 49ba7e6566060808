import { expect, test } from 'vitest'
import { count, formatBytes, formatHosts, formatSeconds, linesOf } from '../../../src/report/format.ts'

test.each([
  [0, '0.0 s'],
  [2.94, '2.9 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.6, '1 min 00 s'],
  [185, '3 min 05 s'],
])('%d seconds: %s', (seconds, wanted) => expect(formatSeconds(seconds)).toBe(wanted))

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [12_345_678, '12.3 MB'],
])('%d bytes: %s', (bytes, wanted) => expect(formatBytes(bytes)).toBe(wanted))

test('hosts, counted when they are many', () => {
  expect(formatHosts([])).toBe('no hosts')
  expect(formatHosts(['a', 'b'])).toBe('a, b')
  expect(formatHosts(Array.from({ length: 200 }, (_, index) => `web${index + 1}`))).toBe('200 hosts (web1 ... web200)')
})

test('counted words', () => {
  expect([count(0, 'host'), count(1, 'host'), count(2, 'play')]).toEqual(['0 hosts', '1 host', '2 plays'])
})

test('lines of a text', () => {
  expect([linesOf(''), linesOf('a'), linesOf('a\r\nb\n'), linesOf('\n'), linesOf('a\n\n')]).toEqual([[], ['a'], ['a', 'b'], [''], ['a', '']])
})
