/**
 * Bytes from a host as text and back without loss: what is not UTF-8 becomes U+DC80 to U+DCFF, as Python's
 * surrogateescape has it. What goes to a host is encoded with `textToBytes`, so such names reach it as they were.
 */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of bytes that are UTF-8 or nearly so (file names, lines of old configuration files). */
export function bytesToText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return decodeLeniently(bytes)
  }
}

/** The bytes of a text that `bytesToText` made; any other text as UTF-8. */
export function textToBytes(text: string): Buffer {
  if (!/[\udc80-\udcff]/.test(text)) return Buffer.from(text, 'utf8')
  const parts: Buffer[] = []
  for (const part of text.split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)) {
    const escaped = part.length === 1 && part >= '\udc80' && part <= '\udcff'
    parts.push(escaped ? Buffer.of(part.charCodeAt(0) & 0xff) : Buffer.from(part, 'utf8'))
  }
  return Buffer.concat(parts)
}

function decodeLeniently(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at]!)
    const sequence = bytes.subarray(at, at + length)
    const decoded = sequence.length === length ? tryDecode(sequence) : undefined
    text += decoded ?? String.fromCharCode(0xdc00 + bytes[at]!)
    at += decoded === undefined ? 1 : length
  }
  return text
}

function tryDecode(sequence: Uint8Array): string | undefined {
  try {
    return strict.decode(sequence)
  } catch {
    return undefined
  }
}

/** How many bytes the UTF-8 sequence has that begins with this byte. */
function sequenceLength(first: number): number {
  if (first < 0xc0) return 1
  if (first < 0xe0) return 2
  return first < 0xf0 ? 3 : 4
}
