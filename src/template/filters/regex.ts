/** Filters that use regular expressions, in Python's syntax. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { tuple } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'
import { flag, int, or, rest, string, text } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'
import { groupOf, replacer } from '../regex/replace.ts'
import { compileRegex } from '../regex/translate.ts'

const flags = { multiline: or(flag, false), ignorecase: or(flag, false) }

/** The group that `\1` or `\g<name>` names. */
function groupName(reference: Value): string {
  const found = typeof reference === 'string' ? /^\\(?:g<([^>\s]+)>|(\d+))/.exec(reference) : null
  if (!found) throw new PlonerunError("regex_search: a group is given as '\\1' or '\\g<name>'")
  return found[1] ?? found[2]!
}

export const regexes: Plugins = {
  regex_replace: plugin(
    { value: or(text, ''), pattern: or(string, ''), replacement: or(string, ''), ignorecase: or(flag, false), multiline: or(flag, false), count: or(int, 0), mandatory_count: or(int, 0) },
    ({ value, pattern, replacement, ignorecase, multiline, count, mandatory_count }) => {
      const replace = replacer(replacement)
      let done = 0
      let [result, from] = ['', 0]
      for (const match of value.matchAll(compileRegex(pattern, { ignoreCase: ignorecase, multiline }))) {
        if (count && done === count) break
        result += value.slice(from, match.index) + replace(match)
        from = match.index + match[0].length
        done++
      }
      if (mandatory_count && done !== mandatory_count) throw new PlonerunError(`'${pattern}' should match ${mandatory_count} times, but matches ${done} times in '${value}'`)
      return result + value.slice(from)
    },
  ),
  regex_search: plugin({ value: text, regex: string, groups: rest, ...flags }, ({ value, regex, groups, multiline, ignorecase }) => {
    const match = compileRegex(regex, { ignoreCase: ignorecase, multiline }).exec(value)
    const names = groups.map(groupName)
    if (!match) return null
    return names.length ? names.map((name) => groupOf(match, name)) : match[0]
  }),
  regex_findall: plugin({ value: text, regex: string, ...flags }, ({ value, regex, multiline, ignorecase }) =>
    [...value.matchAll(compileRegex(regex, { ignoreCase: ignorecase, multiline }))].map((match): Value => {
      const groups = match.slice(1).map((group) => group ?? '')
      return groups.length === 0 ? match[0] : groups.length === 1 ? groups[0]! : tuple(...groups)
    }),
  ),
  regex_escape: plugin({ value: text, re_type: or(string, 'python') }, ({ value, re_type }) => {
    if (re_type === 'python') return value.replace(/[\t\n\v\f\r #$&()*+\-.?[\\\]^{|}~]/g, '\\$&')
    if (re_type === 'posix_basic') return value.replace(/[\].[^$*\\]/g, '\\$&')
    throw new PlonerunError(`regex_escape: re_type must be python or posix_basic, not '${re_type}'`)
  }),
}
