/** Follows a backend through the steps of its turn, and measures them. */
import type { CycleEvent, Step, TurnOutcome } from './events.ts'

export interface Steps {
  /** The step that was begun last. */
  readonly current: Step | undefined
  begin(step: Step): void
  end(outcome: TurnOutcome, inUse: boolean): void
}

/** @param tell hears of each step when it begins, and of the turn's end */
export function followSteps(site: string, backend: string, tell: (event: CycleEvent) => void): Steps {
  const seconds: Partial<Record<Step, number>> = {}
  let current: Step | undefined
  let began = 0
  const close = (): void => {
    if (current !== undefined) seconds[current] = (seconds[current] ?? 0) + (performance.now() - began) / 1000
  }
  return {
    get current() {
      return current
    },
    begin(step) {
      close()
      current = step
      began = performance.now()
      tell({ kind: 'step-started', site, backend, step })
    },
    end(outcome, inUse) {
      close()
      tell({ kind: 'turn-ended', site, backend, outcome, seconds: { ...seconds }, inUse })
    },
  }
}
