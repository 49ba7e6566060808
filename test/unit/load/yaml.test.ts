import { expect, test } from 'vitest'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import { formatPosition } from '../../../src/errors/position.ts'
import { positionOf, valuePositionOf } from '../../../src/values/positions.ts'
import { parseYaml } from '../../../src/load/yaml.ts'
import { Float } from '../../../src/values/float.ts'
import { Secret } from '../../../src/values/secret.ts'
import { Template } from '../../../src/values/template.ts'
import type { Dict, Value } from '../../../src/values/value.ts'

const dict = (text: string) => parseYaml(text, 'f.yml') as Dict
const item = (text: string) => dict(text).get('k')

/** An error as one text: what, where, why, hint. */
function errorOf(text: string): string {
  try {
    parseYaml(text, 'f.yml')
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    return [error.message, error.where && formatPosition(error.where), error.why, error.hint].filter((part) => part !== undefined).join('\n')
  }
  return 'no error'
}

test('an empty text is null', () => {
  for (const text of ['', '---\n', '# nothing\n', '---\n...\n']) expect(parseYaml(text, 'f.yml')).toBeNull()
})

test('mappings keep order and the types of their keys', () => {
  expect([...dict('b: 1\n80: 2\n"80": 3\ntrue: 4\n').entries()]).toEqual([['b', 1], [80, 2], ['80', 3], [true, 4]])
})

test('quoted words are text', () => {
  expect(item('k: ["yes", \'1\', "~", !!str 12, ! 12]')).toEqual(['yes', '1', '~', '12', '12'])
})

test('a tag says which type a value or key has', () => {
  expect(item(`k: [!!float 1, !!int "3", !!null "", !!bool "yes", !!str yes]`)).toEqual([new Float(1), 3, null, true, 'yes'])
  expect([...dict('!!str 80: 1\n!!int "81": 2\n').keys()]).toEqual(['80', 81])
  expect(() => item('k: !!bool maybe')).toThrow("'maybe' is neither true nor false")
})

test('merge keys: own keys win, then the first source', () => {
  const text = 'x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nk:\n  c: 3\n  <<: [*x, *y]\n'
  expect([...(item(text) as Dict).entries()]).toEqual([['a', 1], ['b', 1], ['c', 3]])
})

test('an alias is the anchored value itself', () => {
  const loaded = dict('a: &one [1]\nb: *one\n')
  expect(loaded.get('b')).toBe(loaded.get('a'))
})

test('of a key that stands twice the last holds, with a warning', () => {
  const warnings: string[] = []
  const loaded = parseYaml('a: 1\nb: 2\na: 3\n', 'f.yml', { warn: ({ message, position }) => warnings.push(`${formatPosition(position!)} ${message}`) })
  expect([...(loaded as Dict).entries()]).toEqual([['a', 3], ['b', 2]])
  expect(warnings).toEqual(["f.yml:3:1 Found duplicate mapping key 'a': the last one holds"])
})

test.each([
  ['k: "{{ a }}"', '{{ a }}', '1:5'],
  ["k:\n  - '{% if a %}b{% endif %}'", '{% if a %}b{% endif %}', '2:6'],
  ['k: a {{ b }} c', 'a {{ b }} c', '1:4'],
  ['k: |\n    line\n    {{ a }}\n', 'line\n{{ a }}\n', '2:5'],
  ['k: >-\n\n  {{ a }}\n  b\n', '\n{{ a }} b', '2:1'],
  ['k: &anchor "x{{ a }}"', 'x{{ a }}', '1:13'],
  ["k: 'a\n{{ b }}'\n", 'a {{ b }}', '1:5'],
])('%j is a template at its text', (text, source, place) => {
  const first = (value: Value | undefined): Value | undefined => (Array.isArray(value) ? (value as readonly Value[])[0] : value)
  const [line, column] = place.split(':').map(Number)
  expect(first(item(text))).toEqual(new Template(source, { file: 'f.yml', line: line!, column: column! }))
})

test('keys and !unsafe texts are never templates', () => {
  expect([...dict('"{{ a }}": !unsafe "{{ b }}"\nlist: !unsafe ["{{ c }}", {d: "{{ e }}"}]\n').entries()]).toEqual([
    ['{{ a }}', '{{ b }}'],
    ['list', ['{{ c }}', new Map([['d', '{{ e }}']])]],
  ])
})

test('!vault is a secret, decrypted when it is needed', () => {
  const asked: string[] = []
  const loaded = parseYaml('k: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132\n', 'f.yml', { decrypt: (text) => (asked.push(text), 'hidden {{ x }}') })
  const secret = (loaded as Dict).get('k') as Secret
  expect(asked).toEqual([])
  expect(secret.reveal()).toBe('hidden {{ x }}')
  secret.reveal()
  expect(asked).toEqual(['$ANSIBLE_VAULT;1.1;AES256\n3132\n'])
  expect(String(secret)).toBe('********')
})

test('!vault without a password fails when it is used, not before', () => {
  const secret = item('k: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132\n') as Secret
  expect(() => secret.reveal()).toThrow('this value is encrypted, and no vault password was given')
})

test('strings of a file that was encrypted are secrets', () => {
  const loaded = parseYaml('a: geheim\nb: 3\nc: "{{ a }}"\n', 'f.yml', { secret: true }) as Dict
  expect((loaded.get('a') as Secret).reveal()).toBe('geheim')
  expect(loaded.get('b')).toBe(3)
  expect(loaded.get('c')).toBeInstanceOf(Template)
})

test('every key and item knows its place', () => {
  const loaded = dict('one: 1\nlist:\n  - a\n  - {b: 2}\nx: &x {m: 1}\ny:\n  <<: *x\n')
  const list = loaded.get('list')!
  const place = (container: Value, key?: Value) => formatPosition(positionOf(container, key)!)
  expect(place(loaded)).toBe('f.yml:1:1')
  expect(place(loaded, 'list')).toBe('f.yml:2:1')
  expect(place(list, 1)).toBe('f.yml:4:5')
  expect(place((list as Value[])[1]!, 'b')).toBe('f.yml:4:6')
  expect(place(loaded.get('y')!, 'm')).toBe('f.yml:5:8')
  expect(place(loaded, 'no such key')).toBe('f.yml:1:1')
  expect(formatPosition(valuePositionOf(dict('a: "b"\n'), 'a')!)).toBe('f.yml:1:5')
  expect(formatPosition(valuePositionOf(loaded.get('y')!, 'm')!)).toBe('f.yml:5:11')
  expect(positionOf(new Map())).toBeUndefined()
})

test('a quoted text may go on at any indentation', () => {
  expect(item('a:\n  b: 1\nk: "one\ntwo\n\nthree"\n')).toBe('one two\nthree')
  expect(item("k: 'it''s\nso'\n")).toBe("it's so")
})

test.each([
  ['tabs', 'a:\n\tb: 1\n'],
  ['unquoted braces', 'a: {{ b }}\n'],
  ['unquoted braces with more behind', '- name: {{ b }}/c\n'],
  ['no space after the colon', 'a:1\nb: 2\n'],
  ['colon in a value', 'msg: error: no\n'],
  ['text behind a quote', 'a: "b" c\n'],
  ['quote never closed', 'a: "b\nc: d\n'],
  ['at sign', 'a: @b\n'],
  ['two documents', 'a: 1\n---\nb: 2\n'],
  ['unknown anchor', 'a: *b\n'],
  ['unknown tag', 'a: !env HOME\n'],
  ['merge of a text', '<<: no\n'],
])('%s', (name, text) => {
  expect(errorOf(text)).toMatchSnapshot()
})

test('sets are lists of their keys, ordered maps and pairs lists of pairs, and a tag that nobody knows is an error', () => {
  expect(item('k: !!set {a, b}')).toEqual(['a', 'b'])
  expect(item('k: !!omap [{a: 1}, {b: 2}]')).toEqual([['a', 1], ['b', 2]])
  expect(item('k: !!pairs [{a: 1}, {a: 2}]')).toEqual([['a', 1], ['a', 2]])
  expect(item('k: [!!map {a: 1}, !!seq [1], ! [2]]')).toEqual([new Map([['a', 1]]), [1], [2]])
  expect(errorOf('k: !foo {a: 1}')).toContain('the tag !foo is not known')
  expect(errorOf('k: !foo [1]')).toContain('the tag !foo is not known')
  expect(errorOf('k: !!pairs [a]')).toContain('a !!pairs is a list of mappings of one key each')
})
