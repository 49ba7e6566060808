/** `plonerun status`: how sites stand, as tables or as JSON, once or again and again. */
import type { SiteStatus } from '../cycle/status.ts'
import { addFailure, failureLines, failureOf, type Failure } from './failures.ts'
import { count, formatBytes, formatSeconds, table } from './format.ts'
import type { Report } from './report.ts'
import { createScreen } from './screen.ts'
import type { Style } from './style.ts'

interface StatusOptions {
  readonly write: (text: string) => void
  readonly writeError: (text: string) => void
  readonly style: Style
  readonly json: boolean
  /** The status comes again and again; with a terminal it is drawn in place. */
  readonly watch: boolean
  /** Rows of the terminal; undefined without one. */
  readonly rows?: () => number
}

/** Once: when the run has ended. Watching: after each look, in JSON a line each. */
export function statusReport({ write, writeError, style, json, watch, rows }: StatusOptions): Report {
  const seen = new Map<string, { readonly host: string; readonly status: SiteStatus }>()
  const failures: Failure[] = []
  const screen = watch && !json && rows ? createScreen(write, rows) : undefined
  const frame = (): string => [...seen.values()].map(({ host, status }) => statusLines(status, host, style).join('\n')).join('\n\n')
  return {
    emit(event) {
      const failure = failureOf(event)
      if (failure) addFailure(failures, failure)
      if (event.type !== 'cycle' || event.event.kind !== 'site-seen') return
      const { host, event: { status } } = event
      seen.set(`${host} ${status.site}`, { host, status })
      if (screen) screen.draw(frame())
      else if (watch) write(json ? `${JSON.stringify({ host, ...status })}\n` : `${statusLines(status, host, style).join('\n')}\n\n`)
    },
    end() {
      if (!watch && json) write(`${JSON.stringify([...seen.values()].map(({ host, status }) => ({ host, ...status })), null, 2)}\n`)
      if (!watch && !json && seen.size > 0) write(`${frame()}\n`)
      writeError(failures.flatMap((failure) => [...failureLines(failure, style), '']).join('\n'))
      return Promise.resolve()
    },
  }
}

/** Two tables: the Zopes, and the daemons beside them. */
export function statusLines({ site, balancer, why, zopes, services }: SiteStatus, host: string, style: Style): string[] {
  const live = zopes.filter(({ state, listening }) => listening && (state === undefined || (state.enabled && state.alive))).length
  const rows = [
    ['zope', 'endpoint', 'balancer', 'sessions', 'open', 'kernel', 'systemd', 'memory', 'up', 'plone', 'zope', 'python'],
    ...zopes.map(({ name, endpoint, state, open, listening, active, memory, seconds, plone, zope, python }) => [
      name,
      endpoint,
      state === undefined ? 'unknown' : `${state.enabled ? 'on' : 'off'}, ${state.alive ? 'alive' : 'dead'}`,
      state === undefined ? '-' : String(state.sessions),
      String(open),
      listening ? 'listens' : 'deaf',
      ...[active, memory === undefined ? '-' : formatBytes(memory), upTime(seconds), plone ?? '-', zope ?? '-', python ?? '-'],
    ]),
  ]
  const beside = services.map(({ unit, active, memory, seconds, version }) => [unit, active, memory === undefined ? '-' : formatBytes(memory), upTime(seconds), version ?? '-'])
  return [
    `${style.bold(site)}  ${host}, ${balancer}, ${live} of ${count(zopes.length, 'zope')} live`,
    ...(why === undefined ? [] : [style.red(`  ${why}`)]),
    ...table(rows, [3, 4, 7, 8]).map((line) => `  ${line}`),
    ...table([['service', 'systemd', 'memory', 'up', 'version'], ...beside], [2, 3]).map((line) => `  ${line}`),
  ]
}

/** `2 d 03 h`, `3 h 05 min`, then as formatSeconds has it. */
function upTime(seconds: number | undefined): string {
  if (seconds === undefined) return '-'
  const hours = Math.floor(seconds / 3600)
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${String(hours % 24).padStart(2, '0')} h`
  return hours > 0 ? `${hours} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} min` : formatSeconds(seconds)
}
