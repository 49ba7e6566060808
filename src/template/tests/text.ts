/** Tests of text: regular expressions, versions, addresses of the web. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import type { Value } from '../../values/value.ts'
import { anything, flag, list, optional, or, string, text } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'
import { compileRegex } from '../regex/translate.ts'
import { splitUrl } from '../filters/url-parts.ts'
import { compareVersions } from '../versions/compare.ts'

const subject = { value: or(text, ''), pattern: or(string, ''), ignorecase: or(flag, false), multiline: or(flag, false) }

function matches(value: string, pattern: string, ignoreCase: boolean, multiline: boolean, kind: string): boolean {
  const regex = compileRegex(pattern, { ignoreCase, multiline }, kind !== 'search')
  const match = regex.exec(value)
  return match !== null && (kind !== 'fullmatch' || match[0].length === value.length)
}

const match = plugin(subject, ({ value, pattern, ignorecase, multiline }) => matches(value, pattern, ignorecase, multiline, 'match'))
const search = plugin(subject, ({ value, pattern, ignorecase, multiline }) => matches(value, pattern, ignorecase, multiline, 'search'))
const regex = plugin({ ...subject, match_type: or(string, 'search') }, ({ value, pattern, ignorecase, multiline, match_type }) => matches(value, pattern, ignorecase, multiline, match_type))

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}
const OPERATOR_NAMES: Readonly<Record<string, string>> = { eq: '==', '=': '==', ne: '!=', '<>': '!=', lt: '<', le: '<=', gt: '>', ge: '>=' }

const version = plugin(
  { value: anything, version: anything, operator: or(string, 'eq'), strict: optional(flag), version_type: optional(string) },
  (args) => {
    if (args.strict !== undefined && args.version_type !== undefined) throw new PlonerunError("Cannot specify both 'strict' and 'version_type'")
    const holds = OPERATORS[OPERATOR_NAMES[args.operator] ?? args.operator]
    if (!holds) throw new PlonerunError(`Invalid operator type (${args.operator})`, { hint: `known are ${[...Object.keys(OPERATORS), ...Object.keys(OPERATOR_NAMES)].join(', ')}` })
    const [left, right] = [filled(args.value, 'Input version value'), filled(args.version, 'Version parameter to compare against')]
    return holds(compareVersions(left, right, args.strict ? 'strict' : (args.version_type ?? 'loose')))
  },
)

function filled(value: Value, what: string): string {
  const given = value === null ? '' : str(value)
  if (given === '') throw new PlonerunError(`${what} cannot be empty`)
  return given
}

const schemes = { value: anything, schemes: optional(list) }

function isUri(value: Value, allowed: readonly Value[] | undefined): boolean {
  return typeof value === 'string' && (!allowed?.length || allowed.includes(splitUrl(value).scheme))
}

export const textTests: Plugins = {
  match,
  search,
  regex,
  version,
  version_compare: version,
  uri: plugin(schemes, (args) => isUri(args.value, args.schemes)),
  url: plugin(schemes, (args) => {
    if (!isUri(args.value, args.schemes)) return false
    const parts = splitUrl(args.value as string)
    return parts.netloc !== '' || parts.scheme === 'file'
  }),
  urn: plugin({ value: anything }, ({ value }) => isUri(value, ['urn'])),
}
