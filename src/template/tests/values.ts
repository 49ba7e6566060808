/** Tests of Jinja2: types, comparisons and definedness. */
import { Instance, type Value } from '../../values/value.ts'
import { isFloat, isInteger, isNumeric, toNumber, type Numeric } from '../../values/number.ts'
import { asBool, iterate, truth } from '../../values/python.ts'
import { Secret } from '../../values/secret.ts'
import { isList } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import { CallableInstance } from '../evaluate/callable.ts'
import { Method } from '../evaluate/attributes.ts'
import { NoElse } from '../evaluate/no-else.ts'
import { contains, holds, operate } from '../evaluate/operators.ts'
import type { Comparison } from '../syntax/ast.ts'
import { anything, flag, number, or, text } from '../plugins/parameter.ts'
import { plugin, type Accepts, type Plugins } from '../plugins/plugin.ts'

const AS_IT_IS: Accepts = { undefined: true, unknown: 'anywhere', secrets: true, templates: true }
const SHALLOW = { secrets: true, templates: true }

function question(ask: (value: Value) => boolean) {
  return plugin({ value: anything }, ({ value }) => ask(value), SHALLOW)
}

function comparing(comparison: Comparison) {
  return plugin({ value: anything, other: anything }, ({ value, other }) => holds(comparison, value, other))
}

const isUndefined = (value: Value): boolean => value instanceof Undefined || value instanceof NoElse
const isText = (value: Value): boolean => typeof value === 'string' || value instanceof Secret
const equalTo = comparing('==')
const notEqualTo = comparing('!=')
const lessThan = comparing('<')
const greaterThan = comparing('>')
const atMost = comparing('<=')
const atLeast = comparing('>=')

export const valueTests: Plugins = {
  defined: plugin({ value: anything }, ({ value }) => !isUndefined(value), AS_IT_IS),
  undefined: plugin({ value: anything }, ({ value }) => isUndefined(value), AS_IT_IS),
  vault_encrypted: question((value) => value instanceof Secret || (typeof value === 'string' && value.startsWith('$ANSIBLE_VAULT;'))),
  none: question((value) => value === null),
  boolean: question((value) => typeof value === 'boolean'),
  true: question((value) => value === true),
  false: question((value) => value === false),
  integer: question((value) => isInteger(value)),
  float: question((value) => isFloat(value)),
  number: question(isNumeric),
  string: question(isText),
  mapping: question((value) => value instanceof Map),
  sequence: question((value) => isList(value) || isText(value) || value instanceof Map || (value instanceof Instance && value.typeName === 'range')),
  iterable: question((value) => iterate(value) !== undefined),
  callable: question((value) => typeof value === 'function' || value instanceof CallableInstance || value instanceof Method),
  escaped: question(() => false),
  lower: plugin({ value: text }, ({ value }) => value === value.toLowerCase() && value !== value.toUpperCase()),
  upper: plugin({ value: text }, ({ value }) => value === value.toUpperCase() && value !== value.toLowerCase()),
  odd: plugin({ value: number }, ({ value }) => Math.abs(value % 2) === 1),
  even: plugin({ value: number }, ({ value }) => value % 2 === 0),
  divisibleby: plugin({ value: anything, num: anything }, ({ value, num }) => toNumber(operate('Mod', value, num) as Numeric) == 0),
  sameas: plugin({ value: anything, other: anything }, ({ value, other }) => value === other),
  in: plugin({ value: anything, seq: anything }, ({ value, seq }) => contains(seq, value)),
  contains: plugin({ value: anything, item: anything }, ({ value, item }) => contains(value, item)),
  filter: plugin({ value: text }, ({ value }, environment) => environment.hasPlugin('filter', value)),
  test: plugin({ value: text }, ({ value }, environment) => environment.hasPlugin('test', value)),
  eq: equalTo,
  equalto: equalTo,
  '==': equalTo,
  ne: notEqualTo,
  '!=': notEqualTo,
  lt: lessThan,
  lessthan: lessThan,
  '<': lessThan,
  gt: greaterThan,
  greaterthan: greaterThan,
  '>': greaterThan,
  le: atMost,
  '<=': atMost,
  ge: atLeast,
  '>=': atLeast,
  truthy: plugin({ value: anything, convert_bool: or(flag, false) }, ({ value, convert_bool }) => truthy(value, convert_bool)),
  falsy: plugin({ value: anything, convert_bool: or(flag, false) }, ({ value, convert_bool }) => !truthy(value, convert_bool)),
}

function truthy(value: Value, convert: boolean): boolean {
  return truth((convert ? asBool(value) : undefined) ?? value)
}
