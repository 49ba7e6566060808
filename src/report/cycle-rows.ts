/** The rows of the live view for cycles that are under way: one a backend. */
import { STEPS } from '../cycle/events.ts'
import { OUTCOMES } from './cycle-outcomes.ts'
import type { BackendRecord, CycleRecord } from './cycle-record.ts'
import { count, formatSeconds } from './format.ts'
import type { Style } from './style.ts'

/** A heading and a row each backend, for every cycle that has not ended. */
export function cycleRows(records: readonly CycleRecord[], now: number, style: Style): string[] {
  return records.filter(({ ended }) => ended === undefined).flatMap((record) => {
    const backends = [...record.backends.values()]
    const width = Math.max(...backends.map(({ planned }) => planned.name.length))
    return [
      `${style.bold(record.site)}  ${record.host}, ${record.balancer}, ${count(backends.length, 'backend')}, at least ${record.minimum} live  ${formatSeconds(now - record.started)}`,
      ...backends.map((backend) => `  ${backend.planned.name.padEnd(width)}  ${backendText(backend, now, style)}`),
    ]
  })
}

/** State, open connections, sessions left, time. */
function backendText({ planned, spans, samples, ended }: BackendRecord, now: number, style: Style): string {
  if (ended) {
    const steps = STEPS.flatMap((step) => (ended.seconds[step] === undefined ? [] : [`${step} ${ended.seconds[step].toFixed(1)}`]))
    const word = OUTCOMES[ended.outcome]
    return `${ended.outcome === 'restarted' || ended.outcome === 'retired' ? style.green(word) : style.red(word)}  ${style.dim(`${steps.join('  ')} s`)}`
  }
  const span = spans.at(-1)
  const word = span?.step ?? (planned.turn === undefined ? 'left alone' : 'waits')
  const seen = samples.at(-1)
  return [
    span ? style.yellow(word.padEnd(9)) : style.dim(word.padEnd(9)),
    ...(seen ? [`${seen.open} open`.padStart(8)] : []),
    ...(seen?.sessions === undefined ? [] : [count(seen.sessions, 'session').padStart(12)]),
    ...(span ? [formatSeconds(now - span.from)] : []),
  ].join('  ').trimEnd()
}
