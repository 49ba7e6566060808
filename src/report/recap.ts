/** The end of a run in a few lines: slowest tasks, counts of each host, cost, and a closing line. */
import type { HostRecap, RunEnded } from '../engine/events.ts'
import { count, formatBytes, formatHosts, formatSeconds, table } from './format.ts'
import { createStyle, paint, type Status, type Style } from './style.ts'

/** Ansible's order of the counts, with unknown added. */
const COUNTS = ['ok', 'changed', 'unreachable', 'failed', 'unknown', 'skipped', 'rescued', 'ignored'] as const

/** Shown although they are zero. */
const ALWAYS = new Set<string>(['ok', 'changed', 'failed'])

/** Runs at least this long (seconds) tell which of their tasks were slow. */
const WORTH_TELLING = 1

/** Unreachable hosts first, then failed ones, then the others; by name within each, numbers by their size. */
export function sortHosts(hosts: readonly HostRecap[]): HostRecap[] {
  const rank = ({ unreachable, failed }: HostRecap) => (unreachable > 0 ? 0 : failed > 0 ? 1 : 2)
  return [...hosts].sort((a, b) => rank(a) - rank(b) || a.host.localeCompare(b.host, 'en', { numeric: true }))
}

/** More hosts than this are told in groups, when asked to. */
const MANY = 40

/**
 * `web1  ok=112 changed=1 failed=0`, one line a host.
 * @param groups many hosts that fared the same well share a line
 */
export function recapLines(hosts: readonly HostRecap[], style: Style, groups = false): string[] {
  const entries = groups && hosts.length > MANY ? inGroups(hosts) : sortHosts(hosts).map((recap) => ({ name: recap.host, recap }))
  const width = Math.max(0, ...entries.map(({ name }) => name.length))
  return entries.map(({ name, recap }) => `${paint(style, worst(recap), name.padEnd(width))}  ${counts(recap, style)}`)
}

function inGroups(hosts: readonly HostRecap[]): { name: string; recap: HostRecap }[] {
  const plain = createStyle(false)
  const groups = new Map<string, HostRecap[]>()
  for (const recap of sortHosts(hosts)) {
    const key = recap.unreachable + recap.failed > 0 ? recap.host : counts(recap, plain)
    groups.set(key, [...(groups.get(key) ?? []), recap])
  }
  return [...groups.values()].map((group) => ({ name: formatHosts(group.map(({ host }) => host)), recap: group[0]! }))
}

/** `ok=112 changed=1 failed=0`; counts other than these appear when they are not zero. */
export function counts(recap: HostRecap, style: Style): string {
  return COUNTS.filter((name) => ALWAYS.has(name) || recap[name] > 0)
    .map((name) => (recap[name] > 0 ? paint(style, name, `${name}=${recap[name]}`) : `${name}=0`))
    .join(' ')
}

/** The tasks that took longest; none when no task took long. */
export function slowestLines({ slowest }: RunEnded): string[] {
  const slow = slowest.filter(({ seconds }) => seconds >= WORTH_TELLING).slice(0, 5)
  if (slow.length === 0) return []
  return ['slowest tasks', ...table(slow.map(({ task, seconds }) => [`  ${formatSeconds(seconds)}`, task.name]), [0])]
}

/** Round trips, sessions and bytes of each host (--stats). */
export function statsLines(hosts: readonly HostRecap[]): string[] {
  const rows = sortHosts(hosts).map(({ host, roundTrips, sessions, bytesSent, bytesReceived }) => [
    host,
    String(roundTrips),
    String(sessions),
    formatBytes(bytesSent),
    formatBytes(bytesReceived),
  ])
  return table([['host', 'round trips', 'sessions', 'sent', 'received'], ...rows], [1, 2, 3, 4])
}

/** `2.9 s, 4 round trips`, in front of it what is to be known of the whole. */
export function closingLine({ hosts, seconds, interrupted }: RunEnded, check: boolean): string {
  const most = Math.max(0, ...hosts.map(({ roundTrips }) => roundTrips))
  const cost = `${formatSeconds(seconds)}, ${hosts.length > 1 ? 'at most ' : ''}${count(most, 'round trip')}${hosts.length > 1 ? ' a host' : ''}`
  const failed = hosts.filter((recap) => recap.failed > 0).length
  const unreachable = hosts.filter((recap) => recap.unreachable > 0).length
  const changed = hosts.reduce((sum, recap) => sum + recap.changed, 0)
  return [
    ...(interrupted ? ['interrupted'] : []),
    ...(failed > 0 ? [`failed on ${count(failed, 'host')}`] : []),
    ...(unreachable > 0 ? [`${count(unreachable, 'host')} unreachable`] : []),
    ...(check ? [`check mode: ${count(changed, 'task')} would change something, nothing was changed`] : []),
    cost,
  ].join('; ')
}

function worst({ unreachable, failed, unknown, changed }: HostRecap): Status {
  if (unreachable > 0) return 'unreachable'
  if (failed > 0) return 'failed'
  if (unknown > 0) return 'unknown'
  return changed > 0 ? 'changed' : 'ok'
}
