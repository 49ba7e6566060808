/** Errors say what is wrong, where, and what may be meant. */
import { expect, test } from 'vitest'
import { formatPosition } from '../../../src/errors/position.ts'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import { createTemplating } from '../../../src/template/templating.ts'
import { Template } from '../../../src/values/template.ts'
import { Pending } from '../../../src/values/value.ts'
import { context, here, scopeOf, template } from './scope.ts'

const templating = createTemplating()
const variables = {
  name: 'bob',
  port: 8080,
  config: { path: '/srv', broken: '{{ nope }}' },
  a: '{{ b }}',
  b: 'x {{ c }}',
  c: '{{ a }}',
  chain: '{{ config.broken }}',
}

/** The whole error as a person reads it. */
function errorOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    const where = error.where ? formatPosition(error.where, context.basedir) : 'nowhere'
    return [`${where}: ${error.message}`, error.why && `why: ${error.why}`, error.hint && `hint: ${error.hint}`].filter(Boolean).join('\n')
  }
  return 'no error'
}

function evaluating(source: string): string {
  return errorOf(() => templating.resolve(template(source), scopeOf(variables), context))
}

function rendering(text: string): string {
  return errorOf(() => templating.render(text, 'site.conf.j2', scopeOf(variables), { ...context, basedir: `${context.basedir}/files` }))
}

test('an undefined name, with the name that is meant', () => {
  expect(evaluating('{{ prot }}')).toMatchInlineSnapshot(`
    "play.yml:10:8: 'prot' is undefined
    hint: did you mean 'port'?"
  `)
})

test('an undefined attribute, at its place', () => {
  expect(evaluating('{{ config.pth | upper }}')).toMatchInlineSnapshot(`"play.yml:10:15: object of type 'dict' has no attribute 'pth'"`)
})

test('an undefined name behind variables', () => {
  expect(evaluating('{{ chain }}')).toMatchInlineSnapshot(`
    "vars.yml:1:4: 'nope' is undefined
    why: needed by play.yml:10:5"
  `)
  expect(evaluating("{{ chain ~ 'x' }}")).toMatchInlineSnapshot(`
    "vars.yml:1:4: 'nope' is undefined
    why: needed by play.yml:10:5"
  `)
})

test('a recursive variable names the loop', () => {
  expect(evaluating('{{ a }}')).toMatchInlineSnapshot(`
    "vars.yml:1:1: the variable 'a' is defined by itself
    why: a (vars.yml:1:1) needs b (vars.yml:1:1) needs c (vars.yml:1:1) needs a (vars.yml:1:1)"
  `)
})

test('an operator on values that it does not fit', () => {
  expect(evaluating("{{ port + 'x' }}")).toMatchInlineSnapshot(`"play.yml:10:13: unsupported operand type(s) for +: 'int' and 'str'"`)
  expect(evaluating("{{ 'x' + port }}")).toMatchInlineSnapshot(`
    "play.yml:10:12: can only concatenate str (not "int") to str
    hint: use ~ to join anything as text"
  `)
  expect(evaluating('{{ port / 0 }}')).toMatchInlineSnapshot(`"play.yml:10:13: division by zero"`)
  expect(evaluating("{{ port < 'a' }}")).toMatchInlineSnapshot(`"play.yml:10:13: '<' not supported between instances of 'int' and 'str'"`)
})

test('a filter, test or lookup that does not exist', () => {
  expect(evaluating('{{ name | uper }}')).toMatchInlineSnapshot(`
    "play.yml:10:15: there is no filter 'uper'
    hint: did you mean 'upper'?"
  `)
  expect(evaluating('{{ name is strin }}')).toMatchInlineSnapshot(`
    "play.yml:10:16: there is no test 'strin'
    hint: did you mean 'string'?"
  `)
  expect(evaluating("{{ lookup('fil', 'x') }}")).toMatchInlineSnapshot(`
    "play.yml:10:8: there is no lookup 'fil'
    hint: did you mean 'file'?"
  `)
})

test('arguments that a filter does not take', () => {
  expect(evaluating("{{ name | replace('a') }}")).toMatchInlineSnapshot(`"play.yml:10:15: replace: the argument 'new' is missing"`)
  expect(evaluating('{{ [1] | to_nice_json(indnt=2) | join(delim=1) }}')).toMatchInlineSnapshot(`
    "play.yml:10:14: to_nice_json: unknown argument 'indnt'
    hint: did you mean 'indent'?"
  `)
  expect(evaluating('{{ name | indent(width=[]) }}')).toMatchInlineSnapshot(`"play.yml:10:15: 'width' must be an int or a str"`)
})

test('syntax', () => {
  expect(evaluating('{{ name ')).toMatchInlineSnapshot(`"play.yml:10:13: template: unexpected end of template, expected '}}'"`)
  expect(evaluating('{{ name | }}')).toMatchInlineSnapshot(`"play.yml:10:15: template: unexpected '}}', expected a name"`)
  expect(evaluating("{{ 'name }}")).toMatchInlineSnapshot(`"play.yml:10:8: template: this string is never closed: ' is missing"`)
  expect(evaluating('{{ (1 }}')).toMatchInlineSnapshot(`"play.yml:10:11: template: unexpected '}', expected ')'"`)
  expect(evaluating('{% fro x in y %}{% endfor %}')).toMatchInlineSnapshot(`"play.yml:10:8: template: unknown statement 'fro', did you mean 'for'?"`)
  expect(evaluating('a\n{% if name %}\nb')).toMatchInlineSnapshot(`"play.yml:11:8: template: this {% if %} is never closed: {% endif %} is missing"`)
  expect(evaluating('{% for i in [1] %}{% endif %}')).toMatchInlineSnapshot(`"play.yml:10:26: template: unexpected {% endif %}: the {% for %} of line 1 is still open"`)
})

test('the line and column inside a text of several lines', () => {
  expect(evaluating('one\ntwo {{ name }}\n  {{ nope }}')).toMatchInlineSnapshot(`"play.yml:12:10: 'nope' is undefined"`)
})

test('a file template, and one that it includes or imports', () => {
  expect(rendering('a\nb {{ nope }}\n')).toMatchInlineSnapshot(`"site.conf.j2:2:6: 'nope' is undefined"`)
  expect(rendering("\n{% include 'bad.j2' %}")).toMatchInlineSnapshot(`"files/bad.j2:1:4: 'nope_in_inc' is undefined"`)
  expect(rendering("{% include 'syn.j2' %}")).toMatchInlineSnapshot(`
    "files/syn.j2:2:7: template: unexpected '%}', expected an expression
    why: needed by site.conf.j2:1:12"
  `)
  expect(rendering("x{% from 'lib.j2' import high %}{{ high() }}")).toMatchInlineSnapshot(`"site.conf.j2:1:5: the template test/unit/template/files/lib.j2:1:1 does not set 'high'"`)
  expect(rendering("{% macro m(a) %}\n{{ a.b.c }}{% endmacro %}{{ m({}) }}")).toMatchInlineSnapshot(`"site.conf.j2:2:6: object of type 'dict' has no attribute 'b'"`)
})

test('a template file that does not exist says where it was looked for', () => {
  const error = errorOf(() => templating.render("{% include 'no.j2' %}", 'x.j2', scopeOf({}), { basedir: '/srv/play', searchPath: ['/srv/play/roles/web'] }))
  expect(error).toMatchInlineSnapshot(`
    "x.j2:1:12: the template 'no.j2' does not exist
    why: looked in /srv/play/roles/web, /srv/play"
  `)
})

test('templates that include one another without end', () => {
  const error = errorOf(() => templating.evaluate(template('{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}'), scopeOf({}), context))
  expect(error).toMatchInlineSnapshot(`"play.yml:10:23: the template calls itself without end"`)
})

test('a result that no variable can hold', () => {
  expect(evaluating('{{ range(3) }}')).toMatchInlineSnapshot(`
    "play.yml:10:5: the result is of type 'range', which no variable can hold
    hint: make it a list: … | list"
  `)
  expect(evaluating('{{ name.upper }}')).toMatchInlineSnapshot(`
    "play.yml:10:5: the result is of type 'builtin_function_or_method', which no variable can hold
    hint: call it: …()"
  `)
  expect(evaluating("{{ 'x' if false }}")).toMatchInlineSnapshot(`"play.yml:10:12: the condition of this 'if' is false, and it has no 'else'"`)
})

test('check finds what is wrong without evaluating', () => {
  expect(errorOf(() => templating.check(template('{{ nope | uper }}')))).toMatchInlineSnapshot(`
    "play.yml:10:15: there is no filter 'uper'
    hint: did you mean 'upper'?"
  `)
  expect(errorOf(() => templating.check({ expression: 'x is versoin("1")', position: here }))).toMatchInlineSnapshot(`
    "play.yml:10:10: there is no test 'versoin'
    hint: did you mean 'version'?"
  `)
  expect(errorOf(() => templating.check({ expression: 'x ==', position: here }))).toMatchInlineSnapshot(`"play.yml:10:9: template: unexpected end of expression, expected an expression"`)
  expect(errorOf(() => templating.check(template("{{ nope | default(lookup('file', 'x')) is match('x') }}")))).toBe('no error')
})

test('the same text elsewhere has its own place in errors', () => {
  const other = new Template('{{ nope }}', { file: 'other.yml', line: 1, column: 1 })
  expect(evaluating('{{ nope }}')).toContain('play.yml:10:8')
  expect(errorOf(() => templating.resolve(other, scopeOf({}), context))).toContain('other.yml:1:4')
})

test('what is not settled yet is never caught', () => {
  const pending = {
    lookup(name: string): never {
      throw new Pending(name)
    },
    names: () => ['result'],
  }
  for (const source of ["{{ result | default('x') }}", '{{ result is defined }}', "{{ result.stdout | default('x') }}", "{{ lookup('vars', 'result', default='x') }}", "{{ lookup('vars', 'result', errors='ignore') }}"])
    expect(() => templating.evaluate(template(source), pending, context), source).toThrow(Pending)
})
