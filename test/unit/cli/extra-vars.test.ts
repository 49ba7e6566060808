import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseExtraVars } from '../../../src/cli/extra-vars.ts'
import { valueJson } from '../../../src/cli/value-json.ts'
import { createLoader } from '../../../src/load/loader.ts'
import { Template } from '../../../src/values/template.ts'
import { temporaryFolder } from '../../support/folder.ts'

const parse = (...given: readonly string[]) => parseExtraVars(given, createLoader())

test.each([
  ['a=1 b="two words"', '{"a": "1", "b": "two words"}'],
  ["a='x=y'", '{"a": "x=y"}'],
  ['{"a": 1, "b": [true, null]}', '{"a": 1, "b": [true, null]}'],
  ['{a: 2.0, b: yes}', '{"a": 2.0, "b": true}'],
  ['', '{}'],
])('%s', (given, wanted) => {
  expect(valueJson(parse(given))).toBe(wanted)
})

test('a later one wins, files are read', () => {
  const file = join(temporaryFolder(), 'vars.yml')
  writeFileSync(file, 'a: 3\nb: 4\n')
  expect(valueJson(parse('a=1 c=5', `@${file}`, 'b=6'))).toBe('{"a": 3, "c": "5", "b": "6"}')
})

test('templates of the command line are templates', () => {
  expect(parse('a={{ b }}').get('a')).toBeInstanceOf(Template)
  expect(parse('{"a": "{{ b }}"}').get('a')).toBeInstanceOf(Template)
})

test.each([
  ['a', "--extra-vars wants k=v, JSON, YAML or @FILE, not 'a'"],
  ['a=1 b', "--extra-vars wants k=v, JSON, YAML or @FILE, not 'b'"],
  ['[1, 2]', '--extra-vars wants variables, not a list: [1, 2]'],
  ['{"a": ', 'this is not valid YAML'],
  ['@/nowhere/vars.yml', 'there is no file /nowhere/vars.yml'],
])('%s is an error', (given, message) => {
  expect(() => parse(given)).toThrow(message)
})
