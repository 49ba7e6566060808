/** The text that Ansible Vault makes of a content, formats 1.1 and 1.2: AES-256-CTR under a key from PBKDF2, signed with HMAC-SHA256. */
import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'

const HEADER = '$ANSIBLE_VAULT;'
const LINE_WIDTH = 80

/** What a password and a salt make. */
export interface VaultKeys {
  readonly cipher: Buffer
  readonly hmac: Buffer
  readonly iv: Buffer
}

export interface VaultParts {
  /** The vault id; `default` where the text has none. */
  readonly id: string
  readonly salt: Buffer
  readonly signature: Buffer
  readonly ciphertext: Buffer
}

/** Whether a text, or the start of one, is a vault. */
export function isVault(text: string | Buffer): boolean {
  return text.toString('latin1', 0, HEADER.length).startsWith(HEADER)
}

export function vaultKeys(password: string, salt: Buffer): VaultKeys {
  const bytes = pbkdf2Sync(Buffer.from(password), salt, 10_000, 80, 'sha256')
  return { cipher: bytes.subarray(0, 32), hmac: bytes.subarray(32, 64), iv: bytes.subarray(64) }
}

/** @throws PlonerunError when the text is no vault, or damaged */
export function parseVault(vaultText: string, where?: Position): VaultParts {
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

/** What was encrypted; undefined when these are not its keys. */
export function openVault({ signature, ciphertext }: VaultParts, { cipher, hmac, iv }: VaultKeys): Buffer | undefined {
  if (!timingSafeEqual(createHmac('sha256', hmac).update(ciphertext).digest(), signature)) return undefined
  const decipher = createDecipheriv('aes-256-ctr', cipher, iv)
  return unpad(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
}

/** The vault text; the keys were made with that salt. */
export function sealVault(content: Buffer, { cipher, hmac, iv }: VaultKeys, salt: Buffer, id: string): string {
  const encipher = createCipheriv('aes-256-ctr', cipher, iv)
  const ciphertext = Buffer.concat([encipher.update(pad(content)), encipher.final()])
  const signature = createHmac('sha256', hmac).update(ciphertext).digest()
  const packed = Buffer.from([salt, signature, ciphertext].map((part) => part.toString('hex')).join('\n')).toString('hex')
  const lines = packed.match(new RegExp(`.{1,${LINE_WIDTH}}`, 'g')) ?? []
  const header = id === 'default' ? `${HEADER}1.1;AES256` : `${HEADER}1.2;AES256;${id}`
  return `${[header, ...lines].join('\n')}\n`
}

/** PKCS#7 to blocks of 16 bytes. */
function pad(content: Buffer): Buffer {
  const length = 16 - (content.length % 16)
  return Buffer.concat([content, Buffer.alloc(length, length)])
}

function unpad(padded: Buffer): Buffer {
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0))
}
