/** Keeps secrets out of everything that is told. */
const MASK = '********'
/** Shorter ones would mask half of any text. */
const SHORTEST = 3

/** JSON-able data with every occurrence of a secret masked. */
export function mask<Data>(data: Data, secrets: ReadonlySet<string>): Data {
  const texts = [...secrets].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length)
  return texts.length === 0 ? data : (maskDeep(data, texts) as Data)
}

function maskDeep(data: unknown, secrets: readonly string[]): unknown {
  if (typeof data === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, MASK), data)
  if (Array.isArray(data)) return data.map((item) => maskDeep(item, secrets))
  if (data !== null && typeof data === 'object') return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, maskDeep(item, secrets)]))
  return data
}
