/** The keys of a site definition as JSON Schema, from which editors complete and check what a person writes. */
import { definition, redirectDefinition } from './definition.ts'
import type { Field, Fields } from './schema.ts'

type Schema = Readonly<Record<string, unknown>>

/** For a file in plone_sites/ (a site), and for one in host_vars/ or group_vars/ (a mapping with `sites`). */
export function sitesSchema(): Schema {
  const all = { ...definition, redirect_to: redirectDefinition.redirect_to }
  const hosts = { description: 'Hosts and groups of the inventory that have the site; the group plone unless given.', type: ['string', 'array'], items: { type: 'string' } }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Sites of the plonestack',
    if: { required: ['sites'] },
    then: { properties: { sites: { anyOf: [template, { type: 'array', items: { anyOf: [template, { $ref: '#/$defs/site' }] } }] } } },
    // What a file leaves out may stand in that of the folder above.
    else: objectOf(['hosts', ...Object.keys(all)], []),
    $defs: {
      site: { if: { required: ['redirect_to'] }, then: objectOf(Object.keys(redirectDefinition), requiredOf(redirectDefinition)), else: objectOf(Object.keys(definition), requiredOf(definition)) },
      keys: { hosts, ...propertiesOf(all) },
      template: { type: 'string', pattern: '[{][{%]' },
    },
  }
}

/** Any value may be a template. */
const template = { $ref: '#/$defs/template' }

function objectOf(keys: readonly string[], required: readonly string[]): Schema {
  return { type: 'object', additionalProperties: false, required, properties: Object.fromEntries(keys.map((key) => [key, { $ref: `#/$defs/keys/${key}` }])) }
}

function requiredOf(fields: Fields): readonly string[] {
  return Object.keys(fields).filter((key) => fields[key]!.required)
}

function propertiesOf(fields: Fields): Schema {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, schemaOf(field)]))
}

function schemaOf(field: Field<unknown>): Schema {
  const { doc, fallback } = field
  const shown = typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean'
  return { description: doc, ...(shown && fallback !== '' && { default: fallback }), anyOf: [...kindsOf(field), template, { type: 'null' }] }
}

function kindsOf(field: Field<unknown>): readonly Schema[] {
  const { type, item, fields, choices, limits } = field
  if (type.startsWith('list') && item !== undefined) return [{ type: 'array', items: { anyOf: [...kindsOf(item), template] } }, ...kindsOf(item)]
  if (type.startsWith('mapping') && item !== undefined) return [{ type: 'object', additionalProperties: { anyOf: [...kindsOf(item), template, { type: 'null' }] } }]
  if (fields !== undefined) return [{ type: 'object', additionalProperties: false, required: requiredOf(fields), properties: propertiesOf(fields) }]
  // YAML reads on and off as booleans.
  if (choices !== undefined) return [{ enum: [...choices, ...(choices.includes('on') ? [true] : []), ...(choices.includes('off') ? [false] : [])] }]
  const plain = PLAIN[type]
  return plain === undefined ? [{}] : [{ ...plain, ...limits }]
}

/** By the type that a field has for documentation. */
const PLAIN: Readonly<Record<string, Schema>> = {
  text: { type: ['string', 'number'] },
  secret: { type: ['string', 'number'] },
  'whole number': { type: 'integer' },
  seconds: { type: 'number' },
  'yes or no': { type: 'boolean' },
  'time of day': { type: ['string', 'number', 'boolean'] },
  mapping: { type: 'object' },
}
