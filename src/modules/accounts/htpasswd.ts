/** community.general.htpasswd: users and passwords in a file for HTTP basic authentication. */
import { createHmac, randomBytes } from 'node:crypto'
import type { FileContent } from '../../probe/content.ts'
import { hashPassword, isPassword, saltLength, SCHEMES, type Scheme } from '../../template/hashing/crypt.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, presence, required, text, type Input } from '../contract/option.ts'
import { editedFile, editOptions, editReads, isPlan, planEdit, withAttributes, type EditInput } from '../files/edit.ts'

const { validate: _validate, backup: _backup, unsafe_writes: _unsafe, path: _path, ...attributes } = editOptions

const options = {
  path: { ...editOptions.path, aliases: ['dest', 'destfile'] },
  name: required(text('The user.', { aliases: ['username'] })),
  password: text('The password.', { secret: true }),
  hash_scheme: defaulting(oneOf(SCHEMES, 'How it is hashed.', { aliases: ['crypt_scheme'] }), 'apr_md5_crypt'),
  state: presence('Whether the user is in it.'),
  create: defaulting(flag('Makes the file when it is not there.'), true),
  ...attributes,
} as const

type HtpasswdInput = Input<typeof options>

/** Salts come from it, so that a task that is planned twice writes the same, and another run something else. */
const SEED = randomBytes(32)

export const htpasswd = state({
  name: 'community.general.htpasswd',
  summary: 'Makes users be in a file for HTTP basic authentication, or not.',
  options,
  rules: { requiredIf: [['state', 'present', ['password']]] },
  reads: (input, _prepared, known) => editReads(asEdit(input), known),
  plan: (input, known) => plan(input, known),
  result: (input, known, { changed }) => ({ msg: withOwnership(input, known, changed) }),
})

function asEdit(input: HtpasswdInput): EditInput {
  return { ...input, backup: false, unsafe_writes: false, create: input.create && input.state === 'present', what: 'Destination' }
}

function plan(input: HtpasswdInput, known: Known): Plan {
  if (input.state === 'absent' && isMissing(known)) return { warnings: [`${input.path} does not exist`] }
  if (!input.create && isMissing(known)) return { fail: `Destination ${input.path} does not exist` }
  const edited = editedFile(asEdit(input), known)
  if (isPlan(edited)) return edited
  const lines = linesOf(edited.text ?? '')
  const after = input.state === 'present' ? withUser(lines, input) : lines.filter((line) => !line.startsWith(`${input.name}:`))
  return { changes: planEdit(asEdit(input), edited, after.map((line) => `${line}\n`).join(''), known) }
}

const isMissing = (known: Known): boolean => (known['content'] as FileContent).why === 'missing'

/** Without hashing once more, which takes its time. */
function message({ path, name, state }: HtpasswdInput, known: Known, changed: boolean): string {
  if (state === 'absent') return changed ? `Remove ${name}` : `${name} not present`
  if (!changed) return `${name} already present`
  return isMissing(known) ? `Created ${path} and added ${name}` : `Add/update ${name}`
}

function withOwnership(input: HtpasswdInput, known: Known, changed: boolean): string {
  const said = message(input, known, changed)
  const edited = editedFile(asEdit(input), known)
  return isPlan(edited) ? said : withAttributes(said, asEdit(input), edited)
}

/** Lines as they are kept: blank ones go. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}

function withUser(lines: readonly string[], input: HtpasswdInput): readonly string[] {
  const { name, password = '' } = input
  const at = lines.findIndex((line) => line.startsWith(`${name}:`))
  // Another scheme than the one that is asked for is good enough when the password is the same.
  if (at !== -1 && isPassword(password, lines[at]!.slice(name.length + 1))) return lines
  const line = `${name}:${hashPassword({ password, scheme: input.hash_scheme, salt: saltFor(input) })}`
  return at === -1 ? [...lines, line] : lines.with(at, line)
}

function saltFor({ path, name, hash_scheme: scheme }: { readonly path: string; readonly name: string; readonly hash_scheme: Scheme }): string {
  const digest = createHmac('sha256', SEED).update(`${path}\0${name}`).digest('base64')
  // The last character of a salt for bcrypt has two bits only.
  return scheme === 'bcrypt' ? `${digest.replace(/\+/g, '.').slice(0, 21)}u` : digest.replace(/\+/g, '.').slice(0, saltLength(scheme))
}
