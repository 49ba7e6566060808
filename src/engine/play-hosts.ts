/** The hosts of a play: which they are, in which order, and which of them go together. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { limitHosts, selectHosts } from '../load/inventory/patterns.ts'
import type { Text } from '../load/tree/keywords.ts'
import type { Play } from '../load/tree/play.ts'
import type { TemplateContext } from '../template/templating.ts'
import { str } from '../values/print.ts'
import type { Scope } from '../values/value.ts'
import type { RunContext } from './context.ts'

/**
 * The play's hosts that --limit leaves: in its order, as the pattern gives them, and the pattern.
 * Throws a PlonerunError for an order that there is none of.
 */
export function hostNames(run: RunContext, play: Play, scope: Scope, context: TemplateContext): { readonly hosts: readonly string[]; readonly selected: readonly string[]; readonly pattern: string } {
  const patterns = play.hosts.flatMap((written: Text) => {
    const value = run.templating.resolve(written, scope, context)
    return Array.isArray(value) ? value.map(str) : [str(value)]
  })
  const pattern = patterns.join(',')
  const selected = selectHosts(run.inventory, patterns)
  const limited = run.limit === undefined ? selected : limitHosts(run.inventory, selected.hosts, run.limit)
  const { hosts } = limited
  for (const each of new Set([...selected.unmatched, ...limited.unmatched]))
    run.note('warning', `no host matches '${each.pattern}'${each.suggestion === undefined ? '' : `; did you mean '${each.suggestion}'?`}`, play.position)
  return { hosts: ordered(hosts, play.order === undefined ? 'inventory' : str(run.templating.resolve(play.order, scope, context)), play.position), selected: hosts, pattern }
}

function ordered(hosts: readonly string[], order: string, where: Position): readonly string[] {
  switch (order) {
    case 'inventory':
    case 'None':
      return hosts
    case 'reverse_inventory':
      return [...hosts].reverse()
    case 'sorted':
      return [...hosts].sort()
    case 'reverse_sorted':
      return [...hosts].sort().reverse()
    case 'shuffle':
      return hosts.map((host) => ({ host, at: Math.random() })).sort((a, b) => a.at - b.at).map(({ host }) => host)
    default:
      throw new PlonerunError(`there is no order '${order}'`, { where, hint: 'There are inventory, reverse_inventory, sorted, reverse_sorted and shuffle.' })
  }
}

/** Sizes may be numbers or percentages of all hosts; the last one repeats. */
export function batches(hosts: readonly string[], serial: readonly (string | number)[]): readonly (readonly string[])[] {
  if (serial.length === 0 || hosts.length === 0) return [hosts]
  const result: (readonly string[])[] = []
  let start = 0
  for (let index = 0; start < hosts.length; index++) {
    const written = String(serial[Math.min(index, serial.length - 1)])
    const size = written.endsWith('%') ? Math.max(1, Math.floor((hosts.length * Number.parseFloat(written)) / 100)) : Number(written)
    const step = size > 0 ? size : hosts.length
    result.push(hosts.slice(start, start + step))
    start += step
  }
  return result
}
