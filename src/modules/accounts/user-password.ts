/** Whether a password is the hash that it has to be: a plain one locks its user out. */

/** How long the hash itself is, by the method that its id names; others have no length of their own. */
const LENGTHS: Readonly<Record<string, number>> = { '1': 22, '5': 43, '6': 86 }

/** A hash as crypt(3) writes it, or only what stands for no password: `*`, `!`. */
export function isHash(password: string): boolean {
  if (/^[*!]*$/.test(password)) return true
  const fields = password.split('$')
  const hash = fields.at(-1)!
  const length = LENGTHS[fields[1] ?? '']
  return fields.length > 2 && /^[a-zA-Z0-9./=]*$/.test(hash) && (length === undefined || hash.length === length)
}
