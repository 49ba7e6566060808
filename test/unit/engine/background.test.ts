/** async with poll: 0, and async_status. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.end())

/** What jobs have left in the home of the host's user. */
const left = (): readonly string[] => {
  const folder = join(stage.servers.get('h1')!.folder, '.plonerun_async')
  return existsSync(folder) ? readdirSync(folder) : []
}
const home = (): readonly string[] => readdirSync(stage.servers.get('h1')!.folder).filter((name) => name === '.plonerun_async')

const wait = (job: string): string => `
    - name: ends
      async_status: {jid: "{{ ${job}.ansible_job_id }}"}
      register: ended
      until: ended.finished
      retries: 50
      delay: 0.1`
const tasks = (text: string): string => `
- hosts: h1
  gather_facts: false
  tasks:${text}
`

test('a command goes on while the play does, and its result comes when it has ended', async () => {
  const played = await stage.play(tasks(`
    - name: starts
      shell: while [ ! -e {{ out }}/go ]; do sleep 0.05; done; cat; echo oops >&2; printf 'a\\n\\nb\\n'; exit \${CODE}
      args: {stdin: given, chdir: "{{ out }}"}
      environment: {CODE: "3"}
      async: 30
      poll: 0
      register: job
    - name: looks
      async_status: {jid: "{{ job.ansible_job_id }}"}
      register: seen
    - name: running
      assert: {that: [job is started, job is not finished, seen is not finished, seen.finished == 0, not seen.changed]}
    - name: lets it go
      file: {path: "{{ out }}/go", state: touch}
${wait('job')}
      ignore_errors: true
    - name: again
      async_status: {jid: "{{ job.ansible_job_id }}"}
      ignore_errors: true
    - name: cleans up
      async_status: {jid: "{{ job.ansible_job_id }}", mode: cleanup}
`))
  expect(played.result('starts')).toMatchObject({ changed: true, failed: false, started: true, finished: false })
  expect(played.status('starts')).toBe('changed')
  expect(played.status('running')).toBe('ok')
  const result = { rc: 3, stdout: 'given\na\n\nb', stderr: 'oops', stdout_lines: ['given', 'a', '', 'b'], changed: true, failed: true, finished: true, msg: 'non-zero return code' }
  expect(played.result('ends')).toMatchObject(result)
  expect(played.status('ends')).toBe('ignored')
  expect(played.result('again')).toMatchObject(result)
  expect(played.status('cleans up')).toBe('ok')
  expect(home()).toEqual([])
})

test('the items of a loop run side by side', async () => {
  const played = await stage.play(tasks(`
    - name: starts
      command: sh -c 'touch {{ out }}/{{ item }}; while [ ! -e {{ out }}/{{ other }} ]; do sleep 0.05; done; echo {{ item }}'
      vars: {other: "{{ {'a': 'b', 'b': 'a'}[item] }}"}
      loop: [a, b]
      async: 30
      poll: 0
      register: jobs
    - name: ends
      async_status: {jid: "{{ item.ansible_job_id }}"}
      loop: "{{ jobs.results }}"
      register: ended
      until: ended is finished
      retries: 50
      delay: 0.1
`))
  expect(played.result('ends')['results']).toMatchObject([{ stdout: 'a', changed: true }, { stdout: 'b', changed: true }])
  expect(home()).toEqual([])
})

test('a script, and a module whose changes are several steps', async () => {
  stage.write({ 'files/says.sh': '#!/bin/sh\necho "script $1"\n' })
  const start = `
    - name: starts
      copy: {dest: "{{ out }}/copied", content: "héllo\\n", mode: "0640"}
      async: 30
      poll: 0
      register: job`
  const script = await stage.play(tasks(`
    - {name: starts, script: says.sh one, async: 30, poll: 0, register: job}${wait('job')}`))
  expect(script.result('ends')).toMatchObject({ rc: 0, stdout: 'script one\n', changed: true })
  const copied = await stage.play(tasks(start + wait('job')))
  expect(copied.result('ends')).toMatchObject({ changed: true, failed: false, dest: join(stage.out, 'copied') })
  expect(readFileSync(join(stage.out, 'copied'), 'utf8')).toBe('héllo\n')
  const again = await stage.play(tasks(start + wait('job')))
  expect([again.status('starts'), again.status('ends')]).toEqual(['ok', 'ok'])
  expect(home()).toEqual([])
})

test('tasks behind its end see what it has changed', async () => {
  const played = await stage.play(tasks(`
    - stat: {path: "{{ out }}/made"}
      register: before
    - name: starts
      shell: sleep 0.3; touch {{ out }}/made
      async: 30
      poll: 0
      register: job
    - stat: {path: "{{ out }}/made"}
      register: meanwhile
${wait('job')}
    - stat: {path: "{{ out }}/made"}
      register: behind
    - name: sees
      assert: {that: [not before.stat.exists, not meanwhile.stat.exists, behind.stat.exists]}
`))
  expect(played.status('sees')).toBe('ok')
})

test('time that is up ends it and all that it has started', async () => {
  const played = await stage.play(tasks(`
    - {name: starts, shell: "echo begun; sh -c 'echo $$ >{{ out }}/pid; exec sleep 60'; true", async: 1, poll: 0, register: job}${wait('job')}`))
  expect(played.result('ends')).toMatchObject({ failed: true, finished: true, stdout: 'begun', msg: expect.stringContaining('Timed out after 1 second') as string })
  const pid = Number(readFileSync(join(stage.out, 'pid'), 'utf8'))
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect(home()).toEqual([])
})

test('it outlives the run, and another run can ask for it', async () => {
  const first = await stage.play(tasks(`
    - {name: starts, shell: sleep 0.5; echo late; exit 4, async: 30, poll: 0}`))
  const id = String(first.result('starts')['ansible_job_id'])
  expect(left()).toContain(id)
  const second = await stage.play(tasks(`
    - set_fact: {job: {ansible_job_id: ${id}}}${wait('job')}
      failed_when: false`))
  expect(second.result('ends')).toMatchObject({ rc: 4, stdout: 'late', finished: true })
  expect(home()).toEqual([])
})

test('one whose keeper is gone, as after a restart of the host, has left no result', async () => {
  const played = await stage.play(tasks(`
    - shell: mkdir ~/.plonerun_async; sh -c 'echo running $$ >~/.plonerun_async/j1'
    - set_fact: {job: {ansible_job_id: j1}}${wait('job')}
      ignore_errors: true`))
  expect(played.result('ends')).toMatchObject({ failed: true, finished: true, msg: expect.stringContaining('has left no result') as string })
  expect(home()).toEqual([])
})

test('an id that no job has, and one that is none', async () => {
  const played = await stage.play(tasks(`
    - {name: unknown, async_status: {jid: j12}, ignore_errors: true}
    - {name: none, async_status: {jid: ../.ssh}, ignore_errors: true}
    - {name: cleanup, async_status: {jid: j12, mode: cleanup}}`))
  expect(played.result('unknown')).toMatchObject({ msg: 'could not find job', finished: true, failed: true })
  expect(played.result('none')).toMatchObject({ msg: "'../.ssh' is no id of a job" })
  expect(played.status('cleanup')).toBe('ok')
})

test('check mode starts nothing and foresees both', async () => {
  const played = await stage.play(tasks(`
    - {name: unknowable, command: 'touch {{ out }}/made', async: 30, poll: 0, register: job}
    - {name: its end, async_status: {jid: "{{ job.ansible_job_id }}"}, register: ended, until: ended is finished}
    - {name: foreseen, file: {path: "{{ out }}/folder", state: directory}, async: 30, poll: 0, register: job}
    - {name: folder, async_status: {jid: "{{ job.ansible_job_id }}"}, register: ended, until: ended is finished}
`), { check: true })
  expect(played.order).toEqual(['h1 unknowable: unknown', 'h1 its end: unknown', 'h1 foreseen: changed', 'h1 folder: changed'])
  expect(readdirSync(stage.out)).toEqual([])
  expect(home()).toEqual([])
})
