import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CycleEvent } from '../../../src/cycle/events.ts'
import type { ProbeAnswer } from '../../../src/report/cycle-chart.ts'
import { cycleFile } from '../../../src/report/cycle-file.ts'
import { cyclePage } from '../../../src/report/cycle-page.ts'
import { followCycle, type CycleRecord } from '../../../src/report/cycle-record.ts'
import { cycleStarted, planned, STORY, told } from '../../support/cycle-events.ts'
import { ended, runStarted, task } from '../../support/events.ts'
import { temporaryFolder } from '../../support/folder.ts'

/** Seconds since the epoch at which the story begins. */
const BEGIN = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000

/** A page of events with the seconds they came at; what was probed as well. */
function page(events: readonly (readonly [number, CycleEvent])[], more: Partial<Parameters<typeof cyclePage>[0]> = {}, host = 'web1'): string {
  const records: CycleRecord[] = []
  for (const [at, event] of events) followCycle(records, host, event, BEGIN + at)
  return cyclePage({ records, probes: [], now: BEGIN + 50, failures: [], ...more })
}

function probes(...answers: readonly ProbeAnswer[]): readonly ProbeAnswer[] {
  return answers.map((answer) => ({ ...answer, at: BEGIN + answer.at }))
}

test('every step of every backend is a bar with its length, where its time is', () => {
  const text = page(STORY)
  expect([...text.matchAll(/<rect class="(drain)" x="([\d.]+)" y="\d+" width="([\d.]+)" height="\d+"><title>(.*?)<\/title>/g)].map(([, ...found]) => found)).toMatchInlineSnapshot(`
    [
      [
        "drain",
        "123.9",
        "44.6",
        "drain 2.3 s",
      ],
      [
        "drain",
        "286.9",
        "378.5",
        "drain 19.5 s",
      ],
      [
        "drain",
        "768.3",
        "23.3",
        "drain 1.2 s",
      ],
    ]
  `)
  expect(text.match(/<rect class="(leave|drain|stop|start|listen|wake|return)"/g)).toHaveLength(19)
})

test('open connections are a line that holds until the next look', () => {
  expect([...page(STORY).matchAll(/<path class="line" d="(.*?)"><title>(.*?)<\/title>/g)].map(([, ...found]) => found)[0]).toMatchInlineSnapshot(`
    [
      "M125.8,46L143.3,46L143.3,73.5L166.6,73.5L166.6,90L288.9,90L288.9,73.5L789.7,73.5L789.7,73.5",
      "open connections, at most 8",
    ]
  `)
})

test('outcomes and seconds are a table', () => {
  const rows = [...page(STORY).matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) => [...row.matchAll(/<t[hd]>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell).join(' | '))
  expect(rows).toMatchInlineSnapshot(`
    [
      "backend | outcome | leave | drain | stop | start | listen | wake | return | total",
      "zope0 | restarted | 0.1 | 2.3 | 0.4 | 0.1 | 3.8 | 1.2 | 0.4 | 8.3",
      "zope1 | restarted | 0.1 | 19.5 | 0.4 | 0.1 | 3.4 | 1.0 | 0.2 | 24.7",
      "zope2 | does not come back, out of the balancer | 0.1 | 1.2 | 0.4 | 0.1 | 8.9 | - | - | 10.7",
    ]
  `)
})

test('what the front answered meanwhile is shown, and what failed is told', () => {
  const text = page(STORY, { probed: 'https://demo/', probes: probes({ at: -9, seconds: 1, status: 200 }, { at: 1, seconds: 0.04, status: 200 }, { at: 2, seconds: 0.06, status: 200 }, { at: 3, seconds: 0.5, status: 503, failed: 'status 503' }) })
  expect(text.match(/<circle class="\w+"/g)).toEqual(['<circle class="good"', '<circle class="good"', '<circle class="bad"'])
  expect(text).toContain('https://demo/ was asked meanwhile: 3 answers, 1 failed, median 0.06 s, slowest 0.50 s.')
  expect(text).toContain('<li>after 3.0 s: status 503</li>')
})

test('a cycle that did not end is drawn until now', () => {
  const text = page(STORY.slice(0, 4), { failures: ['the connection to web1 broke'] })
  expect(text).toContain('<title>drain 49.8 s</title>')
  expect(text).toContain('0 of 3 backends restarted; the run ended before the cycle did')
  expect(text).toContain('<pre class="failure">the connection to web1 broke</pre>')
})

test('nothing that came from a host or a site becomes markup, and the page asks for nothing from elsewhere', () => {
  const evil = `"><script>alert(1)</script>'&`
  const started = cycleStarted({ site: evil, balancer: evil, backends: [planned('zope0', { name: evil, endpoint: evil })] })
  const text = page([[0, started]], { failures: [evil], probed: evil, probes: probes({ at: 1, seconds: 0.1, failed: evil }) }, evil)
  expect(text).not.toMatch(/<script|alert\(1\)<\/|'&[^#]/)
  expect(text.match(/&#60;script&#62;/g)!.length).toBeGreaterThan(8)
  expect(page(STORY)).not.toMatch(/src=|href=|url\(|@import/)
})

test('a cycle of nobody and one of no length are pages too', () => {
  expect(page([[0, cycleStarted({ backends: [] })]], { now: BEGIN })).toContain('0 of 0 backends restarted')
})

test('a run in which something was cycled leaves a page, with what failed and what was probed', async () => {
  const file = join(temporaryFolder(), 'new', 'cycle.html')
  let now = BEGIN
  const announced: string[] = []
  const report = cycleFile({ file, written: (each) => announced.push(each), now: () => now })
  report.emit(runStarted())
  for (const [at, event] of STORY) {
    now = BEGIN + at
    report.emit(told(event))
  }
  report.emit({ type: 'probed', url: 'https://demo/', status: 200, seconds: 0.25 })
  report.emit(ended(task(2, 'cycle'), 'web1', 'failed', { error: { kind: 'task', message: 'zope2 does not come back', why: 'ImportError: <oops>' } }))
  await report.end?.()
  const text = readFileSync(file, 'utf8')
  expect(announced).toEqual([file])
  expect(text).toContain('<title>drain 19.5 s</title>')
  expect(text).toContain('https://demo/ was asked meanwhile: 1 answer, 0 failed')
  expect(text).toContain('ImportError: &#60;oops&#62;')
})

test('a run without a cycle and a dry run leave none', async () => {
  const folder = temporaryFolder()
  for (const [check, events] of [[false, []], [true, [cycleStarted()]]] as const) {
    const report = cycleFile({ file: join(folder, 'cycle.html'), written: () => expect.unreachable() })
    report.emit(runStarted({ check }))
    for (const event of events) report.emit(told(event))
    await report.end?.()
  }
  expect(readdirSync(folder)).toEqual([])
})
