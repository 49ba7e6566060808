/** OpenPGP public keys, as far as package managers name them: read from files without gpg, which a bare host does not have (RFC 9580). */
import { createHash } from 'node:crypto'

/** A primary key with all that belongs to it. */
export interface PublicKey {
  /** Upper case hexadecimal digits, of the primary key first, then of its subkeys. */
  readonly fingerprints: readonly string[]
  /** 16 digits each, in the same order. */
  readonly ids: readonly string[]
  /** The packets as a keyring holds them. */
  readonly packets: Buffer
}

const PUBLIC_KEY = 6
const SUBKEY = 14

/** The keys in a file, armored or binary; none when it holds no OpenPGP packets. */
export function publicKeys(content: Uint8Array): readonly PublicKey[] {
  const keys: { fingerprints: string[]; ids: string[]; packets: Buffer[] }[] = []
  for (const { tag, body, whole } of packetsOf(unarmored(Buffer.from(content)))) {
    if (tag === PUBLIC_KEY) keys.push({ fingerprints: [], ids: [], packets: [] })
    const key = keys.at(-1)
    key?.packets.push(whole)
    if (key === undefined || (tag !== PUBLIC_KEY && tag !== SUBKEY)) continue
    const { fingerprint, id } = identify(body)
    key.fingerprints.push(fingerprint)
    key.ids.push(id)
  }
  return keys.map((key) => ({ ...key, packets: Buffer.concat(key.packets) }))
}

/** The file is text. */
export function isArmored(content: Uint8Array): boolean {
  return Buffer.from(content).includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')
}

/** The bytes of all armored blocks, or the content itself when there are none. */
function unarmored(content: Buffer): Buffer {
  if (!isArmored(content)) return content
  const blocks = content.toString('latin1').matchAll(/-----BEGIN PGP PUBLIC KEY BLOCK-----([^]*?)-----END PGP PUBLIC KEY BLOCK-----/g)
  return Buffer.concat(
    Array.from(blocks, ([, block]) => {
      // Headers end at a blank line; a line with = in front is the checksum.
      const lines = block!.split(/\r?\n/).map((line) => line.trim())
      const start = lines.findIndex((line, index) => index > 0 && line === '')
      return Buffer.from(lines.slice(start + 1).filter((line) => !line.startsWith('=')).join(''), 'base64')
    }),
  )
}

interface Packet {
  readonly tag: number
  readonly body: Buffer
  readonly whole: Buffer
}

function* packetsOf(bytes: Buffer): Generator<Packet> {
  for (let at = 0; at < bytes.length; ) {
    const header = readHeader(bytes, at)
    if (header === undefined) return
    const end = header.start + header.length
    yield { tag: header.tag, body: bytes.subarray(header.start, end), whole: bytes.subarray(at, end) }
    at = end
  }
}

/** Tag and extent of the packet at a place; undefined for what is none, or is cut off. */
function readHeader(bytes: Buffer, at: number): { readonly tag: number; readonly start: number; readonly length: number } | undefined {
  const first = bytes[at]!
  if ((first & 0x80) === 0) return undefined
  const sized = (tag: number, start: number, length: number) => (start + length <= bytes.length ? { tag, start, length } : undefined)
  const rest = bytes.subarray(at + 1)
  if ((first & 0x40) === 0) {
    const size = 1 << (first & 3)
    if (size === 8) return sized((first >> 2) & 15, at + 1, rest.length)
    return rest.length < size ? undefined : sized((first >> 2) & 15, at + 1 + size, rest.readUIntBE(0, size))
  }
  const tag = first & 0x3f
  const octet = rest[0]
  if (octet === undefined) return undefined
  if (octet < 192) return sized(tag, at + 2, octet)
  if (octet < 224 && rest.length > 1) return sized(tag, at + 3, ((octet - 192) << 8) + rest[1]! + 192)
  return octet === 255 && rest.length > 4 ? sized(tag, at + 6, rest.readUInt32BE(1)) : undefined
}

function identify(body: Buffer): { readonly fingerprint: string; readonly id: string } {
  const version = body[0]
  if (version === 6 || version === 5) {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length)
    const fingerprint = digest('sha256', Buffer.of(version === 6 ? 0x9b : 0x9a), length, body)
    return { fingerprint, id: fingerprint.slice(0, 16) }
  }
  if (version === 4) {
    const fingerprint = digest('sha1', Buffer.of(0x99, body.length >> 8, body.length & 0xff), body)
    return { fingerprint, id: fingerprint.slice(-16) }
  }
  // Version 3 is RSA only: the end of the modulus, which begins at byte 8 behind its length in bits.
  const size = Math.ceil(body.readUInt16BE(8) / 8)
  const [modulus, exponent] = [body.subarray(10, 10 + size), body.subarray(12 + size)]
  return { fingerprint: digest('md5', modulus, exponent), id: modulus.subarray(-8).toString('hex').toUpperCase() }
}

function digest(algorithm: string, ...parts: readonly Uint8Array[]): string {
  const hash = createHash(algorithm)
  for (const part of parts) hash.update(part)
  return hash.digest('hex').toUpperCase()
}
