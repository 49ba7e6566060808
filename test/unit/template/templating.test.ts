/** The parts of templating that callers rely on: types, laziness, secrets, unknowns, conditions, rendering, names. */
import { expect, test } from 'vitest'
import type { Position } from '../../../src/errors/position.ts'
import { createTemplating } from '../../../src/template/templating.ts'
import { fromPlain } from '../../../src/values/convert.ts'
import { omit } from '../../../src/values/omit.ts'
import { Secret } from '../../../src/values/secret.ts'
import { Undefined } from '../../../src/values/undefined.ts'
import { Unknown } from '../../../src/values/unknown.ts'
import type { Plain, Value } from '../../../src/values/value.ts'
import { context, here, scopeOf, template } from './scope.ts'

const warnings: [string, Position | undefined][] = []
const templating = createTemplating({ onWarning: (message, where) => warnings.push([message, where]) })
const unknown = new Unknown('the output of "id"')
const variables = {
  port: 80,
  password: new Secret('s3cret'),
  users: [{ name: 'bob', password: new Secret('hunter2') }, { name: 'al', password: new Secret('pass') }],
  result: { stdout: unknown, rc: 0 },
  id: unknown,
  lazy: { good: 1, bad: '{{ nope }}', nested: { port: '{{ port + 1 }}' } },
  evil: '{{ hostile }}',
  hostile: 'x',
  facts: { shown: 'from a host' },
}

function evaluate(source: string, more: Record<string, Plain> = {}): Value {
  return templating.evaluate(template(source), scopeOf({ ...variables, ...more }), context)
}

function condition(expression: string): boolean | Unknown {
  return templating.condition(expression, here, scopeOf(variables), context)
}

/** The texts of secrets, to look at in a test. */
function revealed(value: Value): unknown {
  if (value instanceof Secret) return { secret: value.reveal() }
  if (Array.isArray(value)) return (value).map(revealed)
  return value instanceof Map ? Object.fromEntries([...(value)].map(([key, item]) => [key, revealed(item)])) : value
}

test('a text that merely looks like a template is never evaluated', () => {
  const scope = scopeOf(variables)
  const fromHost = { lookup: (name: string) => (name === 'output' ? '{{ port }}' : scope.lookup(name)), names: () => scope.names() }
  expect(templating.evaluate(template('{{ output }}'), fromHost, context)).toBe('{{ port }}')
  expect(templating.evaluate(template("{{ output ~ '' }}"), fromHost, context)).toBe('{{ port }}')
  expect(templating.evaluate(template("{{ '{{' ~ ' port }}' }}"), fromHost, context)).toBe('{{ port }}')
  expect(templating.resolve(['{{ port }}'], scope, context)).toEqual(['{{ port }}'])
})

test('variables are evaluated when they are used, not before', () => {
  expect(evaluate('{{ lazy.good }}')).toBe(1)
  expect(evaluate('{{ lazy.nested.port }}')).toBe(81)
  expect(evaluate("{{ lazy.bad | default('none') }}")).toBe('none')
  expect(evaluate('{{ lazy | length }}')).toBe(3)
  expect(evaluate('{{ lazy.bad }}')).toBeInstanceOf(Undefined)
  expect(() => evaluate('{{ lazy }}')).toThrow("'nope' is undefined")
})

test('a template that changes a list or dict leaves the variable as it was', () => {
  const list = fromPlain([1])
  const scope = { lookup: (name: string) => (name === 'list' ? list : undefined), names: () => ['list'] }
  expect(templating.evaluate(template('{{ list.append(2) }}{{ list }}'), scope, context)).toEqual([1, 2])
  expect(list).toEqual([1])
})

test('omit is given back as it is, and dropped from lists and dicts', () => {
  expect(evaluate('{{ nope | default(omit) }}')).toBe(omit)
  expect(evaluate('{{ [1, omit] }}')).toEqual([1])
  expect(evaluate("{{ {'a': omit, 'b': 1} }}")).toEqual(new Map([['b', 1]]))
})

const secrets: readonly [string, unknown][] = [
  ['{{ password }}', { secret: 's3cret' }],
  ['mysql -p{{ password }}', { secret: 'mysql -ps3cret' }],
  ['{{ password | upper }}', { secret: 'S3CRET' }],
  ["{{ password ~ 'x' }}", { secret: 's3cretx' }],
  ["{{ '%s!' % password }}", { secret: 's3cret!' }],
  ['{{ password.split("3") }}', [{ secret: 's' }, { secret: 'cret' }]],
  ['{{ password[0] }}', { secret: 's' }],
  ['{{ password | length }}', 6],
  ["{{ password == 's3cret' }}", true],
  ["{{ password is match('s') }}", true],
  ["{{ '3' in password }}", true],
  ["{{ password | default('x') }}", { secret: 's3cret' }],
  ["{{ {'user': 'bob', 'password': password} }}", { user: 'bob', password: { secret: 's3cret' } }],
  ["{{ {'user': 'bob', 'password': password} | to_json }}", { secret: '{"user": "bob", "password": "s3cret"}' }],
  ["{{ {'user': 'bob'} | combine({'password': password}) }}", { user: 'bob', password: { secret: 's3cret' } }],
  ["{{ users | map(attribute='password') | list }}", [{ secret: 'hunter2' }, { secret: 'pass' }]],
  ["{{ users | map(attribute='name') | list }}", ['bob', 'al']],
  ["{{ users | selectattr('name', 'equalto', 'bob') | map(attribute='password') | first }}", { secret: 'hunter2' }],
  ["{% for user in users %}{{ user.name }}{{ ',' if not loop.last }}{% endfor %}", 'bob,al'],
  ["{% for user in users %}{{ user.password }},{% endfor %}", { secret: 'hunter2,pass,' }],
  ["{% set p = password | upper %}{{ p }}", { secret: 'S3CRET' }],
  ["{% macro m(p) %}<{{ p }}>{% endmacro %}{{ m(password) }}", { secret: '<s3cret>' }],
]

test.each(secrets)('a secret stays one: %s', (source, expected) => {
  expect(revealed(evaluate(source))).toEqual(expected)
})

test('an error of what was computed with a secret does not show it', () => {
  expect(() => evaluate('{{ password | from_json }}')).toThrow()
  expect(() => evaluate("{{ 'x' | regex_replace(password ~ '(', '') }}")).toThrow(/'\*{8}' is not valid/)
})

test('a file with a secret in it is a secret', () => {
  const text = templating.render('user = bob\npassword = {{ password }}\n', 'x.j2', scopeOf(variables), context)
  expect(text).toBeInstanceOf(Secret)
  expect((text as Secret).reveal()).toBe('user = bob\npassword = s3cret\n')
})

test.each([
  '{{ id }}', '{{ id.stdout }}', '{{ id | upper }}', '{{ id ~ "x" }}', 'x{{ id }}', '{{ id + 1 }}', '{{ id | length }}', '{{ id | list }}', '{{ id | first }}', '{{ [id] | join }}', '{{ id | combine({}) }}', '{{ [id, 1] | sort }}', '{{ id is failed }}', '{{ id == 1 }}',
  '{{ id is match("x") }}', '{{ not id }}', '{{ 1 if id else 2 }}', '{{ result.stdout.split() }}', '{{ id | default("x") }}', '{{ id and true }}',
  '{% if id %}a{% endif %}', '{% for x in id %}a{% endfor %}', '{{ {"a": id} | to_json }}', '{{ "%s" % id }}', '{{ id and nope.x == 1 }}',
])('what depends on an unknown is unknown: %s', (source) => {
  expect(evaluate(source)).toBe(unknown)
})

test.each([
  ['{{ id is defined }}', true], ['{{ result.rc }}', 0], ['{{ id and false }}', false], ['{{ id or true }}', true], ['{{ false and id }}', false],
  ['{{ result.rc == 0 }}', true], ['{{ result is succeeded }}', true], ['{{ [id] | length }}', 1], ['{{ [id, 2] | last }}', 2],
])('what does not depend on it is known: %s', (source, expected) => {
  expect(evaluate(source)).toBe(expected)
})

test('conditions', () => {
  expect(condition('port == 80 and users | length > 1')).toBe(true)
  expect(condition('nope is defined')).toBe(false)
  expect(condition("'a\\tb' | length == 3")).toBe(true)
  expect(condition('users')).toBe(true)
  expect(condition('id')).toBe(unknown)
  expect(condition('result.stdout == "x"')).toBe(unknown)
})

test('a condition in braces works, with a warning', () => {
  warnings.length = 0
  expect(condition('{{ port == 80 }}')).toBe(true)
  expect(warnings).toEqual([['a condition is an expression already: leave the {{ }} out', here]])
  expect(() => condition('{{ port }} == 80')).toThrow("gives the text '80 == 80', which is neither true nor false")
})

test('rendering: options, header, line ends', () => {
  const render = (text: string, options = {}): unknown => templating.render(text, 'x.j2', scopeOf({ port: 80, on: true }), context, options)
  expect(render('  {% if on %}\nx\n  {% endif %}\n')).toBe('  x\n  \n')
  expect(render('  {% if on %}\nx\n  {% endif %}\n', { lstripBlocks: true })).toBe('x\n')
  expect(render('{% if on %}\nx\n{% endif %}\n', { trimBlocks: false })).toBe('\nx\n')
  expect(render('#jinja2: trim_blocks: False, lstrip_blocks: True\n  {% if on %}\nx\n{% endif %}\n')).toBe('\nx\n')
  expect(() => render('#jinja2: lstrip_blocks=True\nx\n')).toThrow("template: Missing key-value separator ':' in the #jinja2: line: 'lstrip_blocks=True'")
  expect(render('[% port %] {{ port }}\n', { variableStart: '[%', variableEnd: '%]' })).toBe('80 {{ port }}\n')
  expect(render('a\r\nb {{ port }}\r\n')).toBe('a\nb 80\n')
  expect(render('a\nb\n', { newline: '\r\n' })).toBe('a\r\nb\r\n')
  expect(render('{{ port }}')).toBe('80')
  expect(render('{{ "a\\nb" }}')).toBe('a\nb')
  expect(render('')).toBe('')
})

test('lookups by name, as with_ loops call them', () => {
  const call = (name: string, terms: Value[], options = new Map<string, Value>()): Value[] => templating.lookup(name, terms, options, scopeOf(variables), context)
  expect(call('items', [1, [2, 3]])).toEqual([1, 2, 3])
  expect(call('community.general.flattened', [[1, [2]], 3])).toEqual([1, 2, 3])
  expect(call('nested', [[1, 2], ['a']])).toEqual([[1, 'a'], [2, 'a']])
  expect(call('dict', [new Map([['a', 1]])])).toEqual([new Map<string, Value>([['key', 'a'], ['value', 1]])])
  expect(call('sequence', ['start=1 end=3 format=web%02d'])).toEqual(['web01', 'web02', 'web03'])
  expect(call('first_found', [['no.j2', 'files/inc.j2']])).toEqual([`${context.basedir}/files/inc.j2`])
  expect(call('first_found', [new Map<Value, Value>([['files', ['no']], ['skip', true]])])).toEqual([])
  expect(call('first_found', [[new Map<Value, Value>([['files', new Undefined('nope')]]), new Map<Value, Value>([['files', ['files/inc.j2']]])]])).toEqual([`${context.basedir}/files/inc.j2`])
  expect(() => call('first_found', [1])).toThrow("first_found: a term is a text or a mapping, not 'int'")
  expect(call('fileglob', ['files/b*.j2'])).toEqual([`${context.basedir}/files/bad.j2`, `${context.basedir}/files/base.j2`])
  expect(revealed(call('items', [[new Secret('x')]]))).toEqual([{ secret: 'x' }])
  expect(() => call('itms', [])).toThrow("there is no lookup 'itms'")
})

test('a variable of the environment that is not set is undefined, where that is its default', () => {
  const value = (source: string): Value => templating.evaluate(template(source), scopeOf({}), context)
  expect(value("{{ lookup('env', 'PLONERUN_NOT_SET', default=undef()) is defined }}")).toBe(false)
  expect(value("{{ lookup('env', 'PLONERUN_NOT_SET') }}")).toBe('')
  expect(() => value("{{ 'x' ~ lookup('env', 'PLONERUN_NOT_SET', default=undef()) }}")).toThrow("the environment variable 'PLONERUN_NOT_SET' is not set")
})

test('what must not change within a task is looked up once', () => {
  const once = new Map<string, Value>()
  const random = (): Value => templating.evaluate(template('{{ 1000000000 | random }}'), scopeOf({}), { ...context, once })
  expect(random()).toBe(random())
  const moment = (): Value => templating.evaluate(template("{{ lookup('pipe', 'date +%N') }}"), scopeOf({}), { ...context, once })
  expect(moment()).toBe(moment())
})

test('the names that a template reads', () => {
  const names = (source: string): string[] => [...templating.names(template(source))].sort()
  expect(names('{{ a.b[c] | d(e) }} {{ lookup("x", f) }}')).toEqual(['a', 'c', 'e', 'f', 'lookup'])
  expect(names('{% for x in list if x %}{{ x }}{{ loop.index }}{{ y }}{% endfor %}')).toEqual(['list', 'y'])
  expect(names('{% macro m(p) %}{{ p }}{% endmacro %}{{ m(v) }}')).toEqual(['v'])
  expect([...templating.names('result.changed and not omit')]).toEqual(['result', 'omit'])
})

test('other templates', () => {
  const files = { ...context, basedir: `${context.basedir}/files` }
  const render = (text: string): unknown => templating.render(text, 'x.j2', scopeOf({ s: 'str' }), files)
  expect(render("[{% include 'inc.j2' %}]")).toBe('[inc str noloc]')
  expect(render("{% set loc = 1 %}{% include 'inc.j2' %}")).toBe('inc str 1')
  expect(render("{% include 'no.j2' ignore missing %}x")).toBe('x')
  expect(render("{% import 'lib.j2' as lib %}{{ lib.hi('bob') }} {{ lib.v }} {{ lib._p is defined }}")).toBe('hi bob nos 5 False')
  expect(render("{% from 'lib.j2' import hi with context %}{{ hi('bob') }}")).toBe('hi bob str')
  expect(render("{% include 'child.j2' %}")).toBe('Hchild base-a 3|base-b strF')
  expect(render("{% include 'grand.j2' %}")).toBe('Hgrand child base-a 3|Bgrand child base-a 3F')
  expect(render("{% include 'scoped.j2' %}{% include 'unscoped.j2' %}")).toBe('12--')
})

test('random choices differ from use to use, and stay when the task is evaluated again', () => {
  const once = new Map<string, Value>()
  const choices = (): Value => templating.evaluate(template('{% for i in range(20) %}{{ 1000 | random }} {% endfor %}'), scopeOf({}), { ...context, once })
  const first = choices()
  expect(new Set((first as string).trim().split(' ')).size).toBeGreaterThan(10)
  expect(choices()).toBe(first)
})

test('a dict that is computed on demand is not looked through', () => {
  class Hosts extends Map<Value, Value> {
    override get(name: Value): Value | undefined {
      if (name === 'broken') throw new Error('looked at')
      return name === 'web1' ? new Map([['ip', '10.0.0.1']]) : undefined
    }

    override *keys(): MapIterator<Value> {
      yield* ['web1', 'broken']
    }
  }
  const hosts = { lookup: (name: string) => (name === 'hostvars' ? new Hosts() : undefined), names: () => ['hostvars'] }
  const give = (source: string): Value => templating.evaluate(template(source), hosts, context)
  expect(give('{{ hostvars.web1.ip }}')).toBe('10.0.0.1')
  expect(give("{{ ['web1'] | map('extract', hostvars, 'ip') | list }}")).toEqual(['10.0.0.1'])
  expect(give("{{ ['web1'] | map('extract', hostvars, ['ip']) | first }}")).toBe('10.0.0.1')
  expect(give("{{ hostvars['web2'] is defined }}")).toBe(false)
  expect(give('{{ hostvars.keys() | list }}')).toEqual(['web1', 'broken'])
})

test('tests of results work as the filters that they once were', () => {
  const done = { result: { changed: true, rc: 0 } }
  expect(evaluate('{{ result | changed }}', done)).toBe(true)
  expect(evaluate('{{ result | failed }}', done)).toBe(false)
  expect(evaluate('{{ result | success and not result | skipped }}', done)).toBe(true)
})

test('a hash that takes long is computed once', () => {
  const took = (source: string): number => {
    const started = performance.now()
    evaluate(source)
    return performance.now() - started
  }
  const source = "{{ 'secret' | password_hash('sha512', 'saltsalt', rounds=20000) }}"
  const first = took(source)
  expect(took(source)).toBeLessThan(first / 5)
})

test('which keys a dict has is known, also where a value in it is not', () => {
  const scope = scopeOf({ result: { changed: true, stdout: unknown } })
  const has = (expression: string): boolean | Unknown => templating.condition(expression, here, scope, context)
  expect(["'skipped' not in result", "'changed' in result", "'skipped' in result"].map(has)).toEqual([true, true, false])
  expect(has("'x' in result.stdout")).toBeInstanceOf(Unknown)
})
