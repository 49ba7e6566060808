import { expect, test } from 'vitest'
import { argumentMistakes } from '../../../../src/modules/control/validate_argument_spec.ts'
import { dictOf } from '../../../../src/values/convert.ts'
import type { Plain } from '../../../../src/values/value.ts'

const spec = dictOf({
  name: { type: 'str', required: true },
  port: { type: 'int' },
  state: { choices: ['present', 'absent'] },
  sites: { type: 'list', elements: 'dict', options: { domain: { required: true }, threads: { type: 'int' } } },
  paths: { type: 'list', elements: 'path' },
})

test.each<[string, { readonly [name: string]: Plain }, readonly string[]]>([
  ['what is right', { name: 'x', port: '80', state: 'absent', sites: [{ domain: 'a', threads: 2 }], paths: ['/a'] }, []],
  ['what a text is made of', { name: ['x'] }, []],
  ['only what is required', { name: 'x' }, []],
  ['what is missing', {}, ['missing required arguments: name']],
  ['a wrong type', { name: 'x', port: 'http' }, ["argument 'port' is of type str and we were unable to convert to int: expected a number, got the text 'http'"]],
  ['a wrong choice', { name: 'x', state: 'gone' }, ['value of state must be one of: present, absent, got: gone']],
  ['wrong items', { name: 'x', paths: ['/a', ['/b']] }, ["argument 'paths[1]' is of type list and we were unable to convert to path: expected a text, got a list"]],
  ['options below', { name: 'x', sites: [{ thread: 2 }] }, ["sites.thread. Supported parameters include: domain, threads. did you mean 'threads'?", 'missing required arguments: domain found in sites']],
])('%s', (_, given, mistakes) => {
  const values = dictOf(given)
  expect(argumentMistakes(spec, (name) => values.get(name))).toEqual(mistakes)
})
