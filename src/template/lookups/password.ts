/** The lookup `password`: a random password kept in a file of the controller. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { isList } from '../../values/tuple.ts'
import { Secret } from '../../values/secret.ts'
import type { Value } from '../../values/value.ts'
import { hashRequest } from '../filters/hashes.ts'
import { hashPassword, randomText } from '../hashing/crypt.ts'
import { anything, int, optional, or, string } from '../plugins/parameter.ts'
import type { Plugins } from '../plugins/plugin.ts'
import { seededRandom } from '../random/mersenne.ts'
import { inlineOptions, lookup } from './lookup.ts'

const KEYS = ['length', 'chars', 'encrypt', 'ident', 'seed']
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const DIGITS = '0123456789'
/** Named sets of characters, as Python's module string has them. */
const SETS: Readonly<Record<string, string>> = {
  ascii_letters: LETTERS,
  ascii_lowercase: LETTERS.slice(0, 26),
  ascii_uppercase: LETTERS.slice(26),
  digits: DIGITS,
  hexdigits: `${DIGITS}abcdefABCDEF`,
  octdigits: '01234567',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
}
const DEFAULT_SETS = ['ascii_letters', 'digits', '.,:-_']
const SALT_LENGTH = 16

/** The characters of sets given by name, by comma separated names, or as they are; `,,` is a comma. */
function characters(sets: readonly string[]): string {
  const parts = sets.flatMap((set) => set.replace(/,,/g, '\u0000').split(',')).filter(Boolean)
  const all = parts.map((part) => (Object.hasOwn(SETS, part) ? SETS[part]! : part.replaceAll('\u0000', ','))).join('')
  return [...new Set(all)].join('')
}

interface Wanted {
  readonly file: string
  readonly length: number
  readonly sets: readonly string[]
  readonly encrypt: string | undefined
  readonly seed: Value | undefined
}

/** The password in the file, or a new one that is written there. `/dev/null` keeps none. */
function password({ file, length, sets, encrypt, seed }: Wanted): string {
  const isKept = file !== '/dev/null'
  const [, kept, keptSalt] = isKept && existsSync(file) ? /^([\s\S]*?)(?: salt=(\S+))?(?: ident=\S+)?\n*$/.exec(readFileSync(file, 'utf8'))! : []
  const chars = characters(sets)
  const make = (): string => {
    if (seed === undefined) return randomText(length, chars)
    const random = seededRandom(seed)
    return Array.from({ length }, () => chars[random.below(chars.length)]!).join('')
  }
  const text = kept ?? make()
  const salt = encrypt === undefined ? keptSalt : (keptSalt ?? randomText(SALT_LENGTH, `${LETTERS}${DIGITS}./`))
  if (isKept && (kept === undefined || salt !== keptSalt)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, `${text}${salt === undefined ? '' : ` salt=${salt}`}\n`, { mode: 0o600 })
  }
  return encrypt === undefined ? text : hashPassword(hashRequest(text, encrypt, salt!))
}

export const passwordLookup: Plugins = {
  password: lookup(
    { length: or(int, 20), chars: optional(anything), encrypt: optional(string), ident: optional(string), seed: optional(anything) },
    (terms, given, { context, once, chance }) =>
      terms.map((term) => {
        const { own, options } = inlineOptions(str(term), KEYS)
        if (!own) throw new PlonerunError('password: the file is missing')
        const inline = options.get('chars')
        const fromOption = given.chars === undefined ? undefined : isList(given.chars) ? given.chars.map(str) : [str(given.chars)]
        const wanted: Wanted = {
          file: isAbsolute(own) ? own : resolve(context.basedir, own),
          length: Number(options.get('length') ?? given.length),
          sets: inline === undefined ? (fromOption ?? DEFAULT_SETS) : [inline],
          encrypt: (options.get('encrypt') ?? given.encrypt) || undefined,
          seed: options.get('seed') ?? given.seed,
        }
        const make = (): Value => new Secret(password(wanted))
        return wanted.file === '/dev/null' ? chance('password', make) : once(`password ${wanted.file} ${wanted.encrypt ?? ''}`, make)
      }),
  ),
}
