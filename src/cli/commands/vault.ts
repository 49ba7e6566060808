/** `plonerun vault`: encrypts and decrypts files as ansible-vault does. */
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { text as readAll } from 'node:stream/consumers'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { createVault, readVaultPassword, type Vault, type VaultPassword } from '../../load/vault.ts'
import { isVault } from '../../values/vault-text.ts'
import { ask } from '../ask.ts'
import type { RunCommand } from '../command-info.ts'
import { withSettings } from '../settings.ts'
import { tellWarning } from '../tell-error.ts'
import { mustAsk, vaultPasswordOf, vaultPasswords, type VaultOptions } from '../passwords.ts'

interface Options extends VaultOptions {
  readonly output?: string
  readonly name?: string
  readonly encryptVaultId?: string
  readonly newVaultPasswordFile?: string
  readonly newVaultId?: string
}

const ACTIONS = ['encrypt', 'decrypt', 'view', 'rekey', 'encrypt_string'] as const
type Action = (typeof ACTIONS)[number]

export const run: RunCommand = async ([action, files], given) => {
  const options: Options = given
  if (!isAction(action)) throw new PlonerunError(`vault cannot '${String(action)}'`, { hint: didYouMean(String(action), ACTIONS) ?? `it can ${ACTIONS.join(', ')}` })
  const passwords = await passwordsFor(action, options)
  if (action === 'encrypt_string') await encryptStrings(createVault(passwords), files as string[], options)
  else await changeFiles(action, passwords, files as string[], options)
  return 'ok'
}

function isAction(word: unknown): word is Action {
  return ACTIONS.includes(word as Action)
}

/** Those of the options; without any, one is asked for, twice when it is to encrypt. */
async function passwordsFor(action: Action, options: Options): Promise<VaultPassword[]> {
  const passwords = await vaultPasswords(withSettings<VaultOptions>(options, tellWarning))
  if (passwords.length > 0) return passwords
  const password = action.startsWith('encrypt') ? await askTwice('New vault password: ') : await mustAsk('Vault password: ')
  return [{ id: 'default', password }]
}

async function askTwice(prompt: string): Promise<string> {
  const typed = await mustAsk(prompt)
  if ((await mustAsk('The same again: ')) !== typed) throw new PlonerunError('the two passwords are not the same')
  return typed
}

async function changeFiles(action: Exclude<Action, 'encrypt_string'>, passwords: readonly VaultPassword[], files: readonly string[], options: Options): Promise<void> {
  if (files.length === 0) throw new PlonerunError(`vault ${action} wants files`)
  if (files.length > 1 && options.output !== undefined) throw new PlonerunError('--output takes what one file gives, not several')
  const vault = createVault(passwords)
  const renewed = action === 'rekey' ? createVault([await newPassword(options)]) : vault
  const change = (content: Buffer, file: string): string | Buffer => {
    const decrypt = () => vault.decrypt(content.toString('latin1'), { file, line: 1, column: 1 })
    if (action === 'encrypt') return encryptOnce(vault, content, file, options.encryptVaultId)
    return action === 'rekey' ? renewed.encrypt(decrypt()) : decrypt()
  }
  // All of them are worked out before the first one is written.
  const changed = files.map((file) => ({ file, content: change(read(file), file) }))
  for (const { file, content } of changed) write(action === 'view' ? '-' : (options.output ?? file), content)
}

function encryptOnce(vault: Vault, content: Buffer, file: string, id: string | undefined): string {
  if (isVault(content)) throw new PlonerunError(`${file} is encrypted already`)
  return vault.encrypt(content, id)
}

async function newPassword({ newVaultPasswordFile, newVaultId }: Options): Promise<VaultPassword> {
  if (newVaultId !== undefined) return vaultPasswordOf(newVaultId)
  if (newVaultPasswordFile !== undefined) return { id: 'default', password: readVaultPassword(newVaultPasswordFile) }
  return { id: 'default', password: await askTwice('New vault password: ') }
}

/** Each text as YAML that can be pasted into a file of variables. */
async function encryptStrings(vault: Vault, texts: readonly string[], { name, encryptVaultId, output }: Options): Promise<void> {
  const given = texts.length > 0 ? texts : [await readText()]
  const entries = given.map((text) => {
    const lines = vault.encrypt(text, encryptVaultId).trimEnd().split('\n')
    return [`${name === undefined ? '' : `${name}: `}!vault |`, ...lines.map((line) => `  ${line}`), ''].join('\n')
  })
  write(output ?? '-', entries.join(''))
}

async function readText(): Promise<string> {
  if (!process.stdin.isTTY) return readAll(process.stdin)
  return (await ask('Text to encrypt: ', { secret: true })) ?? ''
}

function read(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (cause) {
    throw new PlonerunError(`${file} cannot be read`, { why: (cause as Error).message, cause })
  }
}

/** Files keep their mode, and never stand half written. New ones are for their owner only. */
function write(file: string, content: string | Buffer): void {
  if (file === '-') {
    process.stdout.write(content)
    return
  }
  const fresh = `${file}.plonerun-${process.pid}`
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0o600
  writeFileSync(fresh, content, { mode: mode & 0o7777, flag: 'wx' })
  renameSync(fresh, file)
}
