import { expect, test } from 'vitest'
import type { RunEvent } from '../../../src/engine/events.ts'
import { lines } from '../../../src/report/lines.ts'
import type { ReportOptions } from '../../../src/report/report.ts'
import { createStyle } from '../../../src/report/style.ts'
import { at, ended, note, output, playStarted, recap, runEnded, runStarted, task, taskStarted, unreachable } from '../../support/events.ts'

function render(events: readonly RunEvent[], options: Partial<ReportOptions> = {}): string {
  let text = '\n'
  const report = lines({ write: (more) => (text += more), style: createStyle(false), verbosity: 0, stats: false, ...options })
  for (const event of events) report.emit(event)
  return text
}

const conf = task(1, 'zope : configuration of zope0', { module: 'ansible.builtin.template' })
const vcl = task(2, 'varnish : vcl compiles', { position: at('example/varnish/tasks/main.yml', 31, 7) })

test('a run with a change and a failure', () => {
  const events = [
    runStarted(),
    playStarted('site demo', ['web1', 'web2']),
    taskStarted(conf),
    ended(conf, 'web1', 'changed', { changes: ['/srv/demo/etc/zope0.conf', 'mode 0644 -> 0600'] }),
    ended(conf, 'web2', 'ok'),
    taskStarted(vcl),
    output(vcl, 'web1', 'compiling\n'),
    ended(vcl, 'web1', 'failed', {
      error: { kind: 'task', message: 'the command ended with 2', where: vcl.position, hint: 'the running VCL was left as it is' },
      result: { rc: 2, stderr: "Message from VCC-compiler:\nExpected ';' got '}'\n", stdout: 'compiling\n' },
    }),
    ended(vcl, 'web2', 'skipped'),
    runEnded([recap('web1', { ok: 112, changed: 1, failed: 1 }), recap('web2', { ok: 131, skipped: 1, roundTrips: 4 })]),
  ]
  expect(render(events)).toMatchInlineSnapshot(`
    "
    play  site demo on web1, web2                                           inventory/demo
      changed  web1  zope : configuration of zope0             /srv/demo/etc/zope0.conf
               mode 0644 -> 0600
      ok       web2  zope : configuration of zope0
      failed   web1  varnish : vcl compiles                    example/varnish/tasks/main.yml:31:7
               the command ended with 2

    web1  ok=112 changed=1 failed=1
    web2  ok=131 changed=0 failed=0 skipped=1
    failed on 1 host; 2.9 s, at most 4 round trips a host

    1 failure

    failed  web1  varnish : vcl compiles  example/varnish/tasks/main.yml:31:7
      the command ended with 2
      stderr:
        Message from VCC-compiler:
        Expected ';' got '}'
      stdout:
        compiling
      the running VCL was left as it is

    "
  `)
})

test('check mode says what would change', () => {
  const events = [
    runStarted({ check: true, diff: true }),
    playStarted('site demo', ['web1']),
    ended(conf, 'web1', 'changed', {
      changes: ['/srv/demo/etc/zope0.conf'],
      diffs: [{ before: 'a\nb\nc\n', after: 'a\nB\nc\n', beforeHeader: '/srv/demo/etc/zope0.conf', afterHeader: 'zope.conf.j2' }],
    }),
    ended(vcl, 'web1', 'unknown'),
    runEnded([recap('web1', { ok: 1, changed: 1, unknown: 1 })]),
  ]
  expect(render(events)).toMatchInlineSnapshot(`
    "
    play  site demo on web1                                                 inventory/demo, check mode
      would change web1  zope : configuration of zope0             /srv/demo/etc/zope0.conf
                   --- /srv/demo/etc/zope0.conf
                   +++ zope.conf.j2
                   @@ -1,3 +1,3 @@
                    a
                   -b
                   +B
                    c
      unknown      web1  varnish : vcl compiles

    web1  ok=1 changed=1 failed=0 unknown=1
    check mode: 1 task would change something, nothing was changed; 2.9 s, 2 round trips
    "
  `)
})

test('loops: an item that changed has its line, the others only with -v', () => {
  const events = [
    playStarted('all', ['a']),
    ended(conf, 'a', 'ok', { item: 'one', result: { path: '/one' } }),
    ended(conf, 'a', 'changed', { item: 'two', changes: ['/two'], result: { path: '/two', note: 'first\nsecond\n' } }),
    ended(conf, 'a', 'changed'),
  ]
  expect(render(events)).toMatchInlineSnapshot(`
    "
    play  all on a
      changed  a  zope : configuration of zope0 (item=two)  /two
    "
  `)
  expect(render(events, { verbosity: 1 })).toMatchInlineSnapshot(`
    "
    play  all on a
      ok       a  zope : configuration of zope0 (item=one)
               path: /one
      changed  a  zope : configuration of zope0 (item=two)  /two
               path: /two
               note: |
                 first
                 second
    "
  `)
})

test('a loop of which nothing changed is one line', () => {
  const events = [playStarted('all', ['a']), ended(conf, 'a', 'ok', { item: 'one' }), ended(conf, 'a', 'ok', { item: 'two' }), ended(conf, 'a', 'ok')]
  expect(render(events)).toMatchInlineSnapshot(`
    "
    play  all on a
      ok       a  zope : configuration of zope0
    "
  `)
})

test('failed items are told once each, not again for the loop', () => {
  const events = [
    playStarted('all', ['a']),
    ended(vcl, 'a', 'failed', { item: 'one', result: { msg: 'no such file: one' } }),
    ended(vcl, 'a', 'failed', { item: 'two', result: { msg: 'no such file: two' } }),
    ended(vcl, 'a', 'failed', { result: { msg: 'One or more items failed' } }),
    runEnded([recap('a', { failed: 1 })]),
  ]
  expect(render(events)).toMatchInlineSnapshot(`
    "
    play  all on a
      failed   a  varnish : vcl compiles (item=one)         example/varnish/tasks/main.yml:31:7
               no such file: one
      failed   a  varnish : vcl compiles (item=two)         example/varnish/tasks/main.yml:31:7
               no such file: two

    a  ok=0 changed=0 failed=1
    failed on 1 host; 2.9 s, 2 round trips

    2 failures

    failed  a  varnish : vcl compiles  (item=one)  example/varnish/tasks/main.yml:31:7
      no such file: one

    failed  a  varnish : vcl compiles  (item=two)  example/varnish/tasks/main.yml:31:7
      no such file: two

    "
  `)
})

test('debug speaks without -v, text with its own newlines and data as YAML', () => {
  const debug = task(3, 'tell', { module: 'ansible.builtin.debug' })
  const events = [
    playStarted('all', ['a']),
    ended(debug, 'a', 'ok', { result: { msg: 'first\nsecond' } }),
    ended(debug, 'a', 'ok', { result: { ports: [80, 443], changed: false } }),
  ]
  expect(render(events)).toMatchInlineSnapshot(`
    "
    play  all on a
      ok       a  tell
               first
               second
      ok       a  tell
               ports:
                 - 80
                 - 443
    "
  `)
})

test('ignored, rescued, delegated, handlers and notes', () => {
  const restart = task(4, 'pound : restart pound', { handler: true })
  const events = [
    playStarted('all', ['web1']),
    ended(vcl, 'web1', 'ignored', { result: { msg: 'no' } }),
    ended(vcl, 'web1', 'rescued', { result: { msg: 'not yet' } }),
    ended(restart, 'web1', 'changed', { delegatedTo: 'lb1', changes: ['restart pound'] }),
    note('the module community.general.ufw is not there', { where: at('example/fw/tasks/main.yml', 3, 5) }),
  ]
  expect(render(events)).toMatchInlineSnapshot(`
    "
    play  all on web1
      ignored  web1  varnish : vcl compiles                    example/varnish/tasks/main.yml:31:7
               no
      rescued  web1  varnish : vcl compiles                    example/varnish/tasks/main.yml:31:7
               not yet
      changed  web1 -> lb1  pound : restart pound (handler)           restart pound
      warning  the module community.general.ufw is not there  example/fw/tasks/main.yml:3:5
    "
  `)
})

test('recap: unreachable and failed hosts first, numbers in their order, costs with --stats', () => {
  const slow = [{ task: conf, seconds: 12.3 }, { task: vcl, seconds: 1.5 }, { task: task(5, 'quick'), seconds: 0.2 }]
  const events = [
    playStarted('all', ['web10', 'web9', 'web2', 'web1']),
    unreachable('web2', { why: 'connect ECONNREFUSED 10.0.0.2:22' }),
    runEnded([recap('web10', { ok: 3 }), recap('web9', { ok: 3, changed: 1 }), recap('web2', { unreachable: 1, roundTrips: 0 }), recap('web1', { failed: 1 })], {
      seconds: 75.4,
      slowest: slow,
      stats: { deployed: ['demo'] },
    }),
  ]
  expect(render(events, { stats: true })).toMatchInlineSnapshot(`
    "
    play  all on web10, web9, web2, web1
      unreachable web2   connect
                  cannot connect to web2

    slowest tasks
       12 s  zope : configuration of zope0
      1.5 s  varnish : vcl compiles

    stats
      deployed:
        - demo

    host   round trips  sessions    sent  received
    web2             0         1  4.1 kB    1.5 MB
    web1             2         1  4.1 kB    1.5 MB
    web9             2         1  4.1 kB    1.5 MB
    web10            2         1  4.1 kB    1.5 MB

    web2   ok=0 changed=0 unreachable=1 failed=0
    web1   ok=0 changed=0 failed=1
    web9   ok=3 changed=1 failed=0
    web10  ok=3 changed=0 failed=0
    failed on 1 host; 1 host unreachable; 1 min 15 s, at most 2 round trips a host

    1 failure

    unreachable  web2
      cannot connect to web2
      connect ECONNREFUSED 10.0.0.2:22

    "
  `)
})

test('an interrupted run says so', () => {
  expect(render([runEnded([recap('a', { ok: 1, roundTrips: 1 })], { interrupted: true })])).toMatchInlineSnapshot(`
    "

    a  ok=1 changed=0 failed=0
    interrupted; 2.9 s, 1 round trip
    "
  `)
})

test('colours when asked for', () => {
  const events = [playStarted('all', ['a']), ended(conf, 'a', 'changed', { changes: ['/x'] }), ended(vcl, 'a', 'failed', { result: { msg: 'no' } })]
  expect(render(events, { style: createStyle(true) })).toMatchInlineSnapshot(`
    "
    [1mplay  all on a[22m
      [33mchanged [39m a  zope : configuration of zope0             /x
      [31mfailed  [39m a  varnish : vcl compiles                    [2mexample/varnish/tasks/main.yml:31:7[22m
               no
    "
  `)
})
