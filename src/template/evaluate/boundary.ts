/** The boundary that operands cross: secrets are revealed to what computes and its results made secret again; unknown stays unknown. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { Secret } from '../../values/secret.ts'
import { Unknown } from '../../values/unknown.ts'
import { placeLike } from '../../values/positions.ts'
import { isList, tuple, Tuple } from '../../values/tuple.ts'
import type { Dict, Value } from '../../values/value.ts'
import type { Accepts } from '../plugins/plugin.ts'

/** What `compute` makes of the operands: unknown when one holds an unknown, with secret strings when one holds a secret. */
export function compute(operands: readonly Value[], run: (plain: readonly Value[]) => Value, accepts: Pick<Accepts, 'unknown' | 'secrets'> = {}): Value {
  const found: Found = { unknown: undefined, secrets: undefined }
  for (const operand of operands) inspect(operand, found)
  if (found.unknown && accepts.unknown !== 'anywhere') {
    const whole = operands.find((operand) => operand instanceof Unknown)
    if (whole || !accepts.unknown) return whole ?? found.unknown
  }
  const { secrets } = found
  if (!secrets || accepts.secrets) return run(operands)
  const plain = new Set<string>()
  for (const operand of operands) plainTexts(operand, plain)
  try {
    return conceal(run(operands.map(reveal)), (text) => secrets.has(text) || !plain.has(text))
  } catch (error) {
    throw error instanceof PlonerunError ? masked(error, secrets) : error
  }
}

interface Found {
  unknown: Unknown | undefined
  secrets: Set<string> | undefined
}

/** A dict computed on demand (hostvars) is not looked through: that would evaluate all of it. */
export function isPlainDict(value: Value): value is Dict {
  return value instanceof Map && value.constructor === Map
}

function inspect(value: Value, found: Found): void {
  if (typeof value !== 'object' || value === null) return
  if (value instanceof Secret) (found.secrets ??= new Set()).add(value.reveal())
  else if (value instanceof Unknown) found.unknown ??= value
  else if (isList(value)) for (const item of value) inspect(item, found)
  else if (isPlainDict(value)) {
    for (const [key, item] of value) {
      inspect(key, found)
      inspect(item, found)
    }
  }
}

function plainTexts(value: Value, texts: Set<string>): void {
  if (typeof value === 'string') texts.add(value)
  else if (isList(value)) for (const item of value) plainTexts(item, texts)
  else if (isPlainDict(value)) {
    for (const [key, item] of value) {
      plainTexts(key, texts)
      plainTexts(item, texts)
    }
  }
}

/** The value with the texts of its secrets in place of them. */
function reveal(value: Value): Value {
  if (value instanceof Secret) return value.reveal()
  if (isList(value)) return value instanceof Tuple ? tuple(...value.map(reveal)) : placeLike(value.map(reveal), value)
  if (isPlainDict(value)) return placeLike(new Map([...value].map(([key, item]) => [reveal(key), reveal(item)])), value)
  return value
}

function conceal(value: Value, isSecret: (text: string) => boolean): Value {
  if (typeof value === 'string') return value !== '' && isSecret(value) ? new Secret(value) : value
  const inner = (item: Value): Value => conceal(item, isSecret)
  if (isList(value)) return value instanceof Tuple ? tuple(...value.map(inner)) : placeLike(value.map(inner), value)
  if (isPlainDict(value)) return placeLike(new Map([...value].map(([key, item]) => [key, inner(item)])), value)
  return value
}

function masked(error: PlonerunError, secrets: ReadonlySet<string>): PlonerunError {
  const mask = (text: string | undefined): string | undefined => {
    let shown = text
    for (const secret of secrets) if (secret) shown = shown?.replaceAll(secret, '********')
    return shown
  }
  const { kind, where } = error
  const [why, hint] = [mask(error.why), mask(error.hint)]
  return new PlonerunError(mask(error.message)!, { kind, ...(where && { where }), ...(why && { why }), ...(hint && { hint }) })
}
