/** Facts that last from run to run: a JSON file for each host, by the names that variables have, as Ansible's `jsonfile` keeps them. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { familyNames } from '../facts/families.ts'
import { dumpJson } from '../template/json/dump.ts'
import { loadJson } from '../template/json/load.ts'
import { isDict } from '../values/dict.ts'
import { Secret } from '../values/secret.ts'
import { isList } from '../values/tuple.ts'
import { Unknown } from '../values/unknown.ts'
import type { Dict, Value } from '../values/value.ts'
import type { HostState } from './host.ts'

export interface FactCache {
  /** Lays what an earlier run has kept of a host into its facts. */
  recall(host: HostState): void
  /** Keeps the facts of a host. Those that hold a secret are not kept. */
  keep(host: HostState): void
  forget(host: string): void
  /** Forgets all hosts. */
  flush(): void
}

export interface FactCacheOptions {
  readonly folder: string
  /** What the names of the files begin with. */
  readonly prefix: string
  /** Seconds that facts count; 0: for ever. */
  readonly timeout: number
  readonly warn: (message: string) => void
}

/** Says that all facts of a host are in the file: those who gather only what is missing need ask nothing. */
const WHOLE = 'module_setup'

/** @throws PlonerunError when the folder cannot be made */
export function createFactCache({ folder, prefix, timeout, warn }: FactCacheOptions): FactCache {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    throw new PlonerunError(`the folder ${folder} for the cache of facts cannot be made: ${(cause as Error).message}`, { hint: 'fact_caching_connection names it', cause })
  }
  const fileOf = (host: string): string => join(folder, `${prefix}${host.replaceAll('/', '_')}`)
  /** What the files hold, as far as they were read or written. One that holds the same as before is not written: its age counts. */
  const texts = new Map<string, string>()

  return {
    recall(host) {
      const file = fileOf(host.name)
      const text = freshText(file, timeout)
      if (text === undefined) return
      const kept = parsed(text)
      if (kept === undefined) {
        warn(`${file} holds no facts, and is not read`)
        return
      }
      texts.set(host.name, jsonOf(kept))
      if (kept.get(WHOLE) === true) for (const family of familyNames()) host.gathered.add(family)
      for (const [name, value] of kept) {
        if (typeof name !== 'string' || name === WHOLE) continue
        if (name.startsWith('ansible_')) host.facts.set(name.slice('ansible_'.length), value)
        else for (const facts of [host.facts, host.moduleFacts]) facts.set(name, value)
      }
    },
    keep(host) {
      const facts = factsOf(host)
      if (facts.size === 0) return
      const text = jsonOf(facts)
      if (text === texts.get(host.name)) return
      texts.set(host.name, text)
      const [file, fresh] = [fileOf(host.name), join(folder, `.${prefix}${host.name.replaceAll('/', '_')}.${process.pid}`)]
      writeFileSync(fresh, text, { mode: 0o600 })
      renameSync(fresh, file)
    },
    forget(host) {
      texts.delete(host)
      rmSync(fileOf(host), { force: true })
    },
    flush() {
      texts.clear()
      for (const name of readdirSync(folder)) if (!name.startsWith('.') && name.startsWith(prefix)) rmSync(join(folder, name), { force: true })
    },
  }
}

function jsonOf(facts: Dict): string {
  return dumpJson(facts, { sortKeys: true })
}

function freshText(file: string, timeout: number): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats?.isFile() !== true || (timeout > 0 && Date.now() - stats.mtimeMs > timeout * 1000)) return undefined
  return readFileSync(file, 'utf8')
}

function parsed(text: string): Dict | undefined {
  try {
    const value = loadJson(text)
    return isDict(value) ? value : undefined
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    return undefined
  }
}

/** All facts of a host, by the names of variables. */
function factsOf({ facts, moduleFacts, cachedFacts, gathered }: HostState): Dict {
  const all: Dict = new Map()
  for (const [name, value] of facts) all.set(moduleFacts.has(name) ? name : `ansible_${name as string}`, value)
  for (const [name, value] of cachedFacts) all.set(name, value)
  for (const [name, value] of all) if (!isPlain(value)) all.delete(name)
  if (familyNames().every((family) => gathered.has(family))) all.set(WHOLE, true)
  return all
}

function isPlain(value: Value): boolean {
  if (isList(value)) return value.every(isPlain)
  if (isDict(value)) return [...value.values()].every(isPlain)
  return !(value instanceof Secret || value instanceof Unknown)
}
