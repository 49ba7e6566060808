/** What a text of Python imports. */
import { expect, test } from 'vitest'
import { importsOf } from '../../../src/load/python-imports.ts'

const FILES: Readonly<Record<string, readonly [text: string, isPackage: boolean]>> = {
  'a': ['', true],
  'a.one': ['from . import two\n', false],
  'a.two': ['', false],
  'a.pack': ['from .inner import x\n', true],
  'a.pack.inner': ['import a.deep.down as d, os\n', false],
  'a.deep': ['', true],
  'a.deep.down': ['', false],
  'a.unused': ['', false],
}
const find = (name: string): { text: string; isPackage: boolean } | undefined => (name in FILES ? { text: FILES[name]![0], isPackage: FILES[name]![1] } : undefined)
const names = (text: string, name = 'main'): string[] => Object.keys(importsOf([{ name, text }], find)).sort()

test.each([
  ['from a.one import something\n', ['a', 'a.one', 'a.two']],
  ['from a import (\n    one,  # the (first)\n    two as second,\n)\n', ['a', 'a.one', 'a.two']],
  ['try:\n    import a.pack\nexcept ImportError:\n    pass\n', ['a', 'a.deep', 'a.deep.down', 'a.pack', 'a.pack.inner']],
  ['import os; x = 1  # import a.unused\n', []],
])('%j', (text, wanted) => expect(names(text)).toEqual(wanted))

test('points count from the package that the text stands in', () => {
  expect(names('from ..two import x\n', 'a.plugins.main')).toEqual(['a', 'a.two'])
  expect(names('from .two import x\n', 'a.main')).toEqual(['a', 'a.two'])
})
