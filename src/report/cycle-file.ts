/** --output page=FILE: the cycles of a run as a page. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ProbeAnswer } from './cycle-chart.ts'
import { cyclePage } from './cycle-page.ts'
import { followCycle, type CycleRecord } from './cycle-record.ts'
import { addFailure, failureLines, failureOf, type Failure } from './failures.ts'
import type { Report } from './report.ts'
import { createStyle } from './style.ts'

/**
 * Writes the file at the end of a run in which something was cycled.
 * @param written told of the file then
 * @param now seconds since the epoch; given by tests
 */
export function cycleFile({ file, written, now = () => Date.now() / 1000 }: { file: string; written: (file: string) => void; now?: () => number }): Report {
  const records: CycleRecord[] = []
  const probes: ProbeAnswer[] = []
  const failures: Failure[] = []
  let probed: string | undefined
  let check = false
  return {
    emit(event) {
      const failure = failureOf(event)
      if (failure) addFailure(failures, failure)
      if (event.type === 'run-started') check = event.check
      if (event.type === 'cycle') followCycle(records, event.host, event.event, now())
      if (event.type === 'probed') {
        const { url, seconds, status, failed } = event
        probed = url
        probes.push({ at: now() - seconds, seconds, ...(status !== undefined && { status }), ...(failed !== undefined && { failed }) })
      }
    },
    async end() {
      if (records.length === 0 || check) return
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, cyclePage({ records, probes, failures: failures.map((failure) => failureLines(failure, createStyle(false)).join('\n')), now: now(), ...(probed !== undefined && { probed }) }))
      written(file)
    },
  }
}
