/** Filters to and from YAML. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Value } from '../../values/value.ts'
import { anything, flag, int, optional, or, string } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'
import { dumpYaml } from '../yaml/dump.ts'
import { loadYaml } from '../yaml/load.ts'
import type { Style } from '../yaml/scalar-style.ts'

const STYLES: Readonly<Record<string, Style>> = { "'": 'single', '"': 'double', '|': 'literal', '>': 'folded' }

const options = {
  indent: optional(int),
  default_flow_style: optional(flag),
  width: optional(int),
  sort_keys: or(flag, true),
  default_style: optional(string),
  explicit_start: or(flag, false),
  explicit_end: or(flag, false),
}

interface Given {
  readonly value: Value
  readonly indent: number | undefined
  readonly default_flow_style: boolean | undefined
  readonly width: number | undefined
  readonly sort_keys: boolean
  readonly default_style: string | undefined
  readonly explicit_start: boolean
  readonly explicit_end: boolean
}

function write(given: Given): string {
  return dumpYaml(given.value, {
    ...(given.indent !== undefined && { indent: given.indent }),
    ...(given.width !== undefined && { width: given.width }),
    flow: given.default_flow_style,
    sortKeys: given.sort_keys,
    style: given.default_style ? STYLES[given.default_style] : undefined,
    explicitStart: given.explicit_start,
    explicitEnd: given.explicit_end,
  })
}

function documents(value: string | null): Value[] {
  return value === null ? [] : loadYaml(value)
}

export const yaml: Plugins = {
  to_yaml: plugin({ value: anything, ...options }, write),
  to_nice_yaml: plugin({ value: anything, ...options, indent: or<number | undefined>(int, 4), default_flow_style: or<boolean | undefined>(flag, false) }, write),
  from_yaml: plugin({ value: anything }, ({ value }) => {
    if (value !== null && typeof value !== 'string') return value
    const found = documents(value)
    if (found.length > 1) throw new PlonerunError('from_yaml: the text holds more than one document', { hint: 'from_yaml_all reads them all' })
    return found[0] ?? null
  }),
  from_yaml_all: plugin({ value: anything }, ({ value }) => (value !== null && typeof value !== 'string' ? value : documents(value))),
}
