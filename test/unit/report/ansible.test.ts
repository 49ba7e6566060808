import { expect, test } from 'vitest'
import type { RunEvent } from '../../../src/engine/events.ts'
import { ansible } from '../../../src/report/ansible.ts'
import type { ReportOptions } from '../../../src/report/report.ts'
import { createStyle } from '../../../src/report/style.ts'
import { at, ended, note, playStarted, recap, runEnded, task, unreachable } from '../../support/events.ts'

function render(events: readonly RunEvent[], options: Partial<ReportOptions> = {}): { out: string; err: string } {
  const text = { out: '', err: '' }
  const report = ansible({
    write: (more) => (text.out += more),
    warn: (more) => (text.err += more),
    style: createStyle(false),
    verbosity: 0,
    stats: false,
    ...options,
  })
  for (const event of events) report.emit(event)
  return text
}

const conf = task(1, 'zope : configuration of zope0')
const tell = task(2, 'tell', { module: 'ansible.builtin.debug' })
const check = task(3, 'check', { position: at('/srv/tasks/main.yml', 3, 7) })
const restart = task(4, 'restart pound', { handler: true })

test('plays, tasks, handlers, items and the recap', () => {
  const { out, err } = render([
    playStarted('site demo', ['web1', 'web2']),
    ended(conf, 'web1', 'changed', { item: 'one' }),
    ended(conf, 'web1', 'skipped', { item: 'two' }),
    ended(conf, 'web1', 'changed'),
    ended(conf, 'web2', 'skipped'),
    ended(tell, 'web1', 'ok', { result: { msg: 'hällo\nyou', changed: false } }),
    ended(tell, 'web2', 'ok', { item: '1', result: { ports: [80, { b: 1, a: null }], failed: false } }),
    ended(check, 'web1', 'ignored', { result: { changed: false, msg: 'no' }, error: { kind: 'task', message: 'no', where: check.position, why: 'because' } }),
    ended(check, 'web2', 'failed', { item: 'x', result: { rc: 1, invocation: {}, failed: true } }),
    ended(check, 'web2', 'failed', { result: { msg: 'One or more items failed' } }),
    ended(restart, 'web1', 'changed', { delegatedTo: 'lb1' }),
    unreachable('web3', {}, { task: restart }),
    note('old', { level: 'deprecated' }),
    note('odd', { where: at('/srv/vars.yml', 2, 3) }),
    runEnded([recap('web2', { ok: 2, failed: 1 }), recap('web1', { ok: 12, changed: 1, ignored: 1 })]),
  ])
  expect(out).toMatchInlineSnapshot(`
    "
    PLAY [site demo] ***************************************************************

    TASK [zope : configuration of zope0] *******************************************
    changed: [web1] => (item=one)
    skipping: [web1] => (item=two) 
    skipping: [web2]

    TASK [tell] ********************************************************************
    ok: [web1] => {
        "msg": "hällo\\nyou"
    }
    ok: [web2] => (item=1) => {
        "ports": [
            80,
            {
                "a": null,
                "b": 1
            }
        ]
    }

    TASK [check] *******************************************************************
    [ERROR]: no
    because
    Origin: /srv/tasks/main.yml:3:7


    fatal: [web1]: FAILED! => {"changed": false, "msg": "no"}
    ...ignoring
    failed: [web2] (item=x) => {"rc": 1}

    RUNNING HANDLER [restart pound] ************************************************
    changed: [web1 -> lb1]
    [ERROR]: cannot connect to web3

    fatal: [web3]: UNREACHABLE! => {"changed": false, "msg": "cannot connect to web3", "unreachable": true}

    PLAY RECAP *********************************************************************
    web1                       : ok=12   changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=1   
    web2                       : ok=2    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0   

    "
  `)
  expect(err).toMatchInlineSnapshot(`
    "[DEPRECATION WARNING]: old
    [WARNING]: odd
    Origin: /srv/vars.yml:2:3
    "
  `)
})

test('-v shows results on one line as Python writes them, -vvv spread out', () => {
  const events = [ended(conf, 'web1', 'changed', { result: { rc: 0, changed: true, cmd: ['a', 'b'], nothing: undefined } })]
  expect(render(events, { verbosity: 1 }).out).toContain('changed: [web1] => {"changed": true, "cmd": ["a", "b"], "rc": 0}\n')
  expect(render(events, { verbosity: 3 }).out).toContain('changed: [web1] => {\n    "changed": true,\n    "cmd": [\n        "a",\n')
})

test('what an assert says is always shown, spread out', () => {
  const assert = task(6, 'holds', { module: 'ansible.builtin.assert' })
  expect(render([ended(assert, 'a', 'ok', { result: { changed: false, msg: 'All assertions passed' } })]).out).toContain('ok: [a] => {\n    "changed": false,\n    "msg": "All assertions passed"\n}\n')
})

test('includes say what they brought', () => {
  const include = task(5, 'parts', { module: 'ansible.builtin.include_tasks' })
  const { out } = render([
    ended(include, 'a', 'ok', { result: { include: 'sub.yml' } }),
    ended(include, 'b', 'ok', { result: { results: [{ include: 'one.yml', item: 1 }, { include: 'two.yml', item: 'x' }] } }),
    ended(include, 'c', 'skipped'),
  ])
  expect(out.split('\n').slice(2)).toEqual(['included: sub.yml for a', 'included: one.yml for b => (item=1)', 'included: two.yml for b => (item=x)', 'skipping: [c]', ''])
})

test('a play without hosts', () => {
  expect(render([playStarted('nobody', [])]).out).toBe(`\nPLAY [nobody] ${'*'.repeat(66)}\nskipping: no hosts matched\n`)
})
