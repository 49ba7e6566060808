/** What the front of a site answered while a run went on, in a sentence. */
import type { Probed } from '../engine/events.ts'
import { count } from './format.ts'

export function probeText(url: string, answers: readonly Pick<Probed, 'seconds' | 'failed'>[]): string {
  const failed = answers.filter((answer) => answer.failed !== undefined).length
  const seconds = answers.map((answer) => answer.seconds).sort((a, b) => a - b)
  const at = (share: number): string => (seconds[Math.min(seconds.length - 1, Math.floor(seconds.length * share))] ?? 0).toFixed(2)
  return `${url} was asked meanwhile: ${count(answers.length, 'answer')}, ${failed} failed, median ${at(0.5)} s, slowest ${at(1)} s`
}
