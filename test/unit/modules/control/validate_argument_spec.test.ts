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
  ['only what is required', { name: 'x' }, []],
  ['what is missing', {}, ['missing required arguments: name']],
  ['a wrong type', { name: 'x', port: 'http' }, ["port: expected a number, got the text 'http'"]],
  ['a wrong choice', { name: 'x', state: 'gone' }, ["state: 'gone' is none of present, absent"]],
  ['wrong items', { name: 'x', paths: ['/a', ['/b']] }, ['paths[1]: expected a text, got a list']],
  ['options below', { name: 'x', sites: [{ thread: 2 }] }, ["sites has no option 'thread': did you mean 'threads'?", 'missing required arguments: sites.domain']],
])('%s', (_, given, mistakes) => {
  const values = dictOf(given)
  expect(argumentMistakes(spec, (name) => values.get(name))).toEqual(mistakes)
})
