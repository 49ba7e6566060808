import { expect, test } from 'vitest'
import type { CycleEvent } from '../../../src/cycle/events.ts'
import { followCycle, type CycleRecord } from '../../../src/report/cycle-record.ts'
import { lines } from '../../../src/report/lines.ts'
import { liveRows } from '../../../src/report/live-rows.ts'
import { createLiveState, follow } from '../../../src/report/live-state.ts'
import { createStyle } from '../../../src/report/style.ts'
import { cycleEnded, cycleStarted, planned, seen, step, STORY, told, turnEnded } from '../../support/cycle-events.ts'
import { playStarted, runStarted, task, taskStarted } from '../../support/events.ts'

const style = createStyle(false)
const cycling = task(2, 'cycle', { module: 'plonerun.cycle' })

function record(...events: readonly (readonly [number, CycleEvent])[]): CycleRecord {
  const records: CycleRecord[] = []
  for (const [at, event] of events) followCycle(records, 'web1', event, at)
  return records.at(-1)!
}

/** The live view at a moment of the story. */
function rows(now: number, height = 24, events = STORY): string {
  const state = createLiveState(0)
  follow(state, playStarted('cycle', ['web1']), 0)
  follow(state, taskStarted(cycling), 0)
  for (const [at, event] of events) if (at <= now) follow(state, told(event), at)
  const shown = liveRows(state, { height, now, style })
  expect(shown.length).toBeLessThanOrEqual(height)
  return `\n${shown.map(({ title }) => title).join('\n')}\n`
}

function plain(events: readonly CycleEvent[], check = false): string {
  let text = ''
  const report = lines({ write: (more) => (text += more), style, verbosity: 0, stats: false })
  for (const event of [runStarted({ check }), playStarted('cycle', ['web1']), taskStarted(cycling), ...events.map((event) => told(event))]) report.emit(event)
  return `\n${text}`
}

test('a live view has a row a backend: state, open connections, sessions, time', () => {
  expect(rows(20.5)).toMatchInlineSnapshot(`
    "
    cycle  21 s
    web1  cycle  21 s
    demo  web1, pound 4, 3 backends, at least 2 live  21 s
      zope0  restarted  leave 0.1  drain 2.3  stop 0.4  start 0.1  listen 3.8  wake 1.2  return 0.4 s
      zope1  drain        1 open    0 sessions  12 s
      zope2  waits        5 open    4 sessions
    "
  `)
})

test('before the first look there is nothing to count, and after the end no row', () => {
  expect(rows(0.15)).toMatchInlineSnapshot(`
    "
    cycle  0.1 s
    web1  cycle
    demo  web1, pound 4, 3 backends, at least 2 live  0.1 s
      zope0  leave      0.0 s
      zope1  waits
      zope2  waits
    "
  `)
  expect(rows(45)).toMatchInlineSnapshot(`
    "
    cycle  45 s
    web1  cycle  45 s
    "
  `)
})

test('more backends than the terminal has rows leave room for the hosts', () => {
  const many = Array.from({ length: 30 }, (_, index) => planned(`zope${index}`))
  expect(rows(1, 10, [[0, cycleStarted({ backends: many })]]).trim().split('\n')).toHaveLength(9)
})

test('plain lines tell how each turn went, and in the end the seconds of every step', () => {
  expect(plain(STORY.map(([, event]) => event))).toMatchInlineSnapshot(`
    "
    play  cycle on web1                                                     inventory/demo
      web1  demo zope0  restarted, leave 0.1 s, drain 2.3 s, stop 0.4 s, start 0.1 s, listen 3.8 s, wake 1.2 s, return 0.4 s
      web1  demo zope1  restarted, leave 0.1 s, drain 19.5 s, stop 0.4 s, start 0.1 s, listen 3.4 s, wake 1.0 s, return 0.2 s
      web1  demo zope2  does not come back, leave 0.1 s, drain 1.2 s, stop 0.4 s, start 0.1 s, listen 8.9 s; it is out of the balancer
      web1  demo  2 of 3 backends restarted in 44 s
      web1    backend  outcome                                  leave  drain  stop  start  listen  wake  return  total
      web1    zope0    restarted                                  0.1    2.3   0.4    0.1     3.8   1.2     0.4    8.3
      web1    zope1    restarted                                  0.1   19.5   0.4    0.1     3.4   1.0     0.2   24.7
      web1    zope2    does not come back, out of the balancer    0.1    1.2   0.4    0.1     8.9     -       -   10.7
    "
  `)
})

test('a dry run says how every backend stands and what would become of it', () => {
  const { turn: _, ...alone } = planned('zope2')
  const backends = [planned('zope0'), planned('zope1', { state: { enabled: false, alive: true, sessions: 0 }, inUse: false }), alone]
  expect(plain([cycleStarted({ backends })], true)).toMatchInlineSnapshot(`
    "
    play  cycle on web1                                                     inventory/demo, check mode
      web1  demo zope0  127.0.0.1:8080  on, alive, 4 sessions  would be restarted
      web1  demo zope1  127.0.0.1:8081  off, alive, 0 sessions  would be restarted, and stays off
      web1  demo zope2  127.0.0.1:8082  on, alive, 4 sessions  is left alone
    "
  `)
})

test('a turn that did not come, one that was cut off, and one that stays out', () => {
  const events = [
    cycleStarted({ backends: ['zope0', 'zope1', 'zope2'].map((name) => planned(name)) }),
    turnEnded('zope0', { leave: 0.1 }, { inUse: false }),
    step('zope1', 'leave'),
    turnEnded('zope1', { leave: 0.1, drain: 120 }, { outcome: 'not-drained' }),
    cycleEnded(121, ['zope2']),
  ]
  expect(plain(events)).toMatchInlineSnapshot(`
    "
    play  cycle on web1                                                     inventory/demo
      web1  demo zope0  restarted, leave 0.1 s; it is out of the balancer
      web1  demo zope1  not drained, and not restarted, leave 0.1 s, drain 120.0 s
      web1  demo  1 of 3 backends restarted in 2 min 01 s
      web1    backend  outcome                         leave  drain  stop  start  listen  wake  return  total
      web1    zope0    restarted, stays out as before    0.1      -     -      -       -     -       -    0.1
      web1    zope1    not drained, and not restarted    0.1  120.0     -      -       -     -       -  120.1
      web1    zope2    its turn did not come               -      -     -      -       -     -       -      -
    "
  `)
})

test('a history keeps the first and the last of looks that saw the same', () => {
  const { backends } = record([0, cycleStarted()], ...[1, 2, 3, 4].map((at) => [at, seen('zope0', 2, 1)] as const), [5, seen('zope0', 0, 1)], [6, seen('zope0', 0, 1)])
  expect(backends.get('zope0')!.samples).toEqual([
    { at: 1, open: 2, sessions: 1 },
    { at: 4, open: 2, sessions: 1 },
    { at: 5, open: 0, sessions: 1 },
    { at: 6, open: 0, sessions: 1 },
  ])
})

test('sites that cycle side by side are kept apart, and one that cycles again begins a record of its own', () => {
  const records: CycleRecord[] = []
  followCycle(records, 'web1', cycleStarted(), 0)
  followCycle(records, 'web2', cycleStarted(), 1)
  followCycle(records, 'web2', step('zope0', 'leave'), 2)
  followCycle(records, 'web1', cycleEnded(3), 3)
  followCycle(records, 'web1', cycleStarted(), 4)
  expect(records.map(({ host, started, ended, backends }) => [host, started, ended, backends.get('zope0')!.spans.length])).toEqual([
    ['web1', 0, 3, 0],
    ['web2', 1, undefined, 1],
    ['web1', 4, undefined, 0],
  ])
})

test('what the front answered is told in the end, also what came after it', async () => {
  let text = ''
  const report = lines({ write: (more) => (text += more), style, verbosity: 0, stats: false })
  for (const seconds of [0.1, 0.3, 0.2]) report.emit({ type: 'probed', url: 'https://demo/', status: 200, seconds })
  report.emit({ type: 'probed', url: 'https://demo/', status: 503, seconds: 0.4, failed: 'status 503' })
  await report.end?.()
  expect(text).toMatchInlineSnapshot(`
    "
    https://demo/ was asked meanwhile: 4 answers, 1 failed, median 0.30 s, slowest 0.40 s
      status 503
    "
  `)
})
