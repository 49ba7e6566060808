/** INI as Python's ConfigParser reads it: names in small letters, values that may name others of their section. */

export type Ini = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The sections of a text; or as what it cannot be understood: a text without any section, or with a broken reference. */
export function readIni(text: string): Ini | 'JSON or ini' | 'ini' {
  const sections: Record<string, Record<string, string>> = {}
  let section: Record<string, string> | undefined
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const header = /^\[(.+)\]$/.exec(line)
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line)
    if (header) section = sections[header[1]!] ??= {}
    else if (!pair || !section) return 'JSON or ini'
    else section[pair[1]!.toLowerCase()] = pair[2]!
  }
  const { DEFAULT: shared = {}, ...own } = sections
  const whole = Object.entries(own).map(([name, entries]) => [name, resolved({ ...shared, ...entries })] as const)
  return whole.some(([, entries]) => entries === undefined) ? 'ini' : (Object.fromEntries(whole) as Ini)
}

/** The values with `%(name)s` replaced and `%%` as `%`; undefined when a reference leads nowhere, or a `%` is neither. */
function resolved(entries: Readonly<Record<string, string>>): Record<string, string> | undefined {
  const resolve = (value: string, depth: number): string | undefined => {
    if (depth > 10 || /%(?!%|\(\w+\)s)/.test(value.replaceAll('%%', ''))) return undefined
    let broken = false
    const text = value.replace(/%%|%\((\w+)\)s/g, (mark, name: string | undefined) => {
      const other = name === undefined ? '%' : entries[name.toLowerCase()]
      const inner = mark === '%%' || other === undefined ? other : resolve(other, depth + 1)
      broken ||= inner === undefined
      return inner ?? ''
    })
    return broken ? undefined : text
  }
  const pairs = Object.entries(entries).map(([name, value]) => [name, resolve(value, 0)] as const)
  return pairs.some(([, value]) => value === undefined) ? undefined : (Object.fromEntries(pairs) as Record<string, string>)
}
