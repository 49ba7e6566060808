import { expect, test } from 'vitest'
import { decodeText, encodeText } from '../../../../src/modules/files/encoding.ts'

test.each([
  ['windows-1252', '€ü', [0x80, 0xfc]],
  ['cp1252', '€', [0x80]],
  ['iso8859-15', '€', [0xa4]],
  ['koi8_r', 'и', [0xc9]],
  ['', 'ü', [0xc3, 0xbc]],
])('%s', (encoding, text, bytes) => {
  expect([...encodeText(text, encoding)]).toEqual(bytes)
  expect(decodeText(Buffer.from(bytes), encoding)).toBe(text)
})

test('says what cannot be written, and which encodings there are', () => {
  expect(() => encodeText('и', 'windows-1252')).toThrow("'и' cannot be written in windows-1252")
  expect(() => encodeText('a', 'klingon')).toThrow("unknown encoding 'klingon'")
})
