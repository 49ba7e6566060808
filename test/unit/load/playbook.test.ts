import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLoader, type LoaderOptions } from '../../../src/load/loader.ts'
import { positionOf } from '../../../src/values/positions.ts'
import type { Condition, Text } from '../../../src/load/tree/keywords.ts'
import type { Play } from '../../../src/load/tree/play.ts'
import type { Statement, Task } from '../../../src/load/tree/task.ts'
import { Template } from '../../../src/values/template.ts'
import type { Value } from '../../../src/values/value.ts'
import { errorText, tree } from './tree.ts'

const MODULES = ['command', 'shell', 'ping', 'copy', 'debug', 'include_tasks', 'import_tasks', 'include_role', 'import_role', 'import_playbook', 'include', 'meta', 'file', 'set_fact']
const known = (name: string) => MODULES.includes(name.replace(/^ansible\.builtin\./, ''))
const modules = { known, all: () => MODULES }

function load(files: Readonly<Record<string, string>>, options: LoaderOptions = {}): { plays: readonly Play[]; root: string; loader: ReturnType<typeof createLoader> } {
  const root = tree(files)
  const loader = createLoader({ modules, rolesPath: [], collectionsPath: [join(root, 'deps')], ...options })
  return { plays: loader.loadPlaybook(join(root, 'site.yml')).plays, root, loader }
}

/** The tasks of a playbook `- hosts: all, tasks: ...`. */
const tasksOf = (tasks: string) => load({ 'site.yml': `- hosts: all\n  gather_facts: no\n  tasks:\n${tasks.replaceAll(/^/gm, '    ')}` }).plays[0]!.tasks
const taskOf = (task: string) => tasksOf(task)[0] as Task

const text = (value: Text | undefined) => (value instanceof Template ? value.source : value)
const condition = ({ expression }: Condition) => String(expression instanceof Template ? expression.source : expression)

/** A tree of statements, one a line. */
function show(statements: readonly Statement[], indent = ''): string[] {
  return statements.flatMap((statement) => {
    if (statement.kind === 'block') {
      const section = (name: string, list: readonly Statement[]) => (list.length === 0 ? [] : [`${indent}${name}`, ...show(list, `${indent}  `)])
      return [...section('block', statement.block), ...section('rescue', statement.rescue), ...section('always', statement.always)]
    }
    const parts = [statement.role?.name, text(statement.name), statement.module.replace('ansible.builtin.', ''), statement.tags.length > 0 && `[${statement.tags.map(text).join(' ')}]`]
    const when = statement.when.map(condition).join(' and ')
    const marks = [when && `when ${when}`, statement.become !== undefined && `become ${text(statement.become as Text)}`, statement.vars.size > 0 && `vars ${[...statement.vars.keys()].map((name) => name as string).join(' ')}`]
    return [`${indent}${[...parts, ...marks].filter((part) => part !== undefined && part !== false && part !== '').join(' ')}`]
  })
}

test('the ways to call a module', () => {
  const call = (task: string) => {
    const { module, args, delegateTo } = taskOf(task)
    return { module, args: Object.fromEntries(args) as Record<string, Value>, ...(delegateTo !== undefined && { delegateTo }) }
  }
  expect(call('- copy: {src: a, dest: b}')).toEqual({ module: 'copy', args: { src: 'a', dest: 'b' } })
  expect(call('- ansible.builtin.copy: src=a dest="b c"')).toEqual({ module: 'ansible.builtin.copy', args: { src: 'a', dest: 'b c' } })
  expect(call('- command: echo hi creates=/x')).toEqual({ module: 'command', args: { _raw_params: 'echo hi', creates: '/x' } })
  expect(call('- command: echo\n  args: {chdir: /tmp, _raw_params: no}')).toEqual({ module: 'command', args: { _raw_params: 'echo', chdir: '/tmp' } })
  expect(call('- action: copy src=a dest=b')).toEqual({ module: 'copy', args: { src: 'a', dest: 'b' } })
  expect(call('- action: {module: copy, src: a, args: {dest: b}}')).toEqual({ module: 'copy', args: { src: 'a', dest: 'b' } })
  expect(call('- local_action: command ls -l')).toEqual({ module: 'command', args: { _raw_params: 'ls -l' }, delegateTo: 'localhost' })
  expect(call('- ping:')).toEqual({ module: 'ping', args: {} })
})

test('templates in arguments know their places', () => {
  const { args, argsTemplate } = taskOf("- copy: dest=/a/{{ b }} src='{{ c }}'\n  args: '{{ more }}'")
  expect(args.get('dest')).toMatchObject({ source: '/a/{{ b }}', position: { line: 4, column: 18 } })
  expect(args.get('src')).toMatchObject({ source: '{{ c }}', position: { line: 4, column: 34 } })
  expect(argsTemplate).toMatchObject({ source: '{{ more }}', position: { line: 5, column: 14 } })
  const command = taskOf('- command: echo {{ x }} chdir={{ y }}')
  expect(command.args.get('_raw_params')).toMatchObject({ source: 'echo {{ x }}', position: { line: 4, column: 16 } })
  expect(command.args.get('chdir')).toMatchObject({ source: '{{ y }}', position: { line: 4, column: 35 } })
})

test('where arguments of the task and of args stand', () => {
  const { args } = taskOf('- copy: {src: a}\n  args:\n    dest: b')
  expect(positionOf(args, 'src')).toMatchObject({ line: 4, column: 14 })
  expect(positionOf(args, 'dest')).toMatchObject({ line: 6, column: 9 })
})

test('keywords of a task, typed', () => {
  const task = taskOf(
    '- name: 12\n  command: x\n  when: [a == 1, no, "{{ b }}"]\n  register: out\n  until: out is ok\n  retries: "4"\n  delay: "{{ d }}"\n  become: "yes"\n  become_user: root\n  tags: a, b\n  notify: one\n  environment: {A: 1}\n  changed_when: false\n  failed_when: [x, y]\n  async: 10\n  poll: 0\n  throttle: 2\n  ignore_errors: "{{ i }}"\n',
  )
  expect(task).toMatchObject({ name: '12', register: 'out', retries: 4, delay: { source: '{{ d }}' }, become: true, becomeUser: 'root', tags: ['a', 'b'], notify: ['one'], async: 10, poll: 0, throttle: 2, ignoreErrors: { source: '{{ i }}' } })
  expect(task.when.map(condition)).toEqual(['a == 1', 'false', '{{ b }}'])
  expect(task.when[0]!.position).toMatchObject({ line: 6, column: 14 })
  expect(task.until!.map(condition)).toEqual(['out is ok'])
  expect(task.changedWhen!.map(condition)).toEqual(['false'])
  expect(task.environment).toEqual([new Map([['A', 1]])])
  expect('noLog' in task).toBe(false)
})

test('loops', () => {
  expect(taskOf('- ping:\n  loop: [1, 2]\n  loop_control: {loop_var: x, label: "{{ x }}", pause: 1.5, extended: yes}')).toMatchObject({
    loop: { lookup: null, items: [1, 2] },
    loopControl: { loopVar: 'x', label: { source: '{{ x }}' }, pause: 1.5, extended: true },
  })
  expect(taskOf('- ping:\n  with_community.general.flattened: "{{ a }}"')).toMatchObject({ loop: { lookup: 'community.general.flattened' }, loopControl: { loopVar: 'item' } })
})

test('blocks hand their keywords on: conditions, tags and variables add up, of others the innermost holds', () => {
  const tasks = tasksOf('- block:\n    - ping:\n      when: c\n      tags: t\n      vars: {v: 2, w: 3}\n    - block:\n        - ping:\n          become: no\n      when: d\n  rescue:\n    - debug:\n  always:\n    - ping:\n  when: [a, b]\n  tags: [s]\n  become: yes\n  vars: {v: 1}\n')
  expect(show(tasks)).toEqual([
    'block',
    '  ping [s t] when a and b and c become true vars v w',
    '  block',
    '    ping [s] when a and b and d become false vars v',
    'rescue',
    '  debug [s] when a and b become true vars v',
    'always',
    '  ping [s] when a and b become true vars v',
  ])
  const [first] = (tasks[0] as { block: readonly Statement[] }).block
  expect((first as Task).vars.get('v')).toBe(2)
})

const ROLE = {
  'roles/web/tasks/main.yml': '- import_tasks: more.yml\n  when: m\n  tags: imp\n  vars: {i: 1}\n- name: own\n  ping:\n  notify: restart\n',
  'roles/web/tasks/more.yml': '- ping:\n  name: more\n',
  'roles/web/handlers/main.yml': '- name: restart\n  ping:\n  listen: [web changed]\n',
  'roles/web/defaults/main.yml': 'd: 1\n',
  'roles/web/vars/main/a.yml': 'v: 1\n',
  'roles/web/vars/main/b.yml': 'v: 2\n',
  'roles/web/meta/main.yml': 'dependencies:\n  - base\n  - {role: base, tags: again, colour: red}\n',
  'roles/base/tasks/main.yaml': '- name: base\n  ping:\n',
  'roles/base/handlers/main.yml': '- name: base handler\n  ping:\n',
  'roles/base/meta/main.yml': 'allow_duplicates: yes\n',
}

test('roles: dependencies first, keywords and parameters of the entry, what surrounds them', () => {
  const { plays } = load({ ...ROLE, 'site.yml': '- hosts: all\n  become: yes\n  tags: play\n  pre_tasks: [{ping: }]\n  roles:\n    - {role: web, tags: [r], when: w, size: 80, vars: {e: 1}}\n  tasks: [{debug: }]\n  handlers:\n    - name: restart\n      ping:\n' })
  const [play] = plays
  expect(show(play!.roleTasks)).toEqual([
    'base base ping [play r] when w become true',
    'base meta [play r always] when w become true',
    'base base ping [play r again] when w become true',
    'base meta [play r again always] when w become true',
    'web more ping [play r imp] when w and m become true vars i',
    'web own ping [play r] when w become true',
    'web meta [play r always] when w become true',
  ])
  expect(play!.handlers.map(({ name, role }) => `${role?.name ?? 'play'} ${String(text(name))}`)).toEqual(['base base handler', 'base base handler', 'web restart', 'play restart'])
  const [first, second, web] = play!.roles
  expect([first, second, web].map((role) => `${role!.name} ${role!.parents.map(({ name }) => name).join()} ${String(role!.allowDuplicates)}`)).toEqual(['base web true', 'base web true', 'web  false'])
  expect(web).toMatchObject({ defaults: new Map([['d', 1]]), vars: new Map([['v', 2]]), params: new Map([['size', 80]]), entryVars: new Map([['e', 1]]), dependencies: [first, second] })
  expect(second!.params).toEqual(new Map([['colour', 'red']]))
  expect(first!.key).not.toBe(second!.key)
  expect(play!.handlers[2]!.listen).toEqual(['web changed'])
})

test('the same use of a role has the same key, another has another', () => {
  const { plays } = load({ 'roles/r/tasks/main.yml': '- ping:\n', 'site.yml': '- hosts: all\n  roles: [r, r, {role: r}, {role: r, x: 1}, {role: r, x: "{{ y }}"}, {role: r, when: z}]\n' })
  const keys = plays[0]!.roles.map(({ key }) => key)
  expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 0, 0, 3, 4, 5])
})

test('import_role: other files, public variables, handlers of the play', () => {
  const { plays } = load({
    ...ROLE,
    'roles/web/tasks/other.yml': '- name: other\n  ping:\n',
    'roles/web/defaults/alt.yml': 'd: alt\n',
    'site.yml': '- hosts: all\n  tasks:\n    - import_role:\n        name: web\n        tasks_from: other.yml\n        defaults_from: alt\n      when: x\n      vars: {q: 1}\n',
  })
  expect(show(plays[0]!.tasks).slice(-2)).toEqual(['web other ping when x vars q', 'web meta [always] when x vars q'])
  expect(plays[0]!.roles.at(-1)).toMatchObject({ name: 'web', public: true, fromInclude: true, allowDuplicates: true, defaults: new Map([['d', 'alt']]), entryVars: new Map([['q', 1]]) })
  expect(plays[0]!.handlers.map(({ name }) => name)).toEqual(['base handler', 'base handler', 'restart'])
})

test('a dash without a task is no task, and a loop over nothing no loop; tags of a list are whole', () => {
  const { plays } = load({ 'site.yml': '- hosts: all\n  tasks:\n    -\n    - ping:\n      loop:\n      tags: ["a, b"]\n    - ping:\n      tags: "a, b"\n' })
  const tasks = plays[0]!.tasks as readonly Task[]
  expect(tasks.map(({ loop, tags }) => [loop, tags])).toEqual([[undefined, ['a, b']], [undefined, ['a', 'b']]])
})

test('in a role its folder of tasks goes before those of files for an include, and before that of its first file for an import', () => {
  const { plays } = load({
    'roles/r/tasks/main.yml': '[]\n',
    'roles/r/tasks/y.yml': '- name: role\n  ping:\n',
    'roles/r/tasks/sub/x.yml': '- import_tasks: y.yml\n- import_tasks: only.yml\n',
    'roles/r/tasks/sub/y.yml': '- name: beside\n  ping:\n',
    'roles/r/tasks/sub/only.yml': '- name: only\n  ping:\n- import_tasks: y.yml\n',
    'roles/r/tasks/main2.yml': '- import_tasks: sub/only.yml\n',
    'site.yml': '- hosts: all\n  tasks:\n    - import_role: {name: r, tasks_from: sub/x}\n    - import_role: {name: r, tasks_from: main2}\n',
  })
  expect((plays[0]!.tasks as readonly Task[]).filter(({ implicit }) => !implicit).map(({ name }) => name)).toEqual(['role', 'only', 'beside', 'only', 'beside'])
})

test('argument specs make a task that checks them', () => {
  const { plays } = load({
    'roles/r/tasks/main.yml': '- ping:\n',
    'roles/r/meta/argument_specs.yml': 'argument_specs:\n  main:\n    short_description: it\n    options:\n      port: {type: int}\n',
    'site.yml': '- hosts: all\n  roles: [{role: r, port: 1}]\n',
  })
  const [check] = plays[0]!.roleTasks as Task[]
  expect(check).toMatchObject({ name: "Validating arguments against arg spec 'main' - it", module: 'ansible.builtin.validate_argument_spec', tags: ['always'], implicit: false })
  expect(check!.args.get('argument_spec')).toEqual(new Map([['port', new Map([['type', 'int']])]]))
})

test('roles of collections, by full and by short names', () => {
  const { plays } = load({
    'deps/ansible_collections/my/coll/roles/one/tasks/main.yml': '- import_role: {name: two}\n',
    'deps/ansible_collections/my/coll/roles/two/tasks/main.yml': '- ping:\n',
    'site.yml': '- hosts: all\n  roles: [my.coll.one]\n- hosts: all\n  collections: [my.coll]\n  roles: [two]\n',
  })
  expect(show(plays[0]!.roleTasks)).toEqual(['my.coll.two ping', 'my.coll.two meta [always]', 'my.coll.one meta [always]'])
  expect(plays[1]!.roles[0]).toMatchObject({ name: 'my.coll.two', collection: 'my.coll' })
})

test('names of static imports may use variables of the play', () => {
  const evaluate: LoaderOptions['evaluate'] = (template, vars) => template.source.replace(/\{\{ (\w+) \}\}/g, (_, name: string) => vars.get(name) as string)
  const { plays } = load({
    'tasks/debian.yml': '- ping:\n',
    'vars.yml': 'family: debian\n',
    'site.yml': '- hosts: all\n  vars_files: [vars.yml, [missing.yml, "{{ x }}.yml"]]\n  tasks:\n    - import_tasks: "tasks/{{ family }}.yml"\n',
  }, { evaluate })
  expect(show(plays[0]!.tasks)).toEqual(['ping'])
  expect(plays[0]!.varsFiles.map((names) => names.map(text))).toEqual([['vars.yml'], ['missing.yml', '{{ x }}.yml']])
})

test('import_playbook hands on variables, tags and conditions', () => {
  const { plays, root } = load({
    'site.yml': '- import_playbook: sub/one.yml\n  vars: {v: outer}\n  tags: t\n  when: w\n- hosts: all\n',
    'sub/one.yml': '- hosts: web\n  vars: {v: inner, u: 1}\n  tags: o\n  roles: [beside]\n',
    'sub/roles/beside/tasks/main.yml': '- ping:\n',
  })
  expect(plays.map(({ hosts }) => hosts)).toEqual([['web'], ['all']])
  expect(plays[0]!.vars).toEqual(new Map<string, unknown>([['v', 'outer'], ['u', 1]]))
  expect(show(plays[0]!.roleTasks)[0]).toBe('beside ping [t o] when w')
  expect(plays[0]!.file).toBe(join(root, 'sub/one.yml'))
})

test('keywords of a play', () => {
  const [play] = load({
    'site.yml': '- name: p\n  hosts: [a, "{{ b }}"]\n  user: deploy\n  gather_facts: no\n  gather_subset: ["!all", network]\n  serial: [1, "30%", "{{ n }}"]\n  strategy: free\n  max_fail_percentage: 20%\n  vars_prompt:\n    - name: pw\n    - {name: who, prompt: Who?, private: no, default: me}\n',
  }).plays
  expect(play).toMatchObject({ name: 'p', hosts: ['a', { source: '{{ b }}' }], keywords: { remoteUser: 'deploy' }, gatherFacts: false, gatherSubset: ['!all', 'network'], serial: [1, '30%', { source: '{{ n }}' }], strategy: 'free', maxFailPercentage: 20 })
  expect(play!.varsPrompt).toMatchObject([{ name: 'pw', prompt: 'pw', private: true }, { name: 'who', prompt: 'Who?', private: false, default: 'me' }])
})

test('include_tasks: its variables and apply reach what it brings, its own keywords do not', () => {
  const { plays, loader } = load({
    'site.yml': '- hosts: all\n  tasks:\n    - block:\n        - include_tasks: {file: sub/a.yml, apply: {tags: [ap], become: yes}}\n          when: once\n          tags: own\n          vars: {v: 1}\n      when: outer\n',
    'sub/a.yml': '- ping:\n  vars: {v: 2}\n- include_tasks: b.yml\n  vars: {u: 1}\n',
    'sub/b.yml': '- debug:\n',
  })
  const [play] = plays
  const [include] = (play!.tasks[0] as { block: readonly Statement[] }).block as readonly Task[]
  const first = loader.includeTasks(play!, include!, 'sub/a.yml', new Map([['item', 'x']]))
  expect(show(first.tasks)).toEqual(['ping [ap] when outer become true vars v item', 'include_tasks [ap] when outer become true vars v item u'])
  expect((first.tasks[0] as Task).includeVars).toEqual(new Map<string, unknown>([['v', 1], ['item', 'x']]))
  const second = loader.includeTasks(play!, first.tasks[1] as Task, 'b.yml')
  expect([...(second.tasks[0] as Task).includeVars.keys()]).toEqual(['v', 'item', 'u'])
})

test('include_role brings tasks, handlers and roles', () => {
  const { plays, loader } = load({ ...ROLE, 'site.yml': '- hosts: all\n  tasks:\n    - include_role: {name: web}\n      vars: {p: 1}\n' })
  const brought = loader.includeRole(plays[0]!, plays[0]!.tasks[0] as Task, { name: 'web' })
  expect(brought.roles.map(({ name, public: visible }) => `${name} ${String(visible)}`)).toEqual(['base true', 'base true', 'web false'])
  expect(brought.handlers.map(({ name }) => name)).toEqual(['base handler', 'base handler', 'restart'])
  expect(show(brought.tasks).at(-2)).toBe('web own ping vars p')
})

test('includes in handlers bring handlers', () => {
  const { plays, loader } = load({ 'site.yml': '- hosts: all\n  handlers:\n    - name: h\n      include_tasks: more.yml\n', 'more.yml': '- ping:\n  listen: x\n' })
  const [handler] = plays[0]!.handlers
  expect(loader.includeTasks(plays[0]!, handler!, 'more.yml').tasks).toMatchObject([{ kind: 'handler', listen: ['x'] }])
})

test('plays that the program makes', () => {
  const loader = createLoader({ modules })
  const [play] = loader.loadPlays([new Map<string, never>(Object.entries({ hosts: 'all', tasks: [new Map([['action', 'command uptime']])] }) as [string, never][])], 'command line')
  expect(show(play!.tasks)).toEqual(['command'])
})

const play = (body: string) => ({ 'site.yml': `- hosts: all\n${body}` })
const task = (body: string) => play(`  tasks:\n${body.replaceAll(/^/gm, '    ')}`)

test.each([
  ['a misspelt keyword of a play', play('  taks: []\n'), "'taks' is not a valid attribute for a Play\nsite.yml:2:3\nhint: did you mean 'tasks'?"],
  ['a module in a play', play('  command: x\n'), "'command' is not a valid attribute for a Play\nsite.yml:2:3\nhint: modules are called in tasks, which go under tasks:"],
  ['a keyword of tasks in a play', play('  register: x\n'), "'register' is not a valid attribute for a Play\nsite.yml:2:3\nhint: it can stand in a Task, a Handler"],
  ['a misspelt keyword of a task', task('- ping:\n  becoem: yes'), "'becoem' is not a valid attribute for a Task\nsite.yml:4:7\nhint: did you mean 'become'?"],
  ['a misspelt module', task('- name: x\n  comand: y'), "there is no module 'comand'\nsite.yml:4:7\nhint: did you mean 'command'?"],
  ['a misspelt module beside a misspelt keyword', task('- comand: y\n  becoem: yes'), "there is no module 'comand'\nsite.yml:3:7\nhint: did you mean 'command'?"],
  ['no module', task('- name: x'), 'this task calls no module\nsite.yml:3:7\nhint: a task names its module as a key, as in: ansible.builtin.command: uptime'],
  ['two modules', task('- ping:\n  debug:'), "this task calls two modules, 'ping' and 'debug'\nsite.yml:4:7\nhint: make two tasks of it, or check the indentation"],
  ['a task that is a text', task('- ping'), 'a task is a mapping, not the text \'ping\'\nsite.yml:3:7\nhint: a task names its module as a key, as in: ansible.builtin.command: uptime'],
  ['tasks that are no list', play('  tasks: {ping: }\n'), "A malformed block was encountered while loading tasks: a mapping should be a list or None\nsite.yml:2:10"],
  ['arguments of a wrong type', task('- ping: 5'), "'ping' takes a mapping of arguments, not 5\nsite.yml:3:13"],
  ['args of a wrong type', task('- ping:\n  args: [a]'), "'args' takes a mapping of arguments, not a list\nsite.yml:4:13"],
  ['an open quote in arguments', task("- copy: src='a"), "a quote is not closed: ' is missing\nsite.yml:3:13"],
  ['a flag of a wrong type', task('- ping:\n  become: perhaps'), "'become' takes yes or no, not the text 'perhaps'\nsite.yml:4:15"],
  ['a number of a wrong type', task('- ping:\n  retries: many'), "'retries' takes a number, not the text 'many'\nsite.yml:4:16"],
  ['a list for a text', task('- ping:\n  delegate_to: [a]'), "'delegate_to' takes a text, not a list\nsite.yml:4:20"],
  ['variables that are a list', task('- ping:\n  vars: [a]'), "'vars' takes a mapping of variables, not a list\nsite.yml:4:13"],
  ['a bad name of a variable', task('- ping:\n  vars: {a-b: 1}'), "Invalid variable name 'a-b'\nsite.yml:4:14\nwhy: names consist of letters, digits and underscores, and do not start with a digit"],
  ['a reserved name', task('- ping:\n  register: not'), "Invalid variable name 'not'\nsite.yml:4:17\nwhy: it is a word of the template language"],
  ['rescue without a block', task('- rescue: []\n  ping:'), "'rescue' needs a block\nsite.yml:3:7\nhint: put the tasks it belongs to under block:, at the same indentation"],
  ['register on a block', task('- block: [{ping: }]\n  register: x'), "'register' is not a valid attribute for a Block\nsite.yml:4:7\nhint: it can stand in a Task, a Handler"],
  ['a block as a handler', play('  handlers:\n    - block: []\n'), 'a block cannot be a handler\nsite.yml:3:7\nhint: let several handlers listen to the same topic'],
  ['listen on a task', task('- ping:\n  listen: x'), "'listen' is not a valid attribute for a Task\nsite.yml:4:7\nhint: it can stand in a Handler"],
  ['two loops', task('- ping:\n  loop: []\n  with_items: []'), "this task loops twice, with 'loop' and 'with_items'\nsite.yml:5:7"],
  ['a loop over a text', task('- ping:\n  loop: abc'), "'loop' takes a list, not the text 'abc'\nsite.yml:4:13\nhint: write with_dict: to loop over a mapping, or loop: \"{{ the_mapping | dict2items }}\""],
  ['a loop over nothing', task('- ping:\n  with_items:'), "'with_items' has nothing to loop over\nsite.yml:4:7"],
  ['loop_control', task('- ping:\n  loop: []\n  loop_control: {lop_var: x}'), "'lop_var' is not a valid attribute for loop_control\nsite.yml:5:22\nhint: did you mean 'loop_var'?"],
  ['no file of tasks', task('- import_tasks: nope.yml'), "there is no file of tasks 'nope.yml'\nsite.yml:3:21\nwhy: looked for nope.yml, tasks/nope.yml"],
  ['an import that loops', task('- import_tasks: x.yml\n  loop: [1]'), 'import_tasks cannot loop\nsite.yml:4:7\nhint: include_tasks can'],
  ['an import from a fact', task('- import_tasks: "{{ os }}.yml"'), 'the name of what is imported cannot be told: templates cannot be used here\nsite.yml:3:22\nhint: an import is read before the run, with the variables of the play and extra vars only; an include is read when its turn comes'],
  ['an unknown option of an include', task('- include_tasks: {fle: x.yml}'), "include_tasks has no option 'fle'\nsite.yml:3:23\nhint: did you mean 'file'?"],
  ['an include without a file', task('- include_tasks: {apply: {}}'), 'include_tasks does not say which file\nsite.yml:3:7'],
  ['become on an include', task('- include_role: {name: x}\n  become: yes'), "'become' has no meaning for include_role itself\nsite.yml:4:7\nhint: for what it brings, write it under apply: of include_role, or put a block around it"],
  ['import_playbook among tasks', task('- import_playbook: x.yml'), 'a playbook can only be imported where plays stand\nsite.yml:3:7\nhint: take it out of the tasks, or import its tasks or roles'],
  ['no role of that name', { ...play('  roles: [wbe]\n'), 'roles/web/tasks/main.yml': '' }, /^there is no role 'wbe'\nsite.yml:2:11\nwhy: looked in roles, .*\nhint: did you mean 'web'\?$/],
  ['a role entry without a name', play('  roles: [{tags: x}]\n'), 'this role entry names no role\nsite.yml:2:11\nhint: write it as role: NAME'],
  ['no tasks_from of that name', { ...task('- import_role: {name: r, tasks_from: instal}'), 'roles/r/tasks/install.yml': '' }, "the role has no file 'instal' in tasks/\nsite.yml:3:27\nwhy: looked in roles/r/tasks\nhint: did you mean 'install'?"],
  ['a role that needs itself', { ...play('  roles: [a]\n'), 'roles/a/meta/main.yml': 'dependencies: [b]\n', 'roles/b/meta/main.yml': 'dependencies: [a]\n' }, "the role 'a' needs itself\nroles/b/meta/main.yml:1:16\nwhy: a -> b -> a"],
  ['a file that imports itself', { ...task('- import_tasks: a.yml'), 'a.yml': '- import_tasks: a.yml\n' }, /^.*a.yml imports itself\na.yml:1:17\n/],
  ['a size of batches that is none', { 'site.yml': '- hosts: all\n  serial: [1, few]\n' }, "'serial' takes a number or a percentage, not the text 'few'\nsite.yml:2:15"],
  ['a meta of a role that is a text', { ...play('  roles: [a]\n'), 'roles/a/meta/main.yml': 'author\n' }, 'meta/main of a role holds a mapping, this one the text \'author\'\nroles/a/meta/main.yml:1:1'],
  ['a misspelt key of a meta', { ...play('  roles: [a]\n'), 'roles/a/meta/main.yml': 'dependancies: [b]\n' }, "'dependancies' is not a valid attribute for RoleMetadata\nroles/a/meta/main.yml:1:1\nhint: did you mean 'dependencies'?"],
  ['a play without hosts', { 'site.yml': '- tasks: []\n' }, 'this play names no hosts\nsite.yml:1:3\nhint: write hosts: all, or another pattern'],
  ['a file of tasks as a playbook', { 'site.yml': '- name: x\n' }, 'this play names no hosts\nsite.yml:1:3\nhint: a file of tasks is brought into a play by import_tasks or include_tasks'],
  ['empty hosts', { 'site.yml': '- hosts:\n' }, "Hosts list cannot be empty. Please check your playbook\nsite.yml:1:3\nhint: write hosts: all, or another pattern"],
  ['a playbook that is a mapping', { 'site.yml': 'hosts: all\n' }, 'a playbook is a list of plays, not a mapping\nsite.yml:1:1'],
  ['no such playbook', { 'site.yml': '- import_playbook: nope.yml\n' }, "there is no playbook 'nope.yml'\nsite.yml:1:20\nwhy: looked for nope.yml"],
  ['a tasks file that is a mapping', { ...task('- import_tasks: a.yml'), 'a.yml': 'ping:\n' }, 'a file of tasks holds a list, this one a mapping\na.yml:1:1'],
])('%s is an error', (_, files, wanted) => {
  const root = tree(files)
  const got = errorText(root, () => createLoader({ modules, rolesPath: [] }).loadPlaybook(join(root, 'site.yml')))
  if (typeof wanted === 'string') expect(got).toBe(wanted)
  else expect(got).toMatch(wanted)
})

test('without a list of modules, any key may be one, unless it looks like a misspelt keyword', () => {
  const root = tree({ 'site.yml': '- hosts: all\n  tasks:\n    - some_module:\n      notfy: x\n' })
  expect(errorText(root, () => createLoader().loadPlaybook(join(root, 'site.yml')))).toBe("'notfy' is not a valid attribute for a Task\nsite.yml:4:7\nhint: did you mean 'notify'?")
})

test('each file is read once', () => {
  const warnings: string[] = []
  const { loader, root } = load({ 'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: a.yml\n    - import_tasks: a.yml\n', 'a.yml': '- ping: {a: 1, a: 2}\n' }, { warn: ({ message }) => warnings.push(message) })
  loader.loadPlaybook(join(root, 'site.yml'))
  expect(warnings).toEqual(["Found duplicate mapping key 'a': the last one holds"])
})

test("a role is found in roles/ of the npm package that the asking file belongs to, before the playbook's when that is of another package", () => {
  const { plays: [play] } = load({
    'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: node_modules/plonestack/playbooks/tasks/site.yml\n',
    'roles/zope/tasks/main.yml': '- debug: {msg: own}\n',
    'node_modules/plonestack/package.json': '{}',
    'node_modules/plonestack/playbooks/tasks/site.yml': '- import_role: {name: zope}\n',
    'node_modules/plonestack/roles/zope/tasks/main.yml': '- debug: {msg: pinned}\n',
  })
  expect(JSON.stringify(play!.tasks)).toContain('node_modules/plonestack/roles/zope/tasks/main.yml')
})
