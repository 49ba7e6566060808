/** The text of an authorized_keys file: parsed, changed, written as Ansible writes it; pure. */

/** A line of the file. */
interface Line {
  /** The key's data, or the line itself when it holds no key. */
  readonly id: string
  readonly type?: string
  /** `no-pty,from="a,b"` in parts. */
  readonly options?: readonly string[]
  readonly comment?: string
}

const TYPE = /^(?:(?:sk-|webauthn-sk-)?(?:ecdsa-sha2-nistp(?:256|384|521)|ssh-(?:rsa|dss|ed25519|xmss)|rsa-sha2-(?:256|512))(?:-cert-v01)?(?:@openssh\.com)?)$/

export interface KeyWish {
  readonly key: string
  readonly present: boolean
  readonly exclusive: boolean
  readonly options: string | undefined
  readonly comment: string | undefined
}

/**
 * The text with the keys, or without them; the same text when nothing is to be done.
 * @throws Error for what is no key
 */
export function changeKeys(before: string, wish: KeyWish): string {
  // A key that is there twice is kept once, where it was first and as it was last.
  const lines = new Map<string, Line>()
  for (const text of before.split(/(?<=\n)/)) if (text !== '') lines.set(lineOf(text).id, lineOf(text))
  let changed = false
  const wanted = wish.key.split(/\r?\n/).filter((text) => text !== '' && !text.startsWith('#'))
  const kept = new Set<string>()
  for (const text of wanted) {
    const parsed = lineOf(text)
    if (parsed.type === undefined) throw new Error(`invalid key specified: ${text}`)
    const fresh = { ...parsed, ...(wish.options !== undefined && { options: optionsOf(wish.options) }), ...(wish.comment !== undefined && { comment: wish.comment }) }
    const known = lines.get(fresh.id)
    if (!wish.present) changed = lines.delete(fresh.id) || changed
    else if (known === undefined || written(known) !== written(fresh)) {
      // Another one of the same data gives way, and the new one comes last.
      lines.delete(fresh.id)
      lines.set(fresh.id, fresh)
      changed = true
    }
    kept.add(fresh.id)
  }
  if (wish.present && wish.exclusive)
    for (const id of [...lines.keys()].filter((each) => !kept.has(each))) changed = lines.delete(id) || changed
  return changed ? [...lines.values()].map(written).join('') : before
}

function lineOf(text: string): Line {
  const words = text.replaceAll('\\#', '#').trim().split(/\s+/)
  const at = words.findIndex((word) => TYPE.test(word))
  const data = words[at + 1]
  if (at === -1 || words[0]!.startsWith('#') || data === undefined) return { id: text }
  return { id: data, type: words[at]!, options: optionsOf(words.slice(0, at).join(' ')), comment: words.slice(at + 2).join(' ') }
}

/** Commas within quotes do not separate. */
function optionsOf(text: string): readonly string[] {
  return text.match(/(?:[^,"']|"[^"]*"|'[^']*')+/g) ?? []
}

function written({ id, type, options = [], comment = '' }: Line): string {
  if (type === undefined) return id.endsWith('\n') ? id : `${id}\n`
  return `${options.length === 0 ? '' : `${options.join(',')} `}${type} ${id} ${comment}\n`
}
