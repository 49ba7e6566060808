/** What ini_file does to a text. */
import { endLastLine, splitLines } from './lines.ts'

export interface IniWish {
  /** undefined: what stands above the first section. */
  readonly section?: string | undefined
  /** Pairs that the section has, where several have the same name. */
  readonly section_has_values: readonly { readonly option: string; readonly values: readonly string[] }[]
  readonly option?: string | undefined
  /** Empty: the option stands alone. */
  readonly values: readonly string[]
  readonly present: boolean
  /** The option has no other values than these. */
  readonly exclusive: boolean
  readonly no_extra_spaces: boolean
  /** A line that differs in blanks only is left. */
  readonly ignore_spaces: boolean
  readonly allow_no_value: boolean
  /** A line that is commented out is made use of. */
  readonly modify_inactive_option: boolean
}

export interface IniResult {
  readonly text: string
  readonly message: string
}

/** Makes an option of a section have values, or not be there; without an option it is about the section. */
export function editIni(text: string, wish: IniWish): IniResult {
  const lines = splitLines(text)
  endLastLine(lines)
  const place = findSection(lines, wish)
  if (!place) return wish.present ? addSection(lines, wish) : { text, message: 'OK' }
  const [start, end] = place
  const section = lines.slice(start, end)
  const { lines: edited, message } = wish.present ? ensureOption(section, wish) : removeOption(section, wish)
  return message === 'OK' ? { text, message } : { text: [...lines.slice(0, start), ...edited, ...lines.slice(end)].join(''), message }
}

/** First and last line (exclusive) of the section, its header included. */
function findSection(lines: readonly string[], { section, section_has_values }: IniWish): readonly [start: number, end: number] | undefined {
  const nextHeader = (from: number): number => {
    const found = lines.findIndex((line, index) => index >= from && line.startsWith('['))
    return found === -1 ? lines.length : found
  }
  if (section === undefined) return [0, nextHeader(0)]
  const header = new RegExp(`^\\[\\s*${escape(section.trim())}\\s*\\]`)
  for (let start = nextHeader(0); start < lines.length; start = nextHeader(start + 1)) {
    const end = nextHeader(start + 1)
    const body = lines.slice(start + 1, end)
    const has = ({ option, values }: { option: string; values: readonly string[] }): boolean =>
      values.every((value) => body.some((line) => matchOption(line, option, false)?.value === value)) && (values.length > 0 || body.some((line) => matchOption(line, option, false)))
    if (header.test(lines[start]!) && section_has_values.every(has)) return [start, end]
  }
  return undefined
}

/** In a file without a line, an empty one comes first (community.general has it so, and files are compared). */
function addSection(lines: readonly string[], wish: IniWish): IniResult {
  const added = [
    `[${wish.section!}]\n`,
    ...wish.section_has_values.flatMap(({ option, values }) => (values.length === 0 ? [`${option}\n`] : values.map((value) => assignment(option, value, wish)))),
    ...newLines(wish),
  ]
  return { text: [...(lines.length === 0 ? ['\n'] : lines), ...added].join(''), message: wish.option === undefined ? 'only section added' : 'section and option added' }
}

function newLines({ option, values, ...wish }: IniWish): string[] {
  if (option === undefined) return []
  return values.length === 0 ? [`${option}\n`] : values.map((value) => assignment(option, value, wish))
}

interface Edit {
  readonly lines: string[]
  readonly message: string
}

function ensureOption(section: readonly string[], wish: IniWish): Edit {
  const { option, exclusive, modify_inactive_option } = wish
  let lines = [...section]
  let message = 'OK'
  if (option === undefined) return { lines, message }
  const settled = new Set<number>()
  const wanted = [...wish.values]
  let alone = wish.values.length === 0
  const settle = (index: number, line: string): void => {
    settled.add(index)
    if (sameLine(lines[index]!, line, option, wish.ignore_spaces)) return
    lines[index] = line
    message = 'option changed'
  }
  // Lines that have one of the values already.
  for (const [index, line] of section.entries()) {
    const found = matchOption(line, option, modify_inactive_option)
    if (!found) continue
    if (alone) {
      settle(index, `${option}\n`)
      return { lines, message }
    }
    const at = wanted.indexOf(found.value)
    if (at === -1) continue
    settle(index, assignment(option, wanted.splice(at, 1)[0]!, wish))
  }
  if (exclusive && !alone) {
    // Lines with other values get those that are left; what then still has others goes.
    for (const [index, line] of section.entries()) {
      if (wanted.length === 0) break
      if (!settled.has(index) && matchOption(line, option, modify_inactive_option)) settle(index, assignment(option, wanted.shift()!, wish))
    }
    const kept = lines.filter((line, index) => settled.has(index) || !matchOption(line, option, false))
    if (kept.length < lines.length) message = 'option changed'
    lines = kept
  }
  if (wanted.length > 0 || alone) {
    alone = false
    lines.splice(endOfContent(lines), 0, ...newLines({ ...wish, values: wanted }))
    message = 'option added'
  }
  return { lines, message }
}

/** Behind the last line that is neither blank nor a comment; right behind the header when there is none. */
function endOfContent(lines: readonly string[]): number {
  const header = lines[0]?.startsWith('[') ? 1 : 0
  return Math.max(header, lines.findLastIndex((line) => !/^[ \t]*([#;].*)?$/.test(line.trimEnd())) + 1)
}

function removeOption(section: readonly string[], { option, values, exclusive }: IniWish): Edit {
  if (option === undefined) return { lines: [], message: section.length > 0 ? 'section removed' : 'OK' }
  const lines = section.filter((line) => {
    const found = matchOption(line, option, false)
    return !found || !(exclusive || values.includes(found.value))
  })
  return { lines, message: lines.length < section.length ? 'option changed' : 'OK' }
}

interface OptionLine {
  readonly value: string
  readonly commented: boolean
}

function matchOption(line: string, option: string, inactive: boolean): OptionLine | undefined {
  const found = new RegExp(`^[ \\t]*([#;]?)[ \\t]*${escape(option)}[ \\t]*(?:=[ \\t]*(.*)|$)`).exec(line.replace(/\n$/, ''))
  if (!found || (found[1] !== '' && !inactive)) return undefined
  return { value: found[2] ?? '', commented: found[1] !== '' }
}

function sameLine(before: string, after: string, option: string, ignoreSpaces: boolean): boolean {
  if (before === after) return true
  const [old, fresh] = [matchOption(before, option, true), matchOption(after, option, true)]
  return ignoreSpaces && !old!.commented && old!.value === fresh!.value
}

function assignment(option: string, value: string, { no_extra_spaces }: Pick<IniWish, 'no_extra_spaces'>): string {
  return no_extra_spaces ? `${option}=${value}\n` : `${option} = ${value}\n`
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
