/** Passwords that the person gives: typed, or from files. */
import { readFileSync } from 'node:fs'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { readVaultPassword, type VaultPassword } from '../load/vault.ts'
import { Secret } from '../values/secret.ts'
import { ask } from './ask.ts'

export interface VaultOptions {
  readonly vaultPasswordFile?: readonly string[] | undefined
  readonly vaultId?: readonly string[] | undefined
  readonly askVaultPass?: boolean | undefined
}

/** The vault passwords in the order in which they were given; those that are typed come last. */
export async function vaultPasswords({ vaultPasswordFile = [], vaultId = [], askVaultPass = false }: VaultOptions): Promise<VaultPassword[]> {
  const passwords: VaultPassword[] = []
  for (const id of vaultId) passwords.push(await vaultPasswordOf(id))
  for (const file of vaultPasswordFile) passwords.push({ id: 'default', password: readVaultPassword(file) })
  if (askVaultPass) passwords.push({ id: 'default', password: await mustAsk('Vault password: ') })
  return passwords
}

/** The password of `LABEL@FILE`, `LABEL@prompt`, or of a source without a label. */
export async function vaultPasswordOf(vaultId: string): Promise<VaultPassword> {
  const at = vaultId.lastIndexOf('@')
  const id = at > 0 ? vaultId.slice(0, at) : 'default'
  const source = vaultId.slice(at + 1)
  if (source !== 'prompt' && source !== 'prompt_ask_vault_pass') return { id, password: readVaultPassword(source, id) }
  return { id, password: await mustAsk(`Vault password (${id}): `) }
}

/** A password that is typed, or stands in a file; undefined when neither was asked for. */
export async function password(prompt: string, asked: boolean | undefined, file: string | undefined): Promise<Secret | undefined> {
  if (asked) return new Secret(await mustAsk(prompt))
  return file === undefined ? undefined : new Secret(readPasswordFile(file))
}

/** A password that has to be typed. Throws a PlonerunError when there is no terminal to ask on. */
export async function mustAsk(prompt: string): Promise<string> {
  const typed = await ask(prompt, { secret: true })
  if (typed === null) throw new PlonerunError(`there is no terminal to ask '${prompt.replace(/:? *$/, '')}' on`, { hint: 'give the password in a file instead' })
  return typed
}

function readPasswordFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    throw new PlonerunError(`the password file ${file} cannot be read`, { why: (cause as Error).message, cause })
  }
}
