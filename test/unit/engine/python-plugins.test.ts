/** Filters, tests and lookups of the person's own, which the python3 of this machine runs. */
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import { createPythonPlugins } from '../../../src/template/python/plugins.ts'
import { createTemplating } from '../../../src/template/templating.ts'
import { setStage, type Stage } from '../../support/play.ts'
import { describeWith } from '../../support/programs.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1'])
})
afterEach(() => stage.end())

const FILTERS = `
from ansible.errors import AnsibleFilterError
from ansible.module_utils._text import to_text

def shout(value, mark='!', *more, **named):
    if value == '':
        raise AnsibleFilterError('nothing to shout')
    print('not among the answers')
    return to_text(value).upper() + mark + ''.join(more) + ''.join(k + to_text(v) for k, v in named.items())

class FilterModule(object):
    def filters(self):
        return {'shout': shout, 'kinds': lambda value: [type(item).__name__ for item in value], 'same': lambda value: value}
`
const shows = (msg: string, more = ''): string => `- hosts: h1\n  gather_facts: false\n${more}  tasks:\n    - name: own\n      debug: {msg: "${msg}"}\n`
const message = async (msg: string, more?: string): Promise<unknown> => {
  const played = await stage.play(shows(msg, more))
  return played.result('own')['msg']
}

describeWith('python3', () => {
  test('a filter beside the playbook, and one that a role brings', async () => {
    stage.write({ 'filter_plugins/words.py': FILTERS, 'roles/r/filter_plugins/more.py': "class FilterModule:\n    def filters(self):\n        return {'twice': lambda value: value * 2}\n", 'roles/r/tasks/main.yml': '[]' })
    expect(await message(`{{ 'a' | shout }} {{ 'ü' | shout('?', '.', k=1) }} {{ [1] | twice }}`, '  roles: [r]\n')).toBe('A! Ü?.k1 [1, 1]')
  })

  test('values keep their types there and back', async () => {
    stage.write({ 'filter_plugins/words.py': FILTERS })
    expect(await message(`{{ [1, 1.0, 1.5, 'x', none, true, {1: 2}, [3], (4, 5), 2 ** 60] | kinds | join(' ') }}`)).toBe('int float float str NoneType bool dict list tuple int')
    expect(await message(`{{ ([1, 1.0, 0.5, 'x', none, true, {1: {'a': 2}}, (4, 5), 2 ** 60] | same) == [1, 1.0, 0.5, 'x', none, true, {1: {'a': 2}}, (4, 5), 2 ** 60] }} {{ [1.0] | same }}`)).toBe('True [1.0]')
  })

  test('what is to be left out goes through them', async () => {
    stage.write({ 'filter_plugins/words.py': FILTERS })
    const played = await stage.play(`- hosts: h1\n  gather_facts: false\n  tasks:\n    - name: own\n      copy: {dest: "{{ out }}/x", content: a, validate: "{{ ({'validate': omit} | same).validate }}"}\n`)
    expect(played.status('own')).toBe('changed')
  })

  test('what a filter raises is told with its place; one built in is not hidden', async () => {
    stage.write({ 'filter_plugins/words.py': FILTERS.replace("'same'", "'upper'") })
    const played = await stage.play(shows(`{{ '' | shout }}`))
    expect([played.status('own'), String(played.result('own')['msg'])]).toEqual(['failed', expect.stringContaining('words.py: nothing to shout')])
    expect(await message(`{{ 'a' | upper }}`)).toBe('A')
  })

  test('one that is not there is an error up front, with what could not be loaded', async () => {
    stage.write({ 'filter_plugins/broken.py': 'import nowhere_to_be_found\n' })
    const failed: unknown = await stage.play(shows(`{{ 1 | missing }}`)).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(PlonerunError)
    expect([(failed as PlonerunError).message, (failed as PlonerunError).why]).toEqual(["there is no filter 'missing'", expect.stringContaining("broken.py: ModuleNotFoundError: No module named 'nowhere_to_be_found'")])
  })

  test('tests, also negated', async () => {
    stage.write({ 'test_plugins/t.py': "class TestModule:\n    def tests(self):\n        return {'short': lambda value, most=3: len(value) <= most}\n" })
    expect(await message(`{{ 'abc' is short }} {{ 'abc' is not short(2) }} {{ ['a', 'abcd'] | select('short') | list }}`)).toBe("True True ['a']")
  })

  test('a lookup finds files, sees variables, and loops', async () => {
    stage.write({
      'lookup_plugins/nearby.py': `
from ansible.plugins.lookup import LookupBase
from ansible.errors import AnsibleError
DOCUMENTATION = ''

class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        self.set_options(var_options=variables, direct=kwargs)
        if 'nothing' in variables:
            raise AnsibleError('it is there')
        found = [self.find_file_in_search_path(variables, 'files', term) for term in terms]
        return [open(path).read().strip() + variables['name'] + variables.get('other', '-') + self.get_option('end') for path in found]
`,
      'files/x': 'content\n',
    })
    const vars = `  vars: {name: "{{ 'a' ~ 'b' }}"}\n`
    expect(await message(`{{ lookup('nearby', 'x', end='.') }} {{ query('nearby', 'x', 'x', end='') | length }}`, vars)).toBe('contentab-. 2')
    const failed = await stage.play(shows(`{{ lookup('nearby', 'y', end='') }}`, vars))
    expect(String(failed.result('own')['msg'])).toContain('nearby.py: there is no file y')
  })

  test('secrets stay secrets', async () => {
    stage.write({ 'filter_plugins/words.py': FILTERS, 'lookup_plugins/tells.py': 'from ansible.plugins.lookup import LookupBase\nclass LookupModule(LookupBase):\n    def run(self, terms, variables=None, **kwargs):\n        return [variables["word"] + terms[0]]\n' })
    const played = await stage.play(shows(`{{ word | shout }} {{ lookup('tells', 'x') }}`, `  vars: {word: "{{ 'geheimes' | unvault('') }}"}\n`))
    expect(played.status('own')).toBe('ok')
    expect(JSON.stringify(played.events)).not.toMatch(/geheimes(x|")|GEHEIMES/)
  })

  test('those of a collection, by their full names, with what they import from it', async () => {
    stage.write({
      'collections/ansible_collections/my/own/plugins/filter/words.py': "from ansible_collections.my.own.plugins.module_utils.marks import MARK\nfrom ..module_utils import marks\n\nclass FilterModule:\n    def filters(self):\n        return {'marked': lambda value: value + MARK}\n",
      'collections/ansible_collections/my/own/plugins/module_utils/marks.py': "MARK = '#'\n",
    })
    expect(await message(`{{ 'a' | my.own.marked }}`)).toBe('a#')
    await expect(stage.play(shows(`{{ 'a' | marked }}`))).rejects.toThrow("there is no filter 'marked'")
  })

  test('check mode: what is unknown is not given to them', async () => {
    stage.write({ 'filter_plugins/words.py': FILTERS })
    const played = await stage.play('- hosts: h1\n  gather_facts: false\n  tasks:\n    - {shell: id, register: it}\n    - name: own\n      debug: {msg: "{{ it.stdout | shout }}"}\n', { check: true })
    expect(played.status('own')).not.toBe('failed')
  })
})

test('without python3 it is said so', () => {
  stage.write({ 'f/words.py': FILTERS, 'bin/note': 'Without any program but the one that makes pipes.' })
  symlinkSync('/usr/bin/mkfifo', join(stage.folder, 'bin/mkfifo'))
  const path = process.env['PATH']
  process.env['PATH'] = join(stage.folder, 'bin')
  try {
    const own = createPythonPlugins(() => [join(stage.folder, 'f')])
    const failed = catching(() => createTemplating({ own }).check({ expression: 'a | shout', position: { file: 'f', line: 1, column: 1 } }))
    expect([failed.message, failed.why]).toEqual(["there is no filter 'shout'", expect.stringContaining('words.py needs python3 on this machine, which is not there or has ended')])
  } finally {
    process.env['PATH'] = path
  }
})

function catching(run: () => void): PlonerunError {
  try {
    run()
  } catch (error) {
    if (error instanceof PlonerunError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
