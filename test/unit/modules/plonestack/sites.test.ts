import { afterAll, beforeAll, expect, test } from 'vitest'
import { failureOf } from '../../../../src/report/failures.ts'
import { setStage, type Stage } from '../../../support/play.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.end())

const PLAY = `
- hosts: all
  gather_facts: false
  tasks:
    - plonerun.sites:
        sites: "{{ sites }}"
        release: trixie
        stack: ${process.cwd()}
`

const definition = (more: string): string => `
_password: "{{ 'ge' ~ 'heim' }}"
sites:
  - name: www
    domain: "{{ inventory_hostname }}.example.org"
    plone: 6.2
    admin_password: "{{ _password }}"
    apache: {ssl: off}
${more}`

test.each([
  ['an unknown key below', '    varnish:\n      storag: 1G', 10],
  ['a wrong value', '    numzopes: "{{ 6 * 20 }}"', 9],
  ['a wrong value in a list', '    wake:\n      - /portal\n      - portal', 11],
  ['a version without a list', '    versions: none.txt', 9],
])('%s of a definition that holds templates is shown where it is written', async (_, more, line) => {
  stage.write({ 'host_vars/h1.yml': definition(more) })
  const { events } = await stage.play(PLAY)
  const failure = events.map(failureOf).find((each) => each !== undefined)
  expect(failure?.error?.where).toMatchObject({ file: `${stage.folder}/host_vars/h1.yml`, line })
})
