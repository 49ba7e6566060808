import { expect, it } from 'vitest'
import { isArmored, publicKeys } from '../../../../src/modules/repositories/openpgp.ts'
import { ARMORED_KEY, KEY_FINGERPRINT, KEY_ID, SUBKEY_ID } from '../../../support/pgp-key.ts'

it('reads a key and its subkey from text, and from the packets that it holds', () => {
  const [key, ...others] = publicKeys(Buffer.from(`a comment\n${ARMORED_KEY}`))
  expect(others).toEqual([])
  expect(key!.ids).toEqual([KEY_ID, SUBKEY_ID])
  expect(key!.fingerprints[0]).toBe(KEY_FINGERPRINT)
  expect(publicKeys(key!.packets)).toEqual([key])
})

it('reads all blocks of a file, headers, and Windows ends of lines', () => {
  const described = ARMORED_KEY.replace('BLOCK-----\n', 'BLOCK-----\nVersion: GnuPG v1\nComment: x\n').replaceAll('\n', '\r\n')
  expect(publicKeys(Buffer.from(described + ARMORED_KEY)).map(({ ids }) => ids[0])).toEqual([KEY_ID, KEY_ID])
})

it('finds nothing in what is no key, and stops where a key is cut off', () => {
  expect(publicKeys(Buffer.from('root:x:0:0'))).toEqual([])
  expect(publicKeys(Buffer.alloc(0))).toEqual([])
  const { packets } = publicKeys(Buffer.from(ARMORED_KEY))[0]!
  expect(publicKeys(packets.subarray(0, packets.length - 3))[0]!.ids).toEqual([KEY_ID, SUBKEY_ID])
  expect(publicKeys(packets.subarray(0, 20))).toEqual([])
})

// A key packet of version 3 (RFC 9580, 5.5.2): made in 1970, with a modulus of 72 bits and the exponent 3.
it('reads packets of the new format, and keys of old', () => {
  const body = Buffer.from('0300000000000001004801112233445566778800020300', 'hex').subarray(0, 22)
  const [key] = publicKeys(Buffer.concat([Buffer.of(0xc6, body.length), body]))
  expect(key!.ids).toEqual(['1122334455667788'])
})

it('tells text from packets', () => {
  expect(isArmored(Buffer.from(ARMORED_KEY))).toBe(true)
  expect(isArmored(publicKeys(Buffer.from(ARMORED_KEY))[0]!.packets)).toBe(false)
})
