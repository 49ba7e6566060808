/** Ansible Vault, formats 1.1 and 1.2: AES-256-CTR under a key from PBKDF2, signed with HMAC-SHA256. */
import { execFileSync } from 'node:child_process'
import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { accessSync, constants, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'

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

const HEADER = '$ANSIBLE_VAULT;'
const LINE_WIDTH = 80

/** Whether a text, or the start of one, is a vault. */
export function isVault(text: string | Buffer): boolean {
  return text.toString('latin1', 0, HEADER.length).startsWith(HEADER)
}

/** @param passwords those with the vault's own id are tried first, then all others in order */
export function createVault(passwords: readonly VaultPassword[]): Vault {
  const keys = new Map<string, Keys>()
  const keysOf = (password: string, salt: Buffer): Keys => {
    const name = `${salt.toString('hex')} ${password}`
    const known = keys.get(name) ?? deriveKeys(password, salt)
    keys.set(name, known)
    return known
  }

  return {
    decrypt(vaultText, where) {
      const { id, salt, signature, ciphertext } = unpack(vaultText, where)
      if (passwords.length === 0) throw new PlonerunError('this is encrypted, and no vault password was given', { where, hint: 'give one with --vault-password-file or --ask-vault-pass' })
      const order = [...passwords.filter((password) => password.id === id), ...passwords.filter((password) => password.id !== id)]
      for (const { password } of order) {
        const { cipher, hmac, iv } = keysOf(password, salt)
        if (!timingSafeEqual(createHmac('sha256', hmac).update(ciphertext).digest(), signature)) continue
        const decipher = createDecipheriv('aes-256-ctr', cipher, iv)
        return unpad(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
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
      const { cipher, hmac, iv } = keysOf(chosen.password, salt)
      const encipher = createCipheriv('aes-256-ctr', cipher, iv)
      const ciphertext = Buffer.concat([encipher.update(pad(Buffer.from(content))), encipher.final()])
      const signature = createHmac('sha256', hmac).update(ciphertext).digest()
      const packed = Buffer.from([salt, signature, ciphertext].map((part) => part.toString('hex')).join('\n')).toString('hex')
      const lines = packed.match(new RegExp(`.{1,${LINE_WIDTH}}`, 'g')) ?? []
      const header = chosen.id === 'default' ? `${HEADER}1.1;AES256` : `${HEADER}1.2;AES256;${chosen.id}`
      return `${[header, ...lines].join('\n')}\n`
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

interface Keys {
  readonly cipher: Buffer
  readonly hmac: Buffer
  readonly iv: Buffer
}

function deriveKeys(password: string, salt: Buffer): Keys {
  const bytes = pbkdf2Sync(Buffer.from(password), salt, 10_000, 80, 'sha256')
  return { cipher: bytes.subarray(0, 32), hmac: bytes.subarray(32, 64), iv: bytes.subarray(64) }
}

function unpack(vaultText: string, where: Position | undefined) {
  const [header = '', ...lines] = vaultText.trim().split(/\s*\n\s*/)
  const [, version, cipher, id = 'default'] = header.trim().split(';')
  if (!isVault(header) || !['1.1', '1.2'].includes(version ?? '') || cipher !== 'AES256') {
    throw new PlonerunError('this is not a vault that can be read', { where, why: `its first line is '${header.slice(0, 60)}', wanted is ${HEADER}1.1;AES256` })
  }
  const parts = Buffer.from(lines.join(''), 'hex').toString('latin1').split('\n')
  const [salt, signature, ciphertext] = parts.map((part) => Buffer.from(part, 'hex'))
  if (salt === undefined || signature?.length !== 32 || ciphertext === undefined) throw new PlonerunError('this vault is damaged', { where, why: 'its three parts cannot be told apart' })
  return { id, salt, signature, ciphertext }
}

/** PKCS#7 to blocks of 16 bytes. */
function pad(content: Buffer): Buffer {
  const length = 16 - (content.length % 16)
  return Buffer.concat([content, Buffer.alloc(length, length)])
}

function unpad(padded: Buffer): Buffer {
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0))
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
