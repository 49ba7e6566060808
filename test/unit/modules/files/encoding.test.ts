import { expect, test } from 'vitest'
import { decodeExactly, decodeText, encodeText } from '../../../../src/modules/files/encoding.ts'

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

test('reads exactly what is in an encoding, and says what is wrong', () => {
  const gbk = Buffer.from([0xc4, 0xe3])
  expect(decodeExactly(gbk, 'gbk')).toEqual({ text: '你' })
  expect(decodeExactly(gbk, 'utf-8')).toEqual({ wrong: 'bytes' })
  expect(decodeExactly(gbk, 'klingon')).toEqual({ wrong: 'encoding' })
  expect(decodeExactly(gbk, 'latin-1')).toEqual({ text: 'Äã' })
})

test('says what cannot be written, and which encodings there are', () => {
  expect(() => encodeText('и', 'windows-1252')).toThrow("'и' cannot be written in windows-1252")
  expect(() => encodeText('a', 'klingon')).toThrow("unknown encoding 'klingon'")
})
