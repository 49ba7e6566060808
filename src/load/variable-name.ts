/** Names that variables may have. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { str } from '../values/print.ts'
import type { Value } from '../values/value.ts'

/** Words of Python and of Jinja2 that a template could never look up. */
const RESERVED = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(' '),
)

function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name)
}

/** Throws a PlonerunError for the first name that no variable can have. */
export function checkVariableNames(names: Iterable<Value>, where: (name: Value) => Position | undefined): void {
  for (const name of names) {
    if (typeof name === 'string' && isVariableName(name)) continue
    const why = typeof name === 'string' && RESERVED.has(name) ? 'it is a word of the template language' : 'names consist of letters, digits and underscores, and do not start with a digit'
    throw new PlonerunError(`Invalid variable name '${str(name)}'`, { where: where(name), why })
  }
}
