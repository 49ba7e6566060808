/** set_fact, set_stats, debug and pause, and what templates have of their own. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

test('set_fact takes the form name=value for a name from a template, and refuses what is no name', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - set_fact: "{{ item }}_a=1"
      loop: [x, y]
    - {name: sees, assert: {that: "x_a == '1' and y_a == '1'"}}
    - {name: refuses, set_fact: {"{{ 'true' }}": 1}, ignore_errors: true}
`)
  expect(played.status('sees')).toBe('ok')
  expect(played.result('refuses')['msg']).toBe("Invalid variable name 'true'")
})

test('set_stats adds up over the run', async () => {
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - set_stats: {data: {count: 2, words: [a]}}
    - set_stats: {data: {own: "{{ inventory_hostname }}"}, per_host: true}
`)
  expect(played.ended.stats).toEqual({ RUN: { count: 4, words: ['a', 'a'] }, h1: { own: 'h1' }, h2: { own: 'h2' } })
})

test('each item of set_fact sees what the one before has set, also when nothing was set before', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - set_fact: {words: "{{ words + [item] }}"}
      loop: [b, c]
      vars: {words: [a]}
    - {name: sees, assert: {that: "words == ['a', 'b', 'c']"}}
`)
  expect(played.status('sees')).toBe('ok')
})

test('debug shows the variable that a template names, and tells what is undefined where it stands', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  vars: {known: {x: "{{ nope }}", y: [1, "{{ nope.a }}"], when: "{{ '2024-01-02 03:04:05' | to_datetime }}"}, name: known.y}
  tasks:
    - {name: of a template, debug: {var: "{{ name }}"}}
    - {name: whole, debug: {var: known}}
    - {name: words, debug: {var: "{{ 'two words' }}"}}
`)
  expect(played.result('of a template')).toMatchObject({ 'known.y': [1, "<< error 1 - 'nope' is undefined >>"] })
  expect(played.result('whole')).toMatchObject({ known: { x: "<< error 1 - 'nope' is undefined >>", y: [1, "<< error 2 - 'nope' is undefined >>"], when: '2024-01-02T03:04:05' } })
  expect(played.result('words')).toMatchObject({ '(expression)': 'two words' })
})

test('debug fails over an expression that fails itself', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: asks, debug: {var: "'http://a/' | urlsplit('no_part')"}, register: asked, ignore_errors: true}
    - {name: has failed, debug:, when: asked is failed}
`)
  expect(played.order).toEqual(['h1 asks: ignored', 'h1 has failed: ok'])
})

test('lipsum fills a page', async () => {
  const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks: [{name: text, debug: {msg: "{{ lipsum(n=2, html=false, min=20, max=21) }}"}}]
`)
  expect(played.result('text')['msg']).toMatch(/^[A-Z][a-z]+( [a-z]+){11}\. [A-Z][a-z]+( [a-z]+){7}\.\n\n/)
})

test('pause asks once for all hosts of a batch, and all of them have the answer', async () => {
  const asked: string[] = []
  const ask = (prompt: string): Promise<string> => Promise.resolve(`answer ${asked.push(prompt)}`)
  const play = (serial: number): string => `
- hosts: all
  gather_facts: false
  serial: ${serial}
  tasks:
    - {name: asks, pause: {prompt: Go on?}, register: said}
    - {name: says, debug: {msg: "{{ said.user_input }}"}}
`
  const together = await stage.play(play(2), { ask })
  expect(asked).toEqual(['Go on?'])
  expect(['h1', 'h2'].map((host) => together.result('says', host)['msg'])).toEqual(['answer 1', 'answer 1'])
  const each = await stage.play(play(1), { ask })
  expect(['h1', 'h2'].map((host) => each.result('says', host)['msg'])).toEqual(['answer 2', 'answer 3'])
})
