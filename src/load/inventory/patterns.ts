/** Host patterns: `web`, `web:!web3`, `*.example.org`, `~db\d+`, `web[0]`, `a,b`, and `@file` for --limit. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { suggest } from '../../errors/suggest.ts'
import type { Inventory } from './types.ts'

export interface Selection {
  /** In the order of the pattern, then of the inventory. */
  readonly hosts: readonly string[]
  /** Parts that matched no host and no group. */
  readonly unmatched: readonly { readonly pattern: string; readonly suggestion?: string }[]
}

/**
 * The hosts that patterns select. Plain parts add hosts, `&` parts keep those that they match, `!` parts take away.
 * Throws a PlonerunError for a regular expression that is none, and for an index beyond the hosts.
 */
export function selectHosts(inventory: Inventory, patterns: readonly string[]): Selection {
  const parts = patterns.flatMap(splitPattern)
  const isPlain = (part: string) => !part.startsWith('&') && !part.startsWith('!')
  const plain = parts.filter(isPlain)
  const ordered = [...(plain.length > 0 || parts.length === 0 ? plain : ['all']), ...parts.filter((part) => part.startsWith('&')), ...parts.filter((part) => part.startsWith('!'))]

  const unmatched: Selection['unmatched'][number][] = []
  let hosts = new Set<string>()
  for (const part of ordered) {
    const pattern = isPlain(part) ? part : part.slice(1)
    const matched = matchPart(inventory, pattern)
    if (matched === undefined) unmatched.push({ pattern, ...suggestionFor(pattern, inventory) })
    const found = new Set(matched)
    if (part.startsWith('!')) hosts = new Set([...hosts].filter((host) => !found.has(host)))
    else if (part.startsWith('&')) hosts = new Set([...hosts].filter((host) => found.has(host)))
    else for (const host of found) hosts.add(host)
  }
  return { hosts: [...hosts], unmatched }
}

/** The hosts that patterns select and a limit, where there is one, lets through. */
export function chosenHosts(inventory: Inventory, patterns: readonly string[], limit: string | undefined): readonly string[] {
  const selected = selectHosts(inventory, patterns).hosts
  return limit === undefined ? selected : limitHosts(inventory, selected, limit).hosts
}

/** Those of the hosts that --limit lets through, with parts of the limit that matched nothing. One that says nothing (`''`, `,`) lets all through. */
export function limitHosts(inventory: Inventory, hosts: readonly string[], limit: string): Selection {
  const parts = splitPattern(limit)
  if (parts.length === 0) return { hosts, unmatched: [] }
  const { hosts: allowed, unmatched } = selectHosts(inventory, parts.flatMap(readLimitFile))
  const within = new Set(allowed)
  return { hosts: hosts.filter((host) => within.has(host)), unmatched }
}

/** `a,b` or `a:b`; a colon within brackets or of an IPv6 address separates nothing. */
export function splitPattern(pattern: string): string[] {
  const parts = pattern.includes(',') ? pattern.split(',') : isOneName(pattern) ? [pattern] : (pattern.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? [])
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function isOneName(pattern: string): boolean {
  return !pattern.includes(':') || /^\[?[\da-fA-F]*:[\da-fA-F:.]*:[\da-fA-F:.]*\]?$/.test(pattern) || /^[^:[\]]*(?:\[[^\]]*\][^:[\]]*)+$/.test(pattern)
}

function readLimitFile(part: string): string[] {
  if (!part.startsWith('@')) return [part]
  const file = part.slice(1)
  if (!existsSync(file)) throw new PlonerunError(`there is no limit file '${file}'`)
  if (statSync(file).isDirectory()) throw new PlonerunError(`the limit file '${file}' must be a file, and is a folder`)
  return readFileSync(file, 'utf8').split('\n').flatMap(splitPattern)
}

/** The hosts of one part, or undefined when no name matches. */
function matchPart(inventory: Inventory, pattern: string): readonly string[] | undefined {
  if (inventory.hosts.has(pattern)) return [pattern]
  const { expression, from, to } = splitIndex(pattern)
  const matches = matcher(expression)
  const groups = [...inventory.groups.keys()].filter(matches)
  const found = new Set(groups.flatMap((group) => inventory.hostsOf(group)))
  if (groups.length === 0 || expression.startsWith('~') || /[.?*[]/.test(expression)) {
    for (const host of inventory.hosts.keys()) if (matches(host)) found.add(host)
  }
  const implicit = found.size === 0 ? inventory.host(expression) : undefined
  if (implicit !== undefined) found.add(implicit.name)
  if (found.size === 0 && groups.length === 0) return undefined
  const hosts = [...found]
  if (from === undefined || hosts.length === 0) return hosts
  if (to !== undefined) return hosts.slice(from, to === -1 ? undefined : to + 1)
  const host = hosts.at(from)
  if (host === undefined) throw new PlonerunError(`'${pattern}' asks for a host that is not there`, { why: `'${expression}' has ${hosts.length === 1 ? 'one host' : `${hosts.length} hosts`}` })
  return [host]
}

/** `web[0]`, `web[-1]`, `web[1:3]` (both included), `web[1:]`. */
function splitIndex(pattern: string): { readonly expression: string; readonly from?: number; readonly to?: number } {
  const [, expression, index, start, end] = pattern.startsWith('~') ? [] : (/^(.+)\[(?:(-?\d+)|(\d+)[:-](\d*))\]$/.exec(pattern) ?? [])
  if (expression === undefined) return { expression: pattern }
  if (index !== undefined) return { expression, from: Number(index) }
  return { expression, from: Number(start), to: end === '' ? -1 : Number(end) }
}

function matcher(expression: string): (name: string) => boolean {
  try {
    const pattern = expression.startsWith('~') ? new RegExp(`^(?:${expression.slice(1)})`) : new RegExp(`^${globPattern(expression)}$`, 's')
    return (name) => pattern.test(name)
  } catch (cause) {
    throw new PlonerunError(`'${expression}' is no host pattern`, { why: (cause as Error).message, cause })
  }
}

/** `*`, `?`, `[abc]` and `[!abc]` as a regular expression. */
function globPattern(glob: string): string {
  return glob.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
    return part.replace(/[$()*+.?[\\\]^{|}]/, '\\$&')
  })
}

function suggestionFor(pattern: string, inventory: Inventory): { suggestion?: string } {
  const suggestion = suggest(pattern, [...inventory.groups.keys(), ...inventory.hosts.keys()])
  return suggestion === undefined ? {} : { suggestion }
}
