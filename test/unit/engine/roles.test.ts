import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLoader } from '../../../src/load/loader.ts'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1', 'h2'])
})
afterEach(() => stage.end())

test('end_role leaves the role where it stands, also one that may run again, and nothing else', async () => {
  stage.write({
    'roles/r/tasks/main.yml': '- include_tasks: more.yml\n- name: behind\n  debug:\n',
    'roles/r/tasks/more.yml': '- meta: end_role\n  when: inventory_hostname == "h1"\n- name: more\n  debug:\n',
  })
  const played = await stage.play('- hosts: all\n  gather_facts: false\n  tasks:\n    - include_role: {name: r}\n    - import_role: {name: r}\n    - name: after\n      debug:\n')
  expect(played.order.filter((line) => line.startsWith('h1') && !line.includes('include'))).toEqual(['h1 after: ok'])
  expect(played.order.filter((line) => line.startsWith('h2') && !/include|skipped/.test(line))).toEqual(['h2 r : more: ok', 'h2 r : behind: ok', 'h2 r : more: ok', 'h2 r : behind: ok', 'h2 after: ok'])
})

test('who sees the variables of a role: all, unless it is included or private_role_vars says otherwise; public has the last word', async () => {
  stage.write({ 'roles/r/vars/main.yml': 'own: seen', 'roles/r/tasks/main.yml': '[]' })
  const play = (use: string): string => `- hosts: h1\n  gather_facts: false\n${use.includes('role:') ? '  tasks:' : '  roles:'}\n    - ${use}\n  post_tasks:\n    - name: sees\n      debug: {msg: "{{ own | default('nothing') }}"}\n`
  const seen = async (use: string, privateRoleVars?: boolean): Promise<unknown> => (await stage.play(play(use), privateRoleVars === undefined ? {} : { loader: createLoader({ privateRoleVars }) })).result('sees')['msg']
  const uses = ['r', 'import_role: {name: r}', 'import_role: name=r public=no', 'include_role: {name: r}', 'include_role: name=r public=yes']
  const all = async (setting?: boolean): Promise<unknown[]> => {
    const results: unknown[] = []
    for (const use of uses) results.push(await seen(use, setting))
    return results
  }
  expect(await all()).toEqual(['seen', 'seen', 'nothing', 'nothing', 'seen'])
  expect(await all(true)).toEqual(['nothing', 'nothing', 'nothing', 'nothing', 'seen'])
  expect(await all(false)).toEqual(['seen', 'seen', 'nothing', 'seen', 'seen'])
})

test('names of roles: those that are written or imported, and those that they depend on; parents only where a role brought it', async () => {
  stage.write({
    'roles/top/meta/main.yml': 'dependencies: [base]',
    'roles/top/tasks/main.yml': '- import_role: {name: inner}\n- name: top\n  debug: {msg: "{{ ansible_play_role_names | sort }} {{ ansible_dependent_role_names }} {{ ansible_parent_role_names | default(\'none\') }}"}\n',
    'roles/inner/tasks/main.yml': '- name: inner\n  debug: {msg: "{{ ansible_parent_role_names }}"}\n',
    'roles/base/tasks/main.yml': '[]',
  })
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  roles: [top]\n')
  expect(played.result('top : top')['msg']).toBe("['inner', 'top'] ['base'] none")
  expect(played.result('inner : inner')['msg']).toEqual(['top'])
})

test('an include in a role takes the file of its tasks before one beside the including file', async () => {
  stage.write({
    'roles/r/tasks/main.yml': '- include_tasks: sub/x.yml\n',
    'roles/r/tasks/sub/x.yml': '- include_tasks: y.yml\n- include_tasks: only.yml\n',
    'roles/r/tasks/sub/y.yml': '- name: beside\n  debug:\n',
    'roles/r/tasks/sub/only.yml': '- name: only\n  debug:\n',
    'roles/r/tasks/y.yml': '- name: of the role\n  debug:\n',
  })
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  roles: [r]\n')
  expect(played.order.filter((line) => !line.includes('include'))).toEqual(['h1 r : of the role: ok', 'h1 r : only: ok'])
})
