/** Templates give what ansible-core 2.19 gives: the probes, and a larger table observed with it. */
import { expect, test } from 'vitest'
import { createTemplating } from '../../../src/template/templating.ts'
import { toPlain } from '../../../src/values/convert.ts'
import { str } from '../../../src/values/print.ts'
import { typeName } from '../../../src/values/python.ts'
import { Undefined } from '../../../src/values/undefined.ts'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import type { Plain } from '../../../src/values/value.ts'
import cases from './jinja-cases.json' with { type: 'json' }
import probes from './jinja-probes.json' with { type: 'json' }
import { context, scopeOf, template } from './scope.ts'

const templating = createTemplating()

function evaluate(source: string, variables: Record<string, Plain> = {}) {
  const value = templating.evaluate(template(source), scopeOf(variables), context)
  if (value instanceof Undefined) throw new PlonerunError(value.hint, { where: value.position! })
  return value
}

for (const probe of probes) {
  test(`probe ${probe.template}`, () => {
    if ('error' in probe) {
      expect(() => evaluate(probe.template)).toThrow(PlonerunError)
      return
    }
    const value = evaluate(probe.template)
    expect(toPlain(value)).toEqual(probe.value)
    expect(value === null ? '' : str(value)).toBe(probe.text)
  })
}

const TYPES: Readonly<Record<string, string>> = { NoneType: 'none' }

for (const entry of cases.cases) {
  test(entry.template, () => {
    if ('error' in entry) {
      expect(() => evaluate(entry.template, cases.variables)).toThrow(PlonerunError)
      return
    }
    const value = evaluate(entry.template, cases.variables)
    expect([TYPES[typeName(value)] ?? typeName(value), value === null ? '' : str(value)]).toEqual([entry.type, entry.text])
  })
}
