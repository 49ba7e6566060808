/** Ids of keys as people write them: 8, 16 or more hexadecimal digits, with or without 0x. */
import { PlonerunError } from '../../errors/plonerun-error.ts'

export interface KeyId {
  /** All digits that were given. */
  readonly full: string
  /** At most the last 16: what keys are compared by. */
  readonly long: string
  /** The last 8. */
  readonly short: string
}

/** @throws PlonerunError when it is none */
export function parseKeyId(text: string): KeyId {
  const full = text.trim().toUpperCase().replace(/^0X/, '')
  if (!/^[0-9A-F]+$/.test(full) || (full.length !== 8 && full.length < 16)) throw new PlonerunError(`Invalid key_id: ${text}`, { kind: 'task', hint: 'Give 8, 16 or more hexadecimal digits.' })
  return { full, long: full.slice(-16), short: full.slice(-8) }
}

/** Whether an id of 16 digits is the one that is meant. */
export function isKey(id: string, wanted: KeyId): boolean {
  return id.endsWith(wanted.long)
}
