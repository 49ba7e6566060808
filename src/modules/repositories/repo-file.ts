/** Files of yum's repositories, as Python's configparser reads and writes them (comments do not survive a change). */

/** Values of the options of each section, in their order. Names of options are in lower case. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>

/** An option's value goes on in lines that are indented further than its name. */
export function parseRepoFile(text: string): Sections {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  let option: string | undefined
  let indent = 0
  for (const line of text.split(/\r?\n/)) {
    const content = line.trim()
    if (content.startsWith('#') || content.startsWith(';')) continue
    const depth = line.search(/\S/)
    if (option !== undefined && section !== undefined && (content === '' || depth > indent)) {
      section.set(option, `${section.get(option)!}\n${content}`)
      continue
    }
    if (content === '') continue
    indent = depth
    const header = /^\[(.+)\]/.exec(content)?.[1]
    const [, name, value] = /^(.*?)\s*[=:]\s*(.*)$/.exec(content) ?? []
    if (header !== undefined) {
      section = sections.get(header) ?? new Map<string, string>()
      sections.set(header, section)
      option = undefined
    } else if (section !== undefined && name !== undefined) {
      option = name.toLowerCase()
      section.set(option, value!)
    }
  }
  for (const options of sections.values()) for (const [name, value] of options) options.set(name, value.trimEnd())
  return sections
}

export function printRepoFile(sections: Sections): string {
  const body = (options: ReadonlyMap<string, string>): string => [...options].map(([name, value]) => `${name} = ${value.replaceAll('\n', '\n\t')}\n`).join('')
  return [...sections].map(([header, options]) => `[${header}]\n${body(options)}\n`).join('')
}

/** Whether both say the same, in whatever order. */
export function sameRepositories(a: Sections, b: Sections): boolean {
  return sorted(a) === sorted(b)
}

function sorted(sections: Sections): string {
  const byName = <T>(map: ReadonlyMap<string, T>): Map<string, T> => new Map([...map].sort(([x], [y]) => (x < y ? -1 : 1)))
  return printRepoFile(new Map([...byName(sections)].map(([header, options]) => [header, byName(options)])))
}
