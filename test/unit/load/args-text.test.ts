import { expect, test } from 'vitest'
import { parseArgsText } from '../../../src/load/args-text.ts'

const COMMAND = new Set(['creates', 'chdir'])

function parsed(text: string, known?: ReadonlySet<string>): Record<string, string> {
  const { options, rest } = parseArgsText(text, known, undefined)
  return { ...Object.fromEntries(options.map(({ name, value }) => [name, value])), ...(rest !== '' && { rest }) }
}

/** Observed with ansible-core 2.19. */
test.each([
  ['src=a dest="b c" mode=\'0644\'', { src: 'a', dest: 'b c', mode: '0644' }],
  ['name=foo state=latest\nupdate_cache=yes', { name: 'foo', state: 'latest', update_cache: 'yes' }],
  ["repo='deb http://x y main' state=present", { repo: 'deb http://x y main', state: 'present' }],
  ['msg="{{ a | default(\'x y\') }}"', { msg: "{{ a | default('x y') }}" }],
  ['msg={{ a }} x=y', { msg: '{{ a }}', x: 'y' }],
  ['line="a\\tb"', { line: 'a\tb' }],
  ['x=\\u00e9', { x: 'é' }],
  ["regexp='^a=b' line='a=c d'", { regexp: '^a=b', line: 'a=c d' }],
  ['path=/x line="a \\"q\\" b"', { path: '/x', line: 'a "q" b' }],
  ['a=b=c', { a: 'b=c' }],
  ['x=', { x: '' }],
  ['file.yml tags=a', { tags: 'a', rest: 'file.yml' }],
  ["{{ 'a' if x == 'b' else 'c' }}.yml", { rest: "{{ 'a' if x == 'b' else 'c' }}.yml" }],
  ['=x y=z', { y: 'z', rest: '=x' }],
])('arguments %j', (text, wanted) => {
  expect(parsed(text)).toEqual(wanted)
})

test.each([
  ['echo hi creates=/x', { rest: 'echo hi', creates: '/x' }],
  ['creates=/x echo hi', { rest: 'echo hi', creates: '/x' }],
  ['echo a=b chdir=/tmp c=d', { rest: 'echo a=b c=d', chdir: '/tmp' }],
  ['echo a   b  creates=/x   c', { rest: 'echo a   b  c', creates: '/x' }],
  ['echo "it\'s" ok', { rest: 'echo "it\'s" ok' }],
  ['echo "a\\tb"', { rest: 'echo "a\\tb"' }],
  ['foo\nbar', { rest: 'foo\nbar' }],
  ['foo\n', { rest: 'foo\n' }],
  ['a \\\n b \\\n creates=/x', { rest: 'a b', creates: '/x' }],
  ["madison x \\ | awk '{print $1}' \\ | head", { rest: "madison x | awk '{print $1}' | head" }],
  ["sh -c 'a \\\n b' \\\n c", { rest: "sh -c 'a \\\n b'  c" }],
  ['echo \\\\ b', { rest: 'echo \\\\ b' }],
  ['{{ cmd }} --flag creates={{ x }}', { rest: '{{ cmd }} --flag', creates: '{{ x }}' }],
  ['{% if a %}x y{% endif %} creates=/z', { rest: '{% if a %}x y{% endif %}', creates: '/z' }],
])('free form %j', (text, wanted) => {
  expect(parsed(text, COMMAND)).toEqual(wanted)
})

test.each([
  ["echo it's", "a quote is not closed: ' is missing"],
  ['msg="{{ a', 'a quote is not closed: " is missing'],
  ['echo {{ a', 'a template is not closed: }} is missing'],
])('%j is an error', (text, message) => {
  expect(() => parsed(text)).toThrow(message)
})
