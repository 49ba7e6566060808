/** --output ansible: the lines that ansible-playbook prints, for scripts that read them. */
import { basename } from 'node:path'
import type { ErrorInfo, HostRecap, RunEnded, RunEvent, TaskEnded, TaskInfo } from '../engine/events.ts'
import type { Position } from '../errors/position.ts'
import { excerpt } from '../errors/excerpt.ts'
import { diffLines } from './diff.ts'
import { pythonJson } from './python-json.ts'
import type { Report, ReportOptions } from './report.ts'
import { isAssert, isDebug, isInclude } from './result.ts'
import { paint, type Status } from './style.ts'

const COUNTS = ['ok', 'changed', 'unreachable', 'failed', 'skipped', 'rescued', 'ignored'] as const

/** Warnings go to `warn` (stderr there), everything else to `write`. */
export function ansible(options: ReportOptions & { readonly warn: (text: string) => void; readonly customStats?: boolean }): Report {
  const { style, verbosity } = options
  const print = (line: string) => options.write(`${line}\n`)
  const say = (status: Status, line: string) => print(paint(style, status, line))
  const loops = new Set<string>()
  let banner: number | undefined

  function header(task: TaskInfo): void {
    if (banner === task.id) return
    banner = task.id
    print(`\n${starred(`${task.handler ? 'RUNNING HANDLER' : 'TASK'} [${task.name}]`)}`)
    if (verbosity > 1) print(`task path: ${task.position.file}:${task.position.line}`)
  }

  function taskEnded(event: TaskEnded): void {
    header(event.task)
    const key = `${event.task.id} ${event.host}`
    const whole = event.item === undefined && loops.delete(key)
    if (event.item !== undefined) loops.add(key)
    if (!whole || event.status === 'skipped') result(event)
    if (event.status === 'ignored' && event.item === undefined) say('ignored', '...ignoring')
  }

  function result(event: TaskEnded): void {
    const { status, item } = event
    const host = event.delegatedTo === undefined || event.delegatedTo === event.host ? event.host : `${event.host} -> ${event.delegatedTo}`
    const arrow = item === undefined ? '' : ` => (item=${item})`
    for (const line of event.diffs.flatMap((diff) => diffLines(diff, style))) print(line)
    if (isInclude(event.task.module) && status === 'ok') {
      for (const line of includedLines(event)) say('ignored', line)
      return
    }
    switch (status) {
      case 'ok':
      case 'changed':
      case 'unknown':
        say(status, `${status === 'changed' ? 'changed' : 'ok'}: [${host}]${arrow}${shown(event, verbosity)}`)
        break
      case 'skipped':
        say(status, `skipping: [${host}]${item === undefined ? shown(event, verbosity) : `${arrow} ${shown(event, verbosity)}`}`)
        break
      case 'failed':
      case 'ignored':
      case 'rescued':
        if (event.error) explain(event.error.kind === 'task' ? { ...event.error, where: event.task.position } : event.error)
        say('failed', item === undefined ? `fatal: [${host}]: FAILED! => ${dump(event, verbosity)}` : `failed: [${host}] (item=${item}) => ${dump(event, verbosity)}`)
        break
    }
  }

  function explain(error: ErrorInfo): void {
    const origin = error.where !== undefined && error.where.file !== '' ? [`Origin: ${place(error.where)}`, '', ...excerpt(error.where, { after: 0 })] : []
    options.write([`[ERROR]: ${error.message}`, ...(error.why === undefined ? [] : [error.why]), ...origin, ...(error.hint === undefined ? [] : [error.hint]), '', ''].join('\n'))
  }

  function emit(event: RunEvent): void {
    switch (event.type) {
      case 'play-started':
        banner = undefined
        print(`\n${starred(`PLAY [${event.name}]`)}`)
        if (event.hosts.length === 0) say('skipped', 'skipping: no hosts matched')
        return
      case 'task-ended':
        taskEnded(event)
        break
      case 'host-unreachable': {
        if (event.task) header(event.task)
        explain(event.error)
        say('unreachable', `fatal: [${event.host}]: UNREACHABLE! => ${pythonJson({ changed: false, msg: event.error.message, unreachable: true })}`)
        if (event.ignored) say('ignored', '...ignoring')
        return
      }
      case 'note':
        options.warn(`[${event.level === 'deprecated' ? 'DEPRECATION WARNING' : event.level === 'info' ? 'INFO' : 'WARNING'}]: ${event.message}\n${event.where === undefined || event.where.file === '' ? '' : `Origin: ${place(event.where)}\n`}`)
        break
      case 'run-started':
        if (verbosity > 1) for (const [index, file] of event.playbooks.entries()) print(`\n${starred(`PLAYBOOK: ${basename(file)}`)}\n${event.plays?.[index] ?? 0} plays in ${file}`)
        return
      case 'run-ended':
        print(`\n${starred('PLAY RECAP')}`)
        for (const recap of [...event.hosts].sort((a, b) => (a.host < b.host ? -1 : 1))) print(recapLine(recap))
        print('')
        if (options.customStats === true) customStats(event.stats)
        break
      case 'steered':
        if (verbosity > 1) print(`META: ${event.message}`)
        break
      case 'task-started':
      case 'output':
        return
    }
  }

  /** What set_stats kept: of the whole run under RUN, and of each host. */
  function customStats(stats: RunEnded['stats']): void {
    if (Object.keys(stats).length === 0) return
    print('CUSTOM STATS: '.padEnd(79, '*'))
    for (const [host, data] of Object.entries(stats)) print(`\t${host}: ${pythonJson(data, 4)}`)
    print('')
  }

  return { emit }
}

function place({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`
}

/** Filled with asterisks to 80 columns, at least three of them. */
function starred(text: string): string {
  return `${text} ${'*'.repeat(Math.max(3, 79 - text.length))}`
}

function recapLine(recap: HostRecap): string {
  return `${recap.host.padEnd(26)} : ${COUNTS.map((name) => `${name}=${String(recap[name]).padEnd(4)}`).join(' ')}`
}

/** `included: sub.yml for web1 => (item=1)`, once for each file. */
function includedLines({ host, result }: TaskEnded): string[] {
  const results = Array.isArray(result['results']) ? (result['results'] as readonly Record<string, unknown>[]) : [result]
  return results
    .filter(({ include }) => typeof include === 'string')
    .map(({ include, item }) => `included: ${include as string} for ${host}${item === undefined ? '' : ` => (item=${typeof item === 'string' ? item : pythonJson(item)})`}`)
}

/** The result behind the line: always for debug, else with -v. */
function shown(event: TaskEnded, verbosity: number): string {
  if (event.status === 'skipped' ? verbosity === 0 : verbosity === 0 && !isDebug(event.task.module) && !isAssert(event.task.module)) return ''
  return ` => ${dump(event, verbosity)}`
}

function dump({ task, result, status, error }: TaskEnded, verbosity: number): string {
  const debug = isDebug(task.module) && status !== 'failed'
  const dropped = ['failed', 'skipped', 'exception', ...(debug ? ['changed', 'skip_reason'] : []), ...(debug || verbosity < 3 ? ['invocation', 'diff'] : [])]
  const kept = Object.entries(result).filter(([key]) => !dropped.includes(key) && !key.startsWith('_ansible') && (!debug || !('msg' in result) || key === 'msg'))
  const data = error && !('msg' in result) ? { ...Object.fromEntries(kept), msg: error.message } : Object.fromEntries(kept)
  return pythonJson(data, debug || isAssert(task.module) || verbosity > 2 ? 4 : undefined)
}
