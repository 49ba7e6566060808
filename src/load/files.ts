/** Reads the person's files, each once in a run, and decrypts those that are vaults. */
import { readFileSync, statSync } from 'node:fs'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import type { Dict, Value } from '../values/value.ts'
import { describe } from './fields.ts'
import { positionOf } from '../values/positions.ts'
import { isVault } from '../values/vault-text.ts'
import type { Warning } from './warning.ts'
import type { Vault } from './vault.ts'
import { parseYaml } from './yaml.ts'

export interface Files {
  /** The YAML or JSON of a file; null when it is empty. */
  read(file: string, askedBy?: Position): Value
  /** The variables of a file. Strings of an encrypted file are secrets. */
  readVars(file: string, askedBy?: Position): Dict
  /** The variables of several files, the last of which wins; of the same files it is the same dict. */
  readAllVars(files: readonly string[], askedBy?: Position): Dict
  /** Its text, decrypted. */
  readText(file: string, askedBy?: Position): { readonly text: string; readonly encrypted: boolean }
}

export function createFiles(vault: Vault, warn: (warning: Warning) => void): Files {
  const values = new Map<string, Value>()
  const merged = new Map<string, Dict>()
  const decrypt = (text: string, position: Position) => vault.decrypt(text, position).toString('utf8')

  function readText(file: string, askedBy?: Position) {
    const content = readBytes(file, askedBy)
    const encrypted = isVault(content)
    const text = (encrypted ? vault.decrypt(content.toString('latin1'), { file, line: 1, column: 1 }) : content).toString('utf8')
    return { text: text.replace(/^\uFEFF/, ''), encrypted }
  }

  function load(file: string, asVars: boolean, askedBy: Position | undefined): Value {
    const key = `${asVars ? 'vars' : 'tasks'} ${file}`
    const known = values.get(key)
    if (known !== undefined) return known
    const { text, encrypted } = readText(file, askedBy)
    const value = parseYaml(text, file, { decrypt, secret: encrypted && asVars, warn })
    values.set(key, value)
    return value
  }

  function readVars(file: string, askedBy?: Position): Dict {
    const value = load(file, true, askedBy)
    if (value === null) return new Map()
    if (value instanceof Map) return value
    throw new PlonerunError(`a file of variables holds a mapping, this one ${describe(value)}`, { where: positionOf(value) ?? { file, line: 1, column: 1 } })
  }

  return {
    readText,
    read: (file, askedBy) => load(file, false, askedBy),
    readVars,
    readAllVars(files, askedBy) {
      const key = files.join('\0')
      const vars = merged.get(key) ?? new Map(files.flatMap((file): [Value, Value][] => [...readVars(file, askedBy)]))
      merged.set(key, vars)
      return vars
    },
  }
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function readBytes(file: string, askedBy: Position | undefined): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new PlonerunError(code === 'ENOENT' ? `there is no file ${file}` : `the file ${file} cannot be read`, { where: askedBy, why: code === 'ENOENT' ? undefined : message, cause })
  }
}
