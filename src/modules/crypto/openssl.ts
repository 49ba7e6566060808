/** What the modules of keys and certificates have in common: openssl on the host, its secrets, and the file that it makes. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { hostWord } from '../../probe/host-path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Resource } from '../../probe/resource.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Imagined, Read } from '../../probe/read.ts'
import { quote } from '../../shell/quote.ts'
import type { Plain } from '../../values/value.ts'
import { sh, type Change, type Plan } from '../contract/change.ts'
import { defaulting, flag, oneOf, path, presence, required } from '../contract/option.ts'
import { attributeOptions, compareAttributes, unsafeWrites, type WantedAttributes } from '../files/attributes.ts'
import { place } from '../files/place.ts'
import { attributesOnly, imaginedPath, newAttributes, resourcesOf } from '../files/write-file.ts'

/** The options that every module of this family has. */
export const fileOptions = {
  path: required(path('The file on the host.')),
  state: presence('Whether it is there.'),
  force: defaulting(flag('Makes it anew also when it is as wanted.'), false),
  backup: defaulting(flag('Keeps the file that was there.'), false),
  return_content: defaulting(flag('Returns its content.'), false),
  select_crypto_backend: defaulting(oneOf(['auto', 'cryptography'], 'Accepted; openssl on the host does the work.'), 'auto'),
  ...attributeOptions,
  unsafe_writes: unsafeWrites,
}

export interface FileInput extends WantedAttributes {
  readonly path: string
  readonly backup: boolean
  readonly unsafe_writes: boolean
}

/** A PEM text that is in a file on the host or in the task, and its passphrase. */
export interface Source {
  readonly path?: string | undefined
  readonly content?: string | undefined
  readonly passphrase?: string | undefined
  /** Tells the variables of several sources apart. */
  readonly as: string
}

/** A command that prints it, for the scripts of reads and steps; secrets are in the environment. */
export function printed({ path: file, content, as }: Source): string {
  return content === undefined ? `cat -- ${hostWord(file ?? '')}` : `printf '%s\\n' "$PLONERUN_${as}"`
}

/** openssl's argument for the passphrase; an empty one keeps it from asking on the terminal. */
export function passIn({ passphrase, as }: Source): string {
  return passphrase === undefined ? '-passin pass:' : `-passin env:PLONERUN_${as}_PASSPHRASE`
}

/** The environment that `printed` and `passIn` need, which no process list shows. */
export function secretsOf(...sources: readonly Source[]): Readonly<Record<string, string>> {
  return Object.fromEntries(sources.flatMap(({ content, passphrase, as }) => [...(content === undefined ? [] : [[`PLONERUN_${as}`, content]]), ...(passphrase === undefined ? [] : [[`PLONERUN_${as}_PASSPHRASE`, passphrase]])]) as [string, string][])
}

/** Asks openssl something about sources; nothing is written. */
export function opensslRead(script: string, sources: readonly Source[], touches: readonly Resource[]): Read<ShellResult> {
  const settings = Object.entries(secretsOf(...sources)).map(([name, value]) => `export ${name}=${quote(value)}\n`)
  return shellRead(`(\n${settings.join('')}${script}\n)`, touches)
}

/** The resources of paths; `~` is known on the host only. */
export function touching(...paths: readonly (string | undefined)[]): readonly Resource[] {
  return paths.flatMap((file) => (file === undefined ? [] : [file.startsWith('/') ? (`path:${file}` as const) : ('anything' as const)]))
}

/** check mode: asks what tasks before this one would have made of a file. A host itself has nothing to say. */
export function plannedRead(file: string): Read<ShellResult> {
  return shellRead(`: ${quote(file)}`, touching(file))
}

/** What a file is made from; two that are alike give the same file, but for chance. */
export type Recipe = readonly (string | number | boolean | undefined)[]

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

/** Of the recipe, and of how often it was followed. */
function digestOf(recipe: Recipe, before: string): string {
  return `${hash(JSON.stringify(recipe))} ${hash(before)}`
}

/** What there is to know of files that are only planned. */
export function plannedOf(answer: unknown): string {
  return (answer as ShellResult | undefined)?.stdout ?? ''
}

/** check mode: what a later task hears of a file that is made so. */
export function leftBy(file: string, recipe: Recipe, planned: unknown): Imagined {
  return answered(plannedRead(file), digestOf(recipe, plannedOf(planned)))
}

/**
 * Whether a file is as wanted, as far as that follows from what is only planned; undefined when it does not.
 * @param sources what is planned of the files that it is made from
 */
export function plannedSo(answer: unknown, recipe: Recipe, ...sources: readonly string[]): boolean | undefined {
  const planned = plannedOf(answer)
  if (planned !== '') return planned.split(' ')[0] === hash(JSON.stringify([...recipe, ...sources]))
  return sources.some((source) => source !== '') ? false : undefined
}

/** The public key in a PEM text, or undefined when there is none. */
export function publicKeyOf({ stdout, code }: ShellResult): KeyObject | undefined {
  if (code !== 0) return undefined
  try {
    return createPublicKey(stdout)
  } catch {
    return undefined
  }
}

/** Those of any length have 32 bytes. */
const DIGESTS: Readonly<Record<string, string>> = { shake_128: 'shake128', shake_256: 'shake256', md5: 'md5', sha1: 'sha1', sha224: 'sha224', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512', blake2b: 'blake2b512', blake2s: 'blake2s256', sha3_224: 'sha3-224', sha3_256: 'sha3-256', sha3_384: 'sha3-384', sha3_512: 'sha3-512' }

/** Digests of a public key, in bytes with colons; null without one. */
export function fingerprint(key: KeyObject | undefined): Plain {
  if (key === undefined) return null
  const der = key.export({ type: 'spki', format: 'der' })
  return Object.fromEntries(Object.entries(DIGESTS).map(([name, digest]) => [name, createHash(digest, digest.startsWith('shake') ? { outputLength: 32 } : {}).update(der).digest('hex').replace(/(..)(?=.)/g, '$1:')]))
}

/** What is wrong with the place of a file that is to be made. */
export function placeFailure(current: PathState, parent: PathState): Plan | undefined {
  if (parent.exists ? parent.type !== 'directory' : parent.uncertain !== true) return { fail: `The directory ${parent.path} does not exist or the file is not a directory`, result: { name: parent.path } }
  if (current.exists && current.type === 'directory') return { fail: `${current.path} is a folder` }
  return undefined
}

/** The folder of a path on the host. */
export function folderOf(file: string): string {
  return file.replace(/\/+[^/]*$/, '') || (file.startsWith('/') ? '/' : '.')
}

/**
 * The change that puts what a script prints in the place of a file.
 * @param why the lines of its summary, such as `new key`
 * @param made what it is made from, and what was planned of it before
 */
export function generated(current: PathState, script: string, environment: Readonly<Record<string, string>>, why: string, input: FileInput, made: { readonly recipe: Recipe; readonly planned: unknown }): Change {
  const existing = current.exists && current.type === 'file' ? current : undefined
  const attributes = existing ? compareAttributes(input, existing) : newAttributes(input, current.umask)
  const placing = place({ path: current.realPath, content: new Uint8Array(), ...(existing && { replaces: existing }), attributes, backup: input.backup, unsafeWrites: input.unsafe_writes })
  const { mode, owner, group } = attributes
  return {
    summary: `${current.path}: ${[why, ...attributes.lines].join(', ')}`,
    writes: resourcesOf(current),
    steps: [{ ...sh(`umask 077\nnew=$(\n${script}\n) || exit\nprintf '%s\\n' "$new" | /bin/sh -c ${quote(placing.argv[2]!)}`), environment }],
    leaves: [
      { kind: 'path', path: imaginedPath(current), state: { type: 'file', ...(mode !== undefined && { mode }), ...(owner !== undefined && { owner }), ...(group !== undefined && { group }) } },
      leftBy(input.path, made.recipe, made.planned),
    ],
  }
}

/** The plan for a file that is as wanted but for its mode and owner. */
export function kept(current: PathState, input: FileInput): Plan {
  const change = current.exists ? attributesOnly({ ...current, path: current.realPath }, input) : undefined
  return { changes: change ? [change] : [] }
}

/** The plan that takes a file away. */
export function removed(current: PathState, { path: file, backup }: FileInput): Plan {
  if (!current.exists) return {}
  const keep = backup ? 'backup=$1.$$.$(date +%Y-%m-%d@%H:%M:%S)~; cp -p -- "$1" "$backup" || exit; printf %s "$backup"; ' : ''
  return { changes: [{ summary: `remove ${current.path}`, writes: resourcesOf(current), steps: [sh(`${keep}rm -f -- "$1"`, current.path)], leaves: [{ kind: 'path', path: imaginedPath(current), state: null }, answered(plannedRead(file), '')] }] }
}

/** The name of the backup that a change made. */
export function backupResult({ backup }: FileInput, current: PathState, replies: readonly { readonly stdout: Buffer }[]): Readonly<Record<string, Plain>> {
  const name = backup && current.exists ? replies[0]?.stdout.toString('utf8').trim() : ''
  return name ? { backup_file: name } : {}
}

export const NO_OPENSSL = 'openssl was not found on the host: install openssl'
