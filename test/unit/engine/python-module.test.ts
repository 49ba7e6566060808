/** Modules in Python of library/: AnsibleModule and its arguments, what they import, check mode, errors. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage(['h1'])
})
afterEach(() => stage.end())

const call = (module: string, args: string, more = ''): string => `- hosts: h1\n  gather_facts: false\n  tasks:\n    - name: own\n      ${module}: ${args}\n      register: answer\n${more}`

const KEEP = `#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule

def main():
    module = AnsibleModule(argument_spec=dict(path=dict(type='path', required=True), text=dict(aliases=['content']), mode=dict(type='raw'), secret=dict(no_log=True)), supports_check_mode=True)
    path, text = module.params['path'], module.params['text'] or ''
    try:
        changed = open(path).read() != text
    except IOError:
        changed = True
    if changed and not module.check_mode:
        with open(path, 'w') as file:
            file.write(text)
    if not module.check_mode:
        changed = module.set_mode_if_different(path, module.params['mode'], changed)
    module.exit_json(changed=changed, path=path, told='it is %s' % module.params['secret'])

if __name__ == '__main__':
    main()
`

test('one that uses AnsibleModule changes, then changes nothing, foretells it in check mode, and leaves nothing behind', async () => {
  stage.write({ 'library/keep.py': KEEP })
  const before = readdirSync(tmpdir()).filter((name) => /^(tmp\.|ansible)/.test(name))
  const play = call('keep', '{path: "{{ out }}/x", content: "it\'s", mode: "u=rw,go=", secret: hush}')
  const foretold = await stage.play(play, { check: true })
  expect(foretold.status('own')).toBe('changed')
  expect(existsSync(join(stage.out, 'x'))).toBe(false)
  const first = await stage.play(play)
  expect(first.status('own')).toBe('changed')
  expect(first.result('own')).toMatchObject({ changed: true, path: join(stage.out, 'x'), told: 'it is ********', invocation: { module_args: { text: "it's", secret: 'VALUE_SPECIFIED_IN_NO_LOG_PARAMETER' } } })
  expect(readFileSync(join(stage.out, 'x'), 'utf8')).toBe("it's")
  expect((await stage.play(play)).status('own')).toBe('ok')
  expect((await stage.play(play, { check: true })).status('own')).toBe('ok')
  expect(readdirSync(tmpdir()).filter((name) => /^(tmp\.|ansible)/.test(name))).toEqual(before)
})

test('one learns which Ansible it runs in, and spells keys so that they can be spelt back', async () => {
  stage.write({
    'library/tell.py': `from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.ansible_release import __version__
from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
AnsibleModule({}).exit_json(version=__version__, keys=list(camel_dict_to_snake_dict({'TOPKey': 1, '_own': 2}, reversible=True)))
`,
  })
  expect((await stage.play(call('tell', '{}'))).result('own')).toMatchObject({ version: '2.19.14', keys: ['t_o_p_key', '_own'] })
})

test('one that knows no check mode is skipped in it', async () => {
  stage.write({ 'library/act.py': `from ansible.module_utils.basic import AnsibleModule\nmodule = AnsibleModule({})\nopen('${stage.out}/x', 'w')\nmodule.exit_json(changed=True)\n` })
  const played = await stage.play(call('act', '{}'), { check: true })
  expect([played.status('own'), played.result('own')['msg']]).toEqual(['skipped', 'remote module (act) does not support check mode'])
  expect(readdirSync(stage.out)).toEqual([])
})

test('one that fails in check mode since something before it was not done is unknown', async () => {
  stage.write({ 'library/needs.py': `import os\nfrom ansible.module_utils.basic import AnsibleModule\nmodule = AnsibleModule({}, supports_check_mode=True)\nif not os.path.exists('${stage.out}/x'):\n    module.fail_json(msg='x is missing')\nmodule.exit_json()\n` })
  const play = `- hosts: h1\n  gather_facts: false\n  tasks:\n    - command: touch ${stage.out}/x\n    - name: own\n      needs:\n`
  expect((await stage.play(play, { check: true })).status('own')).toBe('unknown')
  expect((await stage.play(play)).status('own')).toBe('ok')
  rmSync(join(stage.out, 'x'))
  expect((await stage.play(call('needs', '{}'), { check: true })).status('own')).toBe('failed')
})

test('module_utils beside the role and beside the playbook are imported, as are packages', async () => {
  stage.write({
    'module_utils/shared.py': 'NAME = "of the playbook"\n',
    'roles/r/module_utils/mine/__init__.py': 'from ansible.module_utils.mine.inner import WORD\n',
    'roles/r/module_utils/mine/inner.py': 'WORD = "inner"\n',
    'roles/r/library/say.py': 'from ansible.module_utils.basic import *\nfrom ansible.module_utils.mine import WORD\nfrom ansible.module_utils import shared\nAnsibleModule(argument_spec={}).exit_json(said=[WORD, shared.NAME])\n',
    'roles/r/tasks/main.yml': '- name: own\n  say:\n',
  })
  const played = await stage.play('- hosts: h1\n  gather_facts: false\n  roles: [r]\n')
  expect(played.result('r : own')['said']).toEqual(['inner', 'of the playbook'])
})

test('modules of collections, by their full name or by the collections of the play, with what they import of each other', async () => {
  const collection = 'collections/ansible_collections/my'
  stage.write({
    [`${collection}/tools/plugins/modules/say.py`]: 'from ..module_utils.words import WORD\nfrom ansible_collections.my.other.plugins.module_utils.more import MORE\nfrom ansible.module_utils.basic import AnsibleModule\nAnsibleModule({}).exit_json(said=WORD + MORE)\n',
    [`${collection}/tools/plugins/module_utils/words.py`]: 'from .inner import WORD\n',
    [`${collection}/tools/plugins/module_utils/inner.py`]: 'WORD = "in"\n',
    [`${collection}/other/plugins/module_utils/more.py`]: 'MORE = "ner"\n',
  })
  expect((await stage.play(call('my.tools.say', '{}'))).result('own')['said']).toBe('inner')
  expect((await stage.play(call('say', '{}', '      collections: [my.tools]\n'))).result('own')['said']).toBe('inner')
})

test('what starts in a folder that is gone stands somewhere', async () => {
  stage.write({ 'library/lost.py': 'import os, tempfile\nfrom ansible.module_utils.basic import AnsibleModule\nfolder = tempfile.mkdtemp()\nos.chdir(folder)\nos.rmdir(folder)\nmodule = AnsibleModule({})\nmodule.exit_json(here=os.getcwd())\n' })
  expect((await stage.play(call('lost', '{}'))).result('own')['here']).toMatch(/^\//)
})

test('what it warns of is told, and kept in its result', async () => {
  stage.write({ 'library/careful.py': "from ansible.module_utils.basic import AnsibleModule\nmodule = AnsibleModule({})\nmodule.warn('take care')\nmodule.deprecate('old', version='3.0')\nmodule.exit_json()\n" })
  const played = await stage.play(call('careful', '{}'))
  expect(played.result('own')).toMatchObject({ changed: false, warnings: ['take care'], deprecations: [{ msg: 'old', version: '3.0' }] })
  expect(played.events.find((event) => event.type === 'note')).toMatchObject({ level: 'warning', message: 'take care' })
})

test('a program in Python that uses nothing of Ansible', async () => {
  stage.write({ 'library/plain.py': '#!/usr/bin/env python\n# WANT_JSON\nimport json, sys\nargs = json.load(open(sys.argv[1]))\nprint(json.dumps({"changed": False, "sum": sum(args["numbers"])}))\n' })
  expect((await stage.play(call('plain', '{numbers: [1, 2, 39]}'))).result('own')['sum']).toBe(42)
})

test.each([
  ['import ansible.module_utils.urls', /wants ansible\.module_utils\.urls, which plonerun has no stand-in for/],
  ['import no_such_library', /No module named 'no_such_library'/],
  ['1 / 0', /ended with ZeroDivisionError: division by zero/],
  ['import sys; sys.exit("it is over")', /gave no answer/],
  ['AnsibleModule({"n": {"type": "int"}}, required_one_of=[["n", "m"]])', /one of the following is required: n, m/],
  ['AnsibleModule({}).run_command("false", check_rc=True)', /Command failed/],
])('what goes wrong in %s is told', async (text, wanted) => {
  stage.write({ 'library/wrong.py': `from ansible.module_utils.basic import AnsibleModule\n${text}\n` })
  const played = await stage.play(call('wrong', '{}'))
  expect(played.status('own')).toBe('failed')
  expect(played.result('own')['msg']).toMatch(wanted)
})

test('a host without Python says so; the interpreter that the inventory names comes first', async () => {
  stage.write({ 'library/where.py': 'import sys\nfrom ansible.module_utils.basic import AnsibleModule\nAnsibleModule({}).exit_json(where=sys.argv, name=sys.executable)\n', 'python-of-mine': `#!/bin/sh\nexec "${execFileSync('sh', ['-c', 'command -v python3'], { encoding: 'utf8' }).trim()}" -X utf8 "$@"\n` })
  execFileSync('chmod', ['755', join(stage.folder, 'python-of-mine')])
  const played = await stage.play(call('where', '{}', `      vars: {ansible_python_interpreter: "{{ playbook_dir }}/python-of-mine"}\n`))
  expect(played.result('own')['where']).toEqual([join(stage.folder, 'library/where.py')])
})

describe('arguments', () => {
  const SPEC = `from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule(argument_spec=dict(
    name=dict(required=True, aliases=['pkg']), state=dict(choices=['present', 'absent'], default='present'), n=dict(type='int'), b=dict(type='bool'), items=dict(type='list', elements='int'),
    d=dict(type='dict'), size=dict(type='bytes'), sub=dict(type='dict', options=dict(a=dict(type='int', required=True), z=dict(default='zz'))), one=dict(), two=dict(), third=dict()),
    mutually_exclusive=[['one', 'two']], required_together=[['two', 'third']], required_if=[('state', 'absent', ['n'])], required_by={'one': 'n'})
module.exit_json(params=module.params)
`
  test.each([
    ['{pkg: x, n: "5", b: "yes", items: "1,2", d: "a=1 b=\'2 3\'", size: 1K}', { name: 'x', state: 'present', n: 5, b: true, items: [1, 2], d: { a: '1', b: '2 3' }, size: 1024, sub: null }],
    ['{name: 5, sub: {a: "1"}, d: \'{"k": [1]}\'}', { name: '5', sub: { a: 1, z: 'zz' }, d: { k: [1] } }],
  ])('%s are taken', async (args, wanted) => {
    stage.write({ 'library/probe.py': SPEC })
    expect((await stage.play(call('probe', args))).result('own')['params']).toMatchObject(wanted)
  })

  test.each([
    ['{}', 'missing required arguments: name'],
    ['{name: x, n: five}', `argument 'n' is of type str and we were unable to convert to int: "'five'" cannot be converted to an int`],
    ['{name: x, items: [a]}', `Elements value for option 'items' is of type str and we were unable to convert to int: "'a'" cannot be converted to an int`],
    ['{name: x, state: gone}', 'value of state must be one of: present, absent, got: gone'],
    ['{name: x, other: 1}', 'Unsupported parameters for (probe) module: other. Supported parameters include: b, d, items, n, name, one, size, state, sub, third, two (pkg).'],
    ['{name: x, sub: {}}', 'missing required arguments: a found in sub'],
    ['{name: x, sub: {a: 1, q: 2}}', 'Unsupported parameters for (probe) module: sub.q. Supported parameters include: a, z.'],
    ['{name: x, one: 1, two: 2}', 'parameters are mutually exclusive: one|two'],
    ['{name: x, two: 1}', 'parameters are required together: two, third'],
    ['{name: x, state: absent}', 'state is absent but all of the following are missing: n'],
    ['{name: x, one: 1}', "missing parameter(s) required by 'one': n"],
  ])('%s are refused', async (args, wanted) => {
    stage.write({ 'library/probe.py': SPEC })
    const played = await stage.play(call('probe', args))
    expect([played.status('own'), played.result('own')['msg']]).toEqual(['failed', wanted])
  })
})
