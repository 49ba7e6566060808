/** Ansible Vault: what a run's passwords open and encrypt, and where they come from. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, constants, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { openVault, parseVault, sealVault, vaultKeys, type VaultKeys } from '../values/vault-text.ts'

export interface VaultPassword {
  /** Its vault id; `default` for one that has none. */
  readonly id: string
  readonly password: string
}

export interface Vault {
  /** What was encrypted. Throws a PlonerunError when no password opens it. */
  decrypt(vaultText: string, where?: Position): Buffer
  /** The vault text under the password with that id, or the first one. */
  encrypt(content: string | Buffer, id?: string): string
}

/** @param passwords those with the vault's own id are tried first, then all others in order */
export function createVault(passwords: readonly VaultPassword[]): Vault {
  const keys = new Map<string, VaultKeys>()
  const keysOf = (password: string, salt: Buffer): VaultKeys => {
    const name = `${salt.toString('hex')} ${password}`
    const known = keys.get(name) ?? vaultKeys(password, salt)
    keys.set(name, known)
    return known
  }

  return {
    decrypt(vaultText, where) {
      const parts = parseVault(vaultText, where)
      const { id, salt } = parts
      if (passwords.length === 0) throw new PlonerunError(`A vault password or secret must be specified to decrypt ${where?.file ?? 'this'}`, { where, hint: 'give one with --vault-password-file or --ask-vault-pass' })
      const order = [...passwords.filter((password) => password.id === id), ...passwords.filter((password) => password.id !== id)]
      for (const { password } of order) {
        const content = openVault(parts, keysOf(password, salt))
        if (content !== undefined) return content
      }
      throw new PlonerunError(id === 'default' ? 'the vault password is wrong' : `no vault password opens what was encrypted with the vault id '${id}'`, {
        where,
        why: `tried ${passwords.length === 1 ? 'one password' : `${passwords.length} passwords`} (vault id ${order.map((password) => password.id).join(', ')})`,
      })
    },

    encrypt(content, id) {
      const chosen = passwords.find((password) => id === undefined || password.id === id)
      if (chosen === undefined) throw new PlonerunError(id === undefined ? 'no vault password was given to encrypt with' : `there is no vault password with the id '${id}'`)
      const salt = randomBytes(32)
      return sealVault(Buffer.from(content), keysOf(chosen.password, salt), salt, chosen.id)
    },
  }
}

/**
 * The password in a file, or what the file prints when it is executable. The line break at its end is not part of it.
 * @param id handed to a script whose name ends in -client, as `--vault-id ID`
 */
export function readVaultPassword(file: string, id = 'default'): string {
  const path = resolve(file)
  const password = (isExecutable(path) ? runPasswordScript(path, id) : readPasswordFile(path)).replace(/[\r\n]+$/, '').trim()
  if (password === '') throw new PlonerunError(`the vault password file ${file} gives no password`)
  return password
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function readPasswordFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new PlonerunError(`the vault password file ${path} cannot be read`, { why: (cause as Error).message, cause })
  }
}

function runPasswordScript(path: string, id: string): string {
  const client = /-client(?:\.\w+)?$/.test(basename(path))
  try {
    return execFileSync(path, client ? ['--vault-id', id] : [], { encoding: 'utf8', stdio: ['inherit', 'pipe', 'inherit'] })
  } catch (cause) {
    throw new PlonerunError(`the vault password script ${path} failed`, { why: (cause as Error).message, cause })
  }
}
