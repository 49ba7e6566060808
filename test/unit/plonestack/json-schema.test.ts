import { expect, test } from 'vitest'
import { definition, redirectDefinition } from '../../../src/plonestack/definition.ts'
import { sitesSchema } from '../../../src/plonestack/json-schema.ts'

interface Schema {
  readonly properties: Readonly<Record<string, unknown>>
  readonly required: readonly string[]
}

const { else: file, $defs } = sitesSchema() as unknown as { readonly else: Schema; readonly $defs: { readonly keys: Readonly<Record<string, object>>; readonly site: { readonly then: Schema; readonly else: Schema } } }

test('a file of plone_sites/ may have every key, and needs none', () => {
  expect(Object.keys(file.properties).toSorted()).toEqual([...new Set(['hosts', ...Object.keys(definition), ...Object.keys(redirectDefinition)])].toSorted())
  expect(file.required).toEqual([])
})

test('an entry of sites has the keys of its kind, and those that it needs', () => {
  expect(Object.keys($defs.site.else.properties)).toEqual(Object.keys(definition))
  expect($defs.site.else.required).toEqual(['name', 'domain', 'plone', 'admin_password'])
  expect($defs.site.then.required).toEqual(['name', 'domain', 'redirect_to'])
})

test('each key says what it means, what it may hold and what it is when it is not given', () => {
  const template = { $ref: '#/$defs/template' }
  expect($defs.keys['baseport']).toEqual({ description: definition.baseport.doc, default: 8080, anyOf: [{ type: 'integer', minimum: 1024, maximum: 65_535 }, template, { type: 'null' }] })
  expect($defs.keys['extras']).toMatchObject({ anyOf: [{ type: 'array', items: { anyOf: [{ enum: ['nopound', 'contained', 'fss'] }, template] } }, { enum: ['nopound', 'contained', 'fss'] }, template, { type: 'null' }] })
  expect($defs.keys['session']).toMatchObject({ anyOf: [{ type: 'object', additionalProperties: false, properties: { cookie: { default: '_ZopeId' } } }, template, { type: 'null' }] })
})
