/** Output of tools that print a line for each file that is there: `fields name`, where a name may hold anything but NUL. */

/**
 * Finds out which line belongs to which name. Lines come in the order of the names, and names may have been left out.
 * @param output the tool's output, one character a byte
 * @param head matches the fields in front of the name, sticky
 * @returns the fields of each name that has a line
 */
export function namedLines(output: string, head: RegExp, names: readonly string[]): Map<string, RegExpExecArray> {
  const found = new Map<string, RegExpExecArray>()
  let next = 0
  for (let at = 0; at < output.length; ) {
    head.lastIndex = at
    const fields = head.exec(output)
    if (!fields) throw new Error(`not understood: ${output.slice(at, at + 200)}`)
    const start = at + fields[0].length
    const index = longestMatch(names, next, (name) => endOf(output, start, name) !== undefined)
    if (index === undefined) throw new Error(`a line about a file that was not asked for: ${output.slice(at, at + 200)}`)
    found.set(names[index]!, fields)
    at = endOf(output, start, names[index]!)!
    next = index + 1
  }
  return found
}

/** The first name that fits, or a longer one that begins with it (a name may end in a newline). */
function longestMatch(names: readonly string[], from: number, fits: (name: string) => boolean): number | undefined {
  const first = names.findIndex((name, index) => index >= from && fits(name))
  if (first === -1) return undefined
  let best = first
  for (let index = first + 1; index < names.length; index++) {
    const name = names[index]!
    if (name.length > names[best]!.length && name.startsWith(`${names[first]!}\n`) && fits(name)) best = index
  }
  return best
}

/** Where the line with this name ends, or undefined when it is about another. GNU tools may escape backslash, newline and return. */
function endOf(output: string, start: number, name: string): number | undefined {
  for (const spelt of [name, name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')])
    if (output.startsWith(`${spelt}\n`, start)) return start + spelt.length + 1
  return undefined
}
