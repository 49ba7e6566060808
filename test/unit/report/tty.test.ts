import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { expect, test, vi } from 'vitest'
import type { RunEvent } from '../../../src/engine/events.ts'
import { liveRows } from '../../../src/report/live-rows.ts'
import { createLiveState, extendTail, follow } from '../../../src/report/live-state.ts'
import { createScreen } from '../../../src/report/screen.ts'
import { createStyle } from '../../../src/report/style.ts'
import { tty } from '../../../src/report/tty.ts'
import { ended, output, playStarted, recap, runEnded, runStarted, task, taskStarted, unreachable } from '../../support/events.ts'

const pip = task(1, 'zope : pip install', { module: 'ansible.builtin.pip' })
const conf = task(2, 'zope : configuration')

/** The rows as text after events, each with the second it came at. */
function rows(height: number, now: number, ...events: readonly (readonly [number, RunEvent])[]): string {
  const state = createLiveState(0)
  for (const [at, event] of events) follow(state, event, at)
  const lines = liveRows(state, { height, now, style: createStyle(false) }).flatMap(({ title, output }) => [title, ...output.map((line) => `  > ${line}`)])
  expect(lines.length).toBeLessThanOrEqual(height)
  return `\n${lines.join('\n')}\n`
}

function hosts(number: number): string[] {
  return Array.from({ length: number }, (_, index) => `web${index + 1}`)
}

test('one host: its task, its time, and the last lines of its command', () => {
  const text = Array.from({ length: 9 }, (_, index) => `line ${index}\n`).join('')
  expect(rows(24, 12, [0, playStarted('site', hosts(1))], [1, taskStarted(pip)], [2, output(pip, 'web1', text)])).toMatchInlineSnapshot(`
    "
    site  12 s
    web1  zope : pip install  11 s
      > line 4
      > line 5
      > line 6
      > line 7
      > line 8
    "
  `)
})

test('five hosts: a row each, output shared out', () => {
  expect(
    rows(
      12,
      5,
      [0, runStarted({ check: true })],
      [0, playStarted('site', hosts(5))],
      [1, taskStarted(pip)],
      [2, output(pip, 'web1', 'a\nb\nc\n')],
      [2, output(pip, 'web2', 'x')],
      [2, ended(pip, 'web3', 'failed')],
      [2, ended(pip, 'web4', 'changed')],
      [2, unreachable('web5')],
      [2, taskStarted(conf)],
    ),
  ).toMatchInlineSnapshot(`
    "
    site (check mode)  5.0 s
    web1  zope : pip install  4.0 s
      > b
      > c
    web2  zope : pip install  4.0 s
      > x
    web3  1 failed  failed
    web4  1 would change  zope : configuration  3.0 s
    web5  unreachable
    "
  `)
})

test('200 hosts: counts, the tasks most are at, and the slowest hosts', () => {
  const all = hosts(200)
  expect(
    rows(
      24,
      30,
      [0, playStarted('site', all)],
      [1, taskStarted(pip)],
      ...all.slice(3).map((host) => [2, ended(pip, host, host === 'web77' ? 'failed' : 'changed')] as const),
      [3, unreachable('web99')],
      ...all.slice(100).map((host) => [4, output(conf, host, 'working')] as const),
    ),
  ).toMatchInlineSnapshot(`
    "
    site  30 s
    200 hosts, 103 at work, 1 failed, 1 unreachable
    tasks: 196 changed 1 failed
    zope : configuration  on 100 hosts
    zope : pip install  on 3 hosts
    slowest: web1  zope : pip install  29 s
    slowest: web2  zope : pip install  29 s
    slowest: web3  zope : pip install  29 s
    slowest: web101  zope : configuration  26 s
    slowest: web102  zope : configuration  26 s
    "
  `)
})

test('a terminal of few rows is never overrun', () => {
  const events = [[0, playStarted('site', hosts(30))], [1, taskStarted(pip)]] as const
  for (const height of [3, 4, 5, 8, 30, 31, 32]) rows(height, 2, ...events)
})

test.each([
  [[], 'a\nb\n', ['a', 'b', '']],
  [['a'], 'b\nc', ['ab', 'c']],
  [['10 %'], '\r20 %\r30 %', ['10 %', '20 %', '30 %']],
  [['a', ''], '\n\n\u001b[32mgreen\u001b[0m\n', ['a', 'green', '']],
  [[], '1\n2\n3\n4\n5\n6\n7\n', ['3', '4', '5', '6', '7', '']],
])('the tail %j after %j', (tail, text, wanted) => expect(extendTail(tail, text)).toEqual(wanted))

test('a screen: text scrolls away above the frame, which is drawn in place', () => {
  let written = ''
  const screen = createScreen((text) => (written += text), () => 4)
  screen.print('before\n')
  screen.draw('one\ntwo\nthree\nfour')
  screen.print('above\n')
  screen.draw('last')
  screen.clear()
  const up = '\u001b[1A\u001b[2K'
  expect(written).toBe(`before\none\ntwo\nthree\n${up.repeat(3)}above\nlast\n${up}`)
})

/** A terminal of 24 rows that keeps all that was written to it. */
function fakeTerminal(): { stream: NodeJS.WriteStream; text: () => string } {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return { stream: Object.assign(stream, { isTTY: true, columns: 80, rows: 24 }) as unknown as NodeJS.WriteStream, text: () => text }
}

test.each([1, 5, 200])('a whole run on %d hosts: live while it runs, then what changed and the recap', async (number) => {
  const { stream, text } = fakeTerminal()
  const report = tty({ stdout: stream, stderr: stream, style: createStyle(false), verbosity: 0, stats: false })
  const all = hosts(number)
  for (const event of [runStarted(), playStarted('site', all), taskStarted(pip), output(pip, 'web1', 'Collecting Plone\n')]) report.emit(event)
  const framesIn = (shown: string): number => shown.split(/site {2}\d/).length - 1
  const from = performance.now()
  const live = await vi.waitFor(() => {
    const shown = stripVTControlCharacters(text())
    expect(framesIn(shown)).toBeGreaterThanOrEqual(3)
    expect(shown).toContain(number > 22 ? '200 hosts, 200 at work' : 'Collecting Plone')
    return shown
  }, { timeout: 8000, interval: 20 })
  if (number <= 22) expect(live).toContain('zope : pip install')
  expect(live.includes('Collecting Plone')).toBe(number <= 22)
  expect(framesIn(live)).toBeLessThanOrEqual((performance.now() - from) / 60)

  for (const host of all) report.emit(ended(pip, host, 'changed', { changes: ['install Plone'] }))
  report.emit(runEnded(all.map((host) => recap(host, { ok: 1, changed: 1 }))))
  await report.end?.()
  const label = number === 200 ? '200 hosts (web1 ... web200)' : 'web1'
  const after = stripVTControlCharacters(text()).slice(live.length)
  expect(after).toContain(`changed  ${label}`)
  expect(after).toContain(`${label}  ok=1 changed=1 failed=0\n`)
  expect(process.listenerCount('SIGINT')).toBe(0)
})

test('a question to the person has the terminal to itself', async () => {
  const { stream, text } = fakeTerminal()
  const report = tty({ stdout: stream, stderr: stream, style: createStyle(false), verbosity: 0, stats: false })
  report.emit(playStarted('site', ['web1']))
  await sleep(150)
  const resume = await report.suspend?.()
  const before = text()
  await sleep(250)
  expect(text()).toBe(before)
  resume?.()
  await sleep(250)
  expect(text().length).toBeGreaterThan(before.length)
  await report.end?.()
})
