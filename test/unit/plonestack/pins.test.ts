import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import { pinsIn, pinsOf } from '../../../src/plonestack/pins.ts'
import { suiteOf } from '../../../src/plonestack/suites.ts'

const files: Readonly<Record<string, string>> = {
  '/lists/plone-6.0.15-python3.9.txt': 'Zope==5.10\nplone.api==2.2.3\n',
  '/lists/plone-5.2.15-python2.7.txt': 'Zope==4.8.11\n',
  '/lists/plone-4.3.20-python2.7.txt': 'Zope2==2.13.30\n',
  'more.txt': '# ours\nplone_API==2.2.4\n',
  'versions.cfg': '[buildout]\nextends = x.cfg\n[versions]\nPlone = 4.3.19\nZope2 = 2.13.29 # older\n[versions:python27]\nmock = 1.0\n',
}

function pins(given: object, release = 'bullseye') {
  const read = (file: string): string => files[file] ?? ''
  return pinsOf({ plone: '6.0', zope: undefined, python: undefined, interpreter: undefined, versions: undefined, buildout: undefined, eggs: [], ...given }, release, suiteOf(release), { folder: '/lists', read }, "site 'demo'")
}

function errorOf(given: object): string {
  try {
    pins(given)
  } catch (error) {
    if (error instanceof PlonerunError) return `${error.message}\n${error.hint ?? ''}`
    throw error
  }
  return 'no error'
}

describe('Zope and Python follow from the Plone', () => {
  test.each<[string, object, object]>([
    ['6.0 on the usual Python of the box', { plone: '6.0' }, { plone: '6.0.15', python: '3.9', interpreter: 'python3.9', server: 'WSGI', requirements: ['Plone==6.0.15', 'ZEO'] }],
    ['5.2 with what its Zope leaves to choose', { plone: '5.2' }, { plone: '5.2.15', python: '2.7', server: 'WSGI', requirements: ['Plone==5.2.15', 'ZEO', 'Paste'] }],
    ['4.3 with the server of its time', { plone: '4.3' }, { python: '2.7', server: 'ZServer', requirements: ['Plone==4.3.20', 'Pillow', 'lxml'] }],
    ['another Zope', { zope: '5.11' }, { constraints: 'Zope==5.11\nplone.api==2.2.3', requirements: ['Plone==6.0.15', 'Zope==5.11', 'ZEO'] }],
    ['another Zope 2', { plone: '4.3', zope: '2.13.29' }, { constraints: 'Zope2==2.13.29' }],
    ['pins laid over the list that ships', { versions: 'more.txt' }, { plone: '6.0.15', constraints: 'Zope==5.10\nplone_API==2.2.4' }],
    ['a versions.cfg that stands alone', { plone: '4.3.19', versions: 'versions.cfg' }, { plone: '4.3.19', python: '2.7', constraints: 'Plone==4.3.19\nZope2==2.13.29\nmock==1.0' }],
  ])('%s', (_, given, expected) => {
    expect(pins(given)).toMatchObject(expected)
  })
})

test.each([
  ['a Python that the Plone does not run on', { plone: '4.3', python: '3.9', interpreter: '/opt/py' }, "site 'demo': Plone 4.3.20 does not run on Python 3.9\nit runs on 2.7"],
  ['an interpreter of unknown version', { interpreter: '/opt/py' }, "site 'demo': interpreter needs a python\nthe version of /opt/py: python: 3.13"],
  ['a Plone whose Python no box has', { plone: '3.3.6', versions: 'versions.cfg' }, "site 'demo': there is no version list for Plone 3.3.6 on Python 3.9 or 2.7 (bullseye)\nthere is one for Python 2.4; another can be named with 'versions:'"],
])('%s is refused', (_, given, message) => {
  expect(errorOf(given)).toBe(message)
})

test('pins of constraints keep what pip makes of them', () => {
  expect([...pinsIn('Foo.Bar==1.0 ; python_version > "3"\n\n# no\nbaz>=2')]).toEqual([
    ['foo-bar', 'Foo.Bar==1.0'],
    ['baz', 'baz>=2'],
  ])
})

const lists = join(import.meta.dirname, '../../../roles/plone/files/versions')

test.each(readdirSync(lists))('%s is of the Plone that it is named after', (name) => {
  const pins = pinsIn(readFileSync(join(lists, name), 'utf8'))
  const plone = /^plone-([\d.]+)-/.exec(name)![1]!
  expect(['plone', 'products-cmfplone'].map((each) => pins.get(each)?.split('==')[1])).toEqual([plone, plone])
})
