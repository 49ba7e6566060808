/** Plain lines: what a log, a pipe or a CI job gets. */
import type { CycleTold, PlayStarted, Probed, RunEnded, RunEvent, TaskEnded } from '../engine/events.ts'
import { cycleLines, cycleSummary } from './cycle-lines.ts'
import { followCycle, type CycleRecord } from './cycle-record.ts'
import { diffLines } from './diff.ts'
import { addFailure, failureLines, failureMessage, failureOf, placeText, type Failure } from './failures.ts'
import { count, formatHosts, linesOf } from './format.ts'
import { probeText } from './probe-text.ts'
import { closingLine, recapLines, slowestLines, statsLines } from './recap.ts'
import type { Report, ReportOptions } from './report.ts'
import { dataLines, debugLines, isDebug, isInclude, resultLines } from './result.ts'
import { paint, statusWord, type Status } from './style.ts'

/** Tasks' names and what follows them stand in columns up to this width. */
const NAME_WIDTH = 40
const PLAY_WIDTH = 70

/**
 * One line for each task and host as it settles, then the recap, then every failure in full.
 * @param terse leaves out tasks that found nothing to do, and tells many hosts in groups
 */
export function lines(options: ReportOptions, { terse = false }: { terse?: boolean } = {}): Report {
  const { style, verbosity } = options
  const failures: Failure[] = []
  const itemsShown = new Set<string>()
  const cycles: CycleRecord[] = []
  const probed: Probed[] = []
  let inventory = ''
  let check = false
  let hostWidth = 0

  const print = (...texts: readonly string[]) => options.write(texts.map((text) => `${text}\n`).join(''))

  function entry(status: Status, host: string, name: string, detail = '', more: readonly string[] = []): void {
    const word = statusWord(status, check).padEnd(check ? 12 : 8)
    const margin = ' '.repeat(2 + word.length + 1)
    const start = `  ${paint(style, status, word)} ${host.padEnd(hostWidth)}  `
    print(start + (detail === '' ? name : `${name.padEnd(NAME_WIDTH)}  ${detail}`), ...more.map((line) => (line === '' ? '' : margin + line)))
  }

  function playStarted({ name, hosts }: PlayStarted): void {
    hostWidth = Math.max(0, ...hosts.map((host) => host.length))
    const title = `play  ${name} on ${formatHosts(hosts)}`
    const about = [...(inventory === '' ? [] : [inventory]), ...(check ? ['check mode'] : [])].join(', ')
    print(about === '' ? style.bold(title) : `${style.bold(title.padEnd(PLAY_WIDTH))}  ${style.dim(about)}`)
  }

  function taskEnded(event: TaskEnded): void {
    const { status, task, item, changes, result } = event
    // A loop's own line adds something only when none of its items showed the same.
    const key = `${task.id} ${event.host} ${status}`
    if (!isShown(event, verbosity, terse) || (item === undefined && itemsShown.has(key))) return
    if (item !== undefined) itemsShown.add(key)

    const name = task.name + (item === undefined ? '' : ` (item=${item})`) + (task.handler ? ' (handler)' : '')
    const host = event.delegatedTo === undefined ? event.host : `${event.host} -> ${event.delegatedTo}`
    const more = [
      ...event.diffs.flatMap((diff) => diffLines(diff, style)),
      ...(isDebug(task.module) && status === 'ok' ? debugLines(result) : verbosity > 0 ? resultLines(result) : []),
    ]
    if (status === 'failed' || status === 'ignored' || status === 'rescued') {
      entry(status, host, name, placeText(event.error?.where ?? task.position, style).trimStart(), [...linesOf(failureMessage(event)), ...more])
    } else {
      entry(status, host, name, changes[0], [...changes.slice(1), ...more])
    }
  }

  function cycleTold({ host, event }: CycleTold): void {
    // Nothing here asks for the times of the record.
    followCycle(cycles, host, event, 0)
    const record = event.kind === 'cycle-ended' ? cycles.findLast((each) => each.host === host && each.site === event.site) : undefined
    print(...[...cycleLines(event, check), ...(record ? cycleSummary(record) : [])].map((line) => `  ${host.padEnd(hostWidth)}  ${line}`))
  }

  function runEnded(event: RunEnded): void {
    const hasStats = Object.keys(event.stats).length > 0
    const parts = [
      slowestLines(event),
      hasStats ? ['stats', ...dataLines(event.stats).map((line) => `  ${line}`)] : [],
      options.stats ? statsLines(event.hosts) : [],
      [...recapLines(event.hosts, style, terse), style.dim(closingLine(event, check))],
      failures.length === 0 ? [] : [style.red(count(failures.length, 'failure')), '', ...failures.flatMap((failure) => [...failureLines(failure, style), ''])],
    ]
    for (const part of parts) if (part.length > 0) print('', ...part)
  }

  function emit(event: RunEvent): void {
    const failure = failureOf(event)
    if (failure) addFailure(failures, failure)
    switch (event.type) {
      case 'run-started':
        inventory = event.inventory.join(', ')
        check = event.check
        return
      case 'play-started':
        playStarted(event)
        break
      case 'task-ended':
        taskEnded(event)
        break
      case 'host-unreachable': {
        const { host, task, error } = event
        entry('unreachable', host, task?.name ?? 'connect', event.ignored ? '(ignored)' : '', linesOf(error.message))
        break
      }
      case 'cycle':
        cycleTold(event)
        break
      case 'note':
        print(`  ${style.yellow(event.level)}  ${event.message}${placeText(event.where, style)}`)
        break
      case 'run-ended':
        runEnded(event)
        break
      case 'task-started':
      case 'output':
      case 'steered':
        return
      case 'probed':
        probed.push(event)
        return
    }
  }

  return {
    emit,
    // Answers may come in after the run has ended.
    end() {
      const failed = probed.filter((answer) => answer.failed !== undefined)
      if (probed.length > 0) print('', probeText(probed[0]!.url, probed), ...[...new Set(failed.map((answer) => answer.failed))].map((why) => style.red(`  ${why!}`)))
      return Promise.resolve()
    },
  }
}

/** Skipped tasks and loop items with nothing to do appear with -v only, unless they say something. */
function isShown({ status, item, task }: TaskEnded, verbosity: number, terse: boolean): boolean {
  if (verbosity > 0) return true
  if (status === 'skipped' || (status === 'ok' && isInclude(task.module))) return false
  return status !== 'ok' || isDebug(task.module) || (item === undefined && !terse)
}
