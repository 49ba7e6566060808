/** The whole program, run as a person runs it, on this machine only. */
import { once } from 'node:events'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { temporaryFolder } from '../../support/folder.ts'
import { launcher, plonerun, runToEnd } from '../../support/plonerun.ts'

let folder: string

// The launcher builds when sources have changed, and says so once.
beforeAll(() => plonerun('--version'), 60_000)

beforeEach(() => {
  folder = temporaryFolder()
})

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const inventory = (): string => file('hosts', '[web]\nweb1\nweb2\n[web:vars]\nansible_connection=local\nport=80\n')

test('version and help', async () => {
  expect((await plonerun('--version')).output).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect((await plonerun()).output).toContain('Usage: plonerun COMMAND')
  expect((await plonerun('help', 'run')).output).toContain('Usage: plonerun run [options] <playbook...>')
})

test('a misspelt command or option', async () => {
  expect(await plonerun('deplyo')).toEqual({ code: 5, output: "plonerun: there is no command 'deplyo'\ndid you mean 'plonerun deploy'?\n" })
  expect(await plonerun('run', '--chekc', 'x.yml')).toEqual({ code: 5, output: "error: unknown option '--chekc'\n(Did you mean --check?)\n" })
})

test('eval: JSON, a host, and an error with a suggestion', async () => {
  expect(await plonerun('eval', '{{ [4 / 2, "ä"] }}')).toEqual({ code: 0, output: '[2.0, "ä"]\n' })
  expect(await plonerun('eval', '{{ inventory_hostname }} {{ port }} {{ groups.web }}', '-i', inventory(), '--host', 'web2')).toEqual({ code: 0, output: `"web2 80 ['web1', 'web2']"\n` })
  const missing = await plonerun('eval', '{{ prot }}', '-i', inventory(), '--host', 'web2')
  expect(missing.code).toBe(1)
  expect(missing.output).toContain("'prot' is undefined")
  expect(missing.output).toContain("did you mean 'port'?")
})

test('a warning is said once, however many hosts and tasks come by', async () => {
  const playbook = file('play.yml', `- hosts: all
  gather_facts: false
  vars: {odd: "{{ 'maybe' | bool }}"}
  tasks:
    - {name: one, debug: {msg: "{{ odd }}"}}
    - {name: two, debug: {msg: "{{ odd }}"}}
`)
  const { code, output } = await plonerun('run', playbook, '-i', inventory())
  expect(code).toBe(0)
  expect(output.match(/takes 'maybe' for false/g)).toHaveLength(1)
})

test('NODE_EXTRA_CA_CERTS, which the launcher keeps from Node, is there for what is started', async () => {
  const certificates = join(folder, 'missing.pem')
  const { output } = await runToEnd('env', [`NODE_EXTRA_CA_CERTS=${certificates}`, launcher, 'exec', 'web1', '-i', inventory(), '-a', 'printenv NODE_EXTRA_CA_CERTS PLONERUN_EXTRA_CA_CERTS'])
  expect(output).toMatch(new RegExp(`^ *${certificates}$`, 'm'))
  // What Node itself says of a file that it cannot read.
  expect(output).not.toContain('Ignoring extra certs')
})

test('exit codes: failed, changed, and a pattern that matches nothing', async () => {
  const run = (...args: string[]) => plonerun('exec', 'web1', '-i', inventory(), '-m', 'command', '-a', ...args)
  expect((await run('true')).code).toBe(0)
  expect((await run('true', '--exit-changed')).code).toBe(10)
  expect((await run('false')).code).toBe(2)
  const missed = await plonerun('exec', 'wbe', '-i', inventory(), '-a', 'true')
  expect(missed).toEqual({ code: 1, output: "no host matches 'wbe'\nhint: did you mean 'web'?\n" })
})

test('exec: how long it may take, the background, and the hosts it would run on', async () => {
  const run = (...args: string[]) => plonerun('exec', 'web', '-i', inventory(), '-l', 'web1', ...args)
  expect((await run('-a', 'sleep 9', '--task-timeout', '1')).output).toContain('Timed out after 1 second')
  expect((await run('-a', 'true', '-B', '60', '-P', '0')).output).toContain('ansible_job_id')
  expect(await run('--list-hosts')).toEqual({ code: 0, output: '  hosts (1):\n    web1\n' })
  expect((await plonerun('exec', ',,', '-i', inventory(), '--list-hosts', '-l', ',')).output).toContain('hosts (2)')
  expect((await plonerun('exec', 'all', '-i', inventory(), '-a', 'true', '-l', `@${folder}`)).output).toContain('must be a file')
})

test('a key that stands twice is a warning, or what the setting says', async () => {
  const playbook = file('twice.yml', '- hosts: localhost\n  gather_facts: false\n  vars: {a: 1, a: 2}\n  tasks: [{debug: {msg: "{{ a }}"}}]\n')
  const run = (setting = 'warn') => {
    file('ansible.cfg', `[defaults]\nduplicate_dict_key = ${setting}\n`)
    return runToEnd(launcher, ['run', playbook], folder)
  }
  const told = "Found duplicate mapping key 'a'"
  expect((await run()).output).toContain(told)
  expect((await run('ignore')).output).not.toContain(told)
  const refused = await run('error')
  expect([refused.code, refused.output.split('\n')[0]]).toEqual([1, `${told}: the last one holds`])
})

test('exec with a playbook folder finds the roles beside it', async () => {
  mkdirSync(join(folder, 'roles/told/tasks'), { recursive: true })
  file('roles/told/tasks/main.yml', '- debug: {msg: "of {{ playbook_dir }}"}\n')
  const { code, output } = await plonerun('exec', 'web1', '-i', inventory(), '-m', 'include_role', '-a', 'name=told', '--playbook-dir', folder)
  expect(code).toBe(0)
  expect(output).toContain(`of ${folder}`)
})

test('a playbook that is wrong is one error with its lines, and nothing runs', async () => {
  const playbook = file('site.yml', '- hosts: web\n  tasks:\n    - name: first\n      command: touch ' + join(folder, 'touched') + '\n    - name: second\n      comand: ls\n')
  const { code, output } = await plonerun('run', playbook, '-i', inventory())
  expect(code).toBe(1)
  expect(output).toContain('site.yml:6:7')
  expect(output).toContain('comand: ls')
  expect(output).toContain("did you mean 'command'?")
  expect(statSync(join(folder, 'touched'), { throwIfNoEntry: false })).toBeUndefined()
})

test('what is listed, and what is not run', async () => {
  const playbook = file('site.yml', '- hosts: web\n  name: sites\n  gather_facts: false\n  tasks:\n    - {name: one, command: ls, tags: [a]}\n    - {name: two, command: ls, tags: "{{ which }}"}\n  vars: {which: [b]}\n')
  const { code, output } = await plonerun('run', playbook, '-i', inventory(), '--list-tasks', '--list-hosts', '--tags', 'b', '-l', 'web2')
  expect(code).toBe(0)
  expect(output.slice(output.indexOf('play #1'))).toMatchInlineSnapshot(`
    "play #1 (web): sites	TAGS: []
        pattern: ['web']
        hosts (1):
          web2
        tasks:
          two	TAGS: [b]

    "
  `)
  expect((await plonerun('run', playbook, '-i', inventory(), '--syntax-check')).code).toBe(0)
})

test('which tags there are, and that an empty one is that of no task', async () => {
  const playbook = file('site.yml', '- hosts: localhost\n  gather_facts: false\n  tasks:\n    - {name: one, debug: {msg: x}, tags: [a]}\n    - {name: two, debug: {msg: x}, tags: [never, b]}\n    - {name: three, debug: {msg: x}, tags: always}\n')
  expect((await plonerun('run', playbook, '--list-tags')).output).toContain('TASK TAGS: [a, always, b, never]')
  expect((await plonerun('run', playbook, '--tags', '')).output).toContain('localhost  ok=1 ')
})

test('facts are kept from run to run where the settings say so', async () => {
  file('ansible.cfg', '[defaults]\nfact_caching = jsonfile\nfact_caching_connection = facts\nfact_caching_prefix = p_\n')
  const keeps = file('keeps.yml', '- hosts: web1\n  gather_facts: false\n  tasks: [{set_fact: {colour: red, cacheable: true}}]\n')
  const sees = file('sees.yml', '- hosts: web1\n  gather_facts: false\n  tasks: [{debug: {msg: "saw {{ colour | default(\'nothing\') }}"}}]\n')
  const run = (...args: readonly string[]) => runToEnd(launcher, ['run', ...args, '-i', inventory()], folder)
  expect((await run(keeps)).code).toBe(0)
  expect(readFileSync(join(folder, 'facts/p_web1'), 'utf8')).toBe('{"colour": "red"}')
  expect((await run(sees)).output).toContain('saw red')
  expect((await run(sees, '--flush-cache')).output).toContain('saw nothing')
})

test('deploy runs the playbook that the inventory names', async () => {
  const hosts = inventory()
  file('mine.yml', '- hosts: web\n  gather_facts: false\n  tasks: [{name: mine, debug: {msg: "this one"}}]\n')
  mkdirSync(join(folder, 'group_vars'))
  file('group_vars/all.yml', 'plonerun_playbook: mine.yml\n')
  const { code, output } = await plonerun('deploy', hosts)
  expect(code).toBe(0)
  expect(output).toContain('this one')
  file('group_vars/all.yml', 'plonerun_playbook: nobodys.yml\n')
  const missing = await plonerun('deploy', hosts)
  expect(missing.code).toBe(1)
  expect(missing.output).toContain("there is no playbook 'nobodys.yml'")
  expect(missing.output).toContain('group_vars/all.yml:1:1')
})

test('inventory: a tree, and where a variable comes from', async () => {
  const hosts = inventory()
  expect((await plonerun('inventory', '-i', hosts, '--graph')).output).toMatchInlineSnapshot(`
    "@all:
      |--@ungrouped:
      |--@web:
      |  |--web1
      |  |--web2
    "
  `)
  const { output } = await plonerun('inventory', '-i', hosts, '--host', 'web1', '-e', 'port=81')
  expect(output).toMatch(/^port +"81" +--extra-vars$/m)
  expect(output).toMatch(/^ +instead of 80 +.*hosts/m)
})

test('json: a line an event', async () => {
  const { code, output } = await plonerun('exec', 'web', '-i', inventory(), '-a', 'echo hi', '--output', 'json')
  expect(code).toBe(0)
  const types = output.trimEnd().split('\n').map((line) => (JSON.parse(line) as { type: string }).type)
  expect(types).toEqual(['run-started', 'play-started', 'task-started', 'task-ended', 'task-ended', 'run-ended'])
})

test('vault: there and back, and a wrong password', async () => {
  const password = file('password', 'one\n')
  const secret = file('secret.yml', 'a: 1\n')
  expect((await plonerun('vault', 'encrypt', secret, '--vault-password-file', password)).code).toBe(0)
  expect(readFileSync(secret, 'utf8')).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n/)
  expect((await plonerun('vault', 'view', secret, '--vault-password-file', password)).output).toBe('a: 1\n')
  const renewed = file('renewed', 'two\n')
  expect((await plonerun('vault', 'rekey', secret, '--vault-password-file', password, '--new-vault-password-file', renewed)).code).toBe(0)
  const wrong = await plonerun('vault', 'decrypt', secret, '--vault-password-file', password)
  expect(wrong.code).toBe(1)
  expect(wrong.output).toContain('the vault password is wrong')
  expect((await plonerun('vault', 'decrypt', secret, '--vault-password-file', renewed)).code).toBe(0)
  expect(readFileSync(secret, 'utf8')).toBe('a: 1\n')
})

test('doc: a module, and a misspelt one', async () => {
  const { output } = await plonerun('doc', 'group')
  expect(output).toContain('ansible.builtin.group')
  expect(output).toMatch(/^ {2}name +.*\(str; required/m)
  expect(await plonerun('doc', 'gruop')).toEqual({ code: 1, output: "there is no module 'gruop'\nhint: did you mean 'group'?\n" })
})

test('what is bundled loads parts of Node when it needs them: uri asks', async () => {
  const server = createServer((_, answer) => answer.end('hello')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    expect(await plonerun('exec', 'web1', '-i', inventory(), '-m', 'uri', '-a', `url=http://127.0.0.1:${port}/`)).toMatchObject({ code: 0, output: expect.stringContaining('status: 200') as string })
  } finally {
    server.close()
  }
})
