/** Words and tables for how the turns of a cycle went. */
import { STEPS, type Step, type TurnOutcome } from '../cycle/events.ts'
import type { BackendRecord, CycleRecord } from './cycle-record.ts'
import { formatSeconds } from './format.ts'

/** What is said of a backend whose turn has ended. */
export const OUTCOMES: Readonly<Record<TurnOutcome, string>> = {
  restarted: 'restarted',
  retired: 'retired',
  'not-left': 'left as it is',
  'not-drained': 'not drained, and not restarted',
  'not-back': 'does not come back',
  interrupted: 'interrupted',
  lost: 'not followed to its end, because the connection broke',
}

/** `3 of 3 backends restarted in 36 s`. */
export function closingText({ backends, seconds }: CycleRecord): string {
  const turns = [...backends.values()].filter(({ planned }) => planned.turn !== undefined)
  const number = (outcome: TurnOutcome): number => turns.filter(({ ended }) => ended?.outcome === outcome).length
  const retired = number('retired')
  const restarts = turns.length - retired
  const counts = [...(restarts > 0 || retired === 0 ? [`${number('restarted')} of ${restarts} backends restarted`] : []), ...(retired > 0 ? [`${retired} retired`] : [])]
  return `${counts.join(', ')}${seconds === undefined ? '; the run ended before the cycle did' : ` in ${formatSeconds(seconds)}`}`
}

/** The outcome of a backend, in words. */
export function outcomeOf({ planned, ended }: BackendRecord, left: readonly string[]): string {
  if (ended) return OUTCOMES[ended.outcome] + (ended.inUse ? '' : ended.outcome === 'restarted' ? ', stays out as before' : ended.outcome === 'retired' ? '' : ', out of the balancer')
  if (planned.turn === undefined) return 'left alone'
  return left.includes(planned.name) ? 'its turn did not come' : 'its turn has not ended'
}

/** A heading and a row each backend: name, outcome, seconds of each step, and their sum. */
export function stepRows({ backends, left }: CycleRecord): string[][] {
  return [
    ['backend', 'outcome', ...STEPS, 'total'],
    ...[...backends.values()].map((backend) => {
      const seconds: Readonly<Partial<Record<Step, number>>> = backend.ended?.seconds ?? {}
      const all = Object.values(seconds)
      return [
        backend.planned.name,
        outcomeOf(backend, left),
        ...STEPS.map((step) => seconds[step]?.toFixed(1) ?? '-'),
        all.length === 0 ? '-' : all.reduce((sum, each) => sum + each, 0).toFixed(1),
      ]
    }),
  ]
}
