/** What a person most likely did wrong when YAML cannot be read. */

const USUAL_MISTAKES: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/^[ ]*\t|^\t/, 'indent with spaces: YAML takes no tabs'],
  [/(?:^|[\s:-])\{\{.*\}\}/, 'quote a value that starts with {{, as in: name: "{{ variable }}"'],
  [/^\s*(?:- )?\s*[\w.-]+:[^\s:/]/, 'write a space after the colon, as in: name: value'],
  [/:\s+[^'"[{|>#][^#]*:(?:\s|$)/, 'quote a value that holds a colon and a space, as in: msg: "like: this"'],
  [/^\s*(?:- )?\s*[\w.-]+:\s+(['"]).*\1\s*[^\s#]/, 'a quoted value ends at its second quote: quote all of it, with the other kind of quotes'],
  [/^\s*(?:- )?\s*[\w.-]+:\s+[@`%]/, 'quote a value that starts with @, ` or %'],
]

/**
 * The hint for an error at a line (from 1), looking also at the line before it, where the mistake often is.
 */
export function yamlHint(text: string, line: number): string | undefined {
  const lines = text.split('\n')
  const nearby = [lines[line - 1], lines[line - 2]].filter((candidate) => candidate !== undefined && !candidate.trimStart().startsWith('#'))
  for (const candidate of nearby) {
    const mistake = USUAL_MISTAKES.find(([pattern]) => pattern.test(candidate!))
    if (mistake !== undefined) return mistake[1]
  }
  return undefined
}
