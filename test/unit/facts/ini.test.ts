import { expect, test } from 'vitest'
import { readIni } from '../../../src/facts/ini.ts'

test('sections, names in small letters, both signs, comments', () =>
  expect(readIni('# one\n[General]\nBar = loaded\nbaz: a=b\n; two\n\n[empty]\n')).toEqual({ General: { bar: 'loaded', baz: 'a=b' }, empty: {} }))

test('references, and what all sections share', () =>
  expect(readIni('[DEFAULT]\nroot=/srv\n[a]\nhome=%(root)s/a\nlog=%(Home)s/log 100%%\n')).toEqual({ a: { root: '/srv', home: '/srv/a', log: '/srv/a/log 100%' } }))

test.each([
  ['a line before any section', 'value=1\n', 'JSON or ini'],
  ['a line without a value', '[a]\nnonsense\n', 'JSON or ini'],
  ['a sign for itself', '[a]\nvalue=a % b\n', 'ini'],
  ['a reference that leads nowhere', '[a]\nvalue=%(nope)s\n', 'ini'],
  ['references in a circle', '[a]\none=%(two)s\ntwo=%(one)s\n', 'ini'],
])('%s', (_, text, as) => expect(readIni(text)).toBe(as))
