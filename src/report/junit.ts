/** --output junit=FILE: the run as JUnit XML, a suite for each play and a case for each task and host. */
import { writeFile } from 'node:fs/promises'
import { stripVTControlCharacters } from 'node:util'
import type { HostUnreachable, TaskEnded } from '../engine/events.ts'
import { formatPosition } from '../errors/position.ts'
import { failureLines, failureMessage } from './failures.ts'
import type { Report } from './report.ts'
import { createStyle } from './style.ts'

interface Suite {
  readonly name: string
  readonly cases: (TaskEnded | HostUnreachable)[]
}

/** Collects the run and writes the file at its end. */
export function junit({ file }: { file: string }): Report {
  const suites: Suite[] = []
  return {
    emit(event) {
      if (event.type === 'play-started') suites.push({ name: event.name, cases: [] })
      // A loop is one case: its items are part of it.
      else if ((event.type === 'task-ended' && event.item === undefined) || event.type === 'host-unreachable') suites.at(-1)?.cases.push(event)
    },
    end: () => writeFile(file, toXml(suites)),
  }
}

/** The suites as a JUnit document. */
export function toXml(suites: readonly Suite[]): string {
  const body = suites.map(({ name, cases }) => {
    const attributes = { name, tests: cases.length, failures: cases.filter(isFailed).length, errors: cases.filter(isUnreachable).length }
    return element('testsuite', attributes, cases.map(testCase))
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', {}, body)}\n`
}

function testCase(event: TaskEnded | HostUnreachable): string {
  const name = `[${event.host}] ${event.task?.name ?? 'connect'}`
  const classname = event.task && event.task.position.file !== '' ? formatPosition(event.task.position) : 'plonerun'
  if (event.type === 'host-unreachable') {
    const outcome = event.ignored ? [] : [element('error', { message: event.error.message }, [escape(details(event, 'unreachable'))])]
    return element('testcase', { name, classname, time: 0 }, outcome)
  }
  const outcome = isFailed(event)
    ? [element('failure', { message: failureMessage(event) }, [escape(details(event, 'failed'))])]
    : event.status === 'skipped'
      ? [element('skipped', {}, [])]
      : []
  return element('testcase', { name, classname, time: event.seconds }, outcome)
}

function details(event: TaskEnded | HostUnreachable, status: 'failed' | 'unreachable'): string {
  const result = event.type === 'task-ended' ? event.result : {}
  return failureLines({ host: event.host, status, result, ...(event.task && { task: event.task }), ...(event.error && { error: event.error }) }, createStyle(false)).join('\n')
}

function isFailed(event: TaskEnded | HostUnreachable): boolean {
  return event.type === 'task-ended' && event.status === 'failed'
}

function isUnreachable(event: TaskEnded | HostUnreachable): boolean {
  return event.type === 'host-unreachable' && !event.ignored
}

function element(name: string, attributes: Readonly<Record<string, string | number>>, content: readonly string[]): string {
  const start = `<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value))}"`).join('')}`
  return content.length === 0 ? `${start}/>` : `${start}>\n${content.join('\n')}\n</${name}>`
}

/** Escapes markup and drops colours and the control characters that XML 1.0 cannot hold. */
function escape(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
