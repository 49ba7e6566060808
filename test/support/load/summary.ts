/** What became of a load, in numbers and lines. */
import type { Answer, Kind, Outcome } from './answer.ts'

export interface Summary {
  readonly answers: number
  readonly failed: readonly Answer[]
  readonly kinds: Readonly<Partial<Record<Kind, { readonly answers: number; readonly failed: number; readonly median: number; readonly p99: number; readonly slowest: number }>>>
}

export function summarize(answers: readonly Answer[]): Summary {
  const kinds = [...new Set(answers.map(({ kind }) => kind))].map((kind) => {
    const those = answers.filter((answer) => answer.kind === kind)
    const seconds = those.map((answer) => answer.seconds).sort((a, b) => a - b)
    const at = (share: number): number => seconds[Math.min(seconds.length - 1, Math.floor(seconds.length * share))]!
    return [kind, { answers: those.length, failed: those.filter(isFailed).length, median: at(0.5), p99: at(0.99), slowest: at(1) }] as const
  })
  return { answers: answers.length, failed: answers.filter(isFailed), kinds: Object.fromEntries(kinds) }
}

function isFailed({ outcome }: Answer): boolean {
  return outcome !== 'whole'
}

/** Counts a kind each, then every failed answer up to a number of them. */
export function summaryLines({ answers, failed, kinds }: Summary, most = 20): string[] {
  return [
    `${answers} answers, ${failed.length} failed${failed.length === 0 ? '' : ` (${countsOf(failed)})`}`,
    ...Object.entries(kinds).map(([kind, { answers, failed, median, p99, slowest }]) =>
      `  ${kind.padEnd(10)} ${String(answers).padStart(6)} answers ${String(failed).padStart(4)} failed   median ${median.toFixed(2)} s, 99 % under ${p99.toFixed(2)} s, slowest ${slowest.toFixed(2)} s`),
    ...failed.slice(0, most).map(failureLine),
    ...(failed.length > most ? [`  and ${failed.length - most} more`] : []),
  ]
}

function countsOf(failed: readonly Answer[]): string {
  const counts = new Map<Outcome, number>()
  for (const { outcome } of failed) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return [...counts].map(([outcome, number]) => `${number} ${outcome}`).join(', ')
}

function failureLine({ client, kind, at, outcome, status, seconds, bytes, why, reused }: Answer): string {
  return `  at ${at.toFixed(2)} s  client ${client}  ${kind}  ${outcome}${status === undefined ? '' : `, status ${status}`}, ${bytes} bytes in ${seconds.toFixed(2)} s${reused ? ', on a kept connection' : ''}${why === undefined ? '' : `: ${why}`}`
}
