import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { json } from '../../../src/report/json.ts'
import { junit } from '../../../src/report/junit.ts'
import { ended, playStarted, recap, runEnded, task, unreachable } from '../../support/events.ts'
import { temporaryFolder } from '../../support/folder.ts'

const conf = task(1, 'zope : "conf" <0>')

test('json: one event a line, with its time', () => {
  let text = ''
  const report = json({ write: (more) => (text += more), now: () => new Date(0) })
  report.emit(playStarted('site', ['a']))
  report.emit(ended(conf, 'a', 'changed', { result: { stdout: 'two\nlines' } }))
  const lines = text.split('\n')
  expect(lines).toHaveLength(3)
  expect(JSON.parse(lines[0]!)).toEqual({ time: '1970-01-01T00:00:00.000Z', ...playStarted('site', ['a']) })
  expect(JSON.parse(lines[1]!)).toMatchObject({ type: 'task-ended', status: 'changed', result: { stdout: 'two\nlines' } })
})

test('junit: a suite for each play, a case for each task and host', async () => {
  const file = join(temporaryFolder(), 'out.xml')
  const report = junit({ file })
  const events = [
    playStarted('first', ['a', 'b']),
    ended(conf, 'a', 'ok', { item: 'x' }),
    ended(conf, 'a', 'ok'),
    ended(conf, 'b', 'failed', { result: { msg: 'bad \u001b[31m&\u001b[0m', stderr: 'why' }, seconds: 2.5 }),
    playStarted('second', ['a', 'c']),
    ended(conf, 'a', 'skipped'),
    unreachable('c'),
    runEnded([recap('a')]),
  ]
  for (const event of events) report.emit(event)
  await report.end?.()
  expect(readFileSync(file, 'utf8')).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
    <testsuite name="first" tests="2" failures="1" errors="0">
    <testcase name="[a] zope : &#34;conf&#34; &#60;0&#62;" classname="example/zope/tasks/main.yml:11:3" time="0.1"/>
    <testcase name="[b] zope : &#34;conf&#34; &#60;0&#62;" classname="example/zope/tasks/main.yml:11:3" time="2.5">
    <failure message="bad &#38;">
    failed  b  zope : &#34;conf&#34; &#60;0&#62;  example/zope/tasks/main.yml:11:3
      bad &#38;
      stderr:
        why
    </failure>
    </testcase>
    </testsuite>
    <testsuite name="second" tests="2" failures="0" errors="1">
    <testcase name="[a] zope : &#34;conf&#34; &#60;0&#62;" classname="example/zope/tasks/main.yml:11:3" time="0.1">
    <skipped/>
    </testcase>
    <testcase name="[c] connect" classname="plonerun" time="0">
    <error message="cannot connect to c">
    unreachable  c
      cannot connect to c
    </error>
    </testcase>
    </testsuite>
    </testsuites>
    "
  `)
})
