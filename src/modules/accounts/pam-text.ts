/** The text of a PAM service file: rules found, changed, added and taken away; pure. */

interface Rule {
  readonly type: string
  readonly control: string
  readonly path: string
  readonly args: readonly string[]
}

/** Comments, blank lines and @include are kept as they are. */
type Line = string | Rule

const RULE = /^(-?(?:account|auth|password|session))\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$/
const SIMPLE = ['required', 'requisite', 'sufficient', 'optional', 'include', 'substack', 'definitive']

export interface PamWish {
  readonly type: string
  readonly control: string
  readonly path: string
  readonly state: 'absent' | 'after' | 'args_absent' | 'args_present' | 'before' | 'updated'
  readonly fresh: { readonly type?: string | undefined; readonly control?: string | undefined; readonly path?: string | undefined }
  readonly args: readonly string[] | undefined
}

/**
 * What the text becomes, and how many rules that concerns. A text that changes has its rules in columns.
 * @throws Error for a rule that is none
 */
export function editPam(before: string, wish: PamWish): { readonly text: string; readonly count: number } {
  const lines = linesOf(before)
  const { lines: after, count } = change(lines, wish)
  for (const line of after) if (typeof line !== 'string') check(line)
  return { text: count === 0 ? before : after.map((line) => `${written(line)}\n`).join(''), count }
}

function linesOf(text: string): Line[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => {
    const [, type, control, path, args] = RULE.exec(line.trim()) ?? []
    return type === undefined || /^\s*[#@]/.test(line) ? line : { type, control: tidy(control!), path: path!, args: argumentsOf([args!]) }
  })
}

/** Words; a bracket is one, with its blanks. */
export function argumentsOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.match(/\[[^\]]*\]|\S+/g) ?? [])
}

function tidy(control: string): string {
  return control.replaceAll(' = ', '=')
}

function written(line: Line): string {
  if (typeof line === 'string') return line
  return `${line.type.padEnd(11)}${[line.control, line.path, ...line.args].join(' ')}`
}

function check(rule: Rule): void {
  const simple = !rule.control.startsWith('[')
  const wrong = simple ? (SIMPLE.includes(rule.control) ? undefined : rule.control) : rule.control.slice(1, -1).split(/\s+/).find((pair) => !/^\w+=(ignore|bad|die|ok|done|reset|\d+)$/.test(pair))
  if (wrong !== undefined) throw new Error(`Rule control, ${wrong}, is not valid in rule ${written(rule)}`)
}

function matches(line: Line | undefined, { type, control, path }: { readonly type?: string | undefined; readonly control?: string | undefined; readonly path?: string | undefined }): boolean {
  return typeof line === 'object' && line.type === type && line.control === (control === undefined ? undefined : tidy(control)) && line.path === path
}

function change(lines: readonly Line[], wish: PamWish): { readonly lines: readonly Line[]; readonly count: number } {
  const { state, fresh, args = [] } = wish
  if (state === 'absent') {
    const kept = lines.filter((line) => !matches(line, wish))
    return { lines: kept, count: lines.length - kept.length }
  }
  if (state === 'before' || state === 'after') return insert(lines, wish)
  let count = 0
  const edited = lines.map((line) => {
    if (typeof line === 'string' || !matches(line, wish)) return line
    const rule: Rule =
      state === 'updated'
        ? { type: fresh.type ?? line.type, control: fresh.control === undefined ? line.control : tidy(fresh.control), path: fresh.path ?? line.path, args: wish.args === undefined ? line.args : argumentsOf(args) }
        : { ...line, args: state === 'args_present' ? withArguments(line.args, argumentsOf(args)) : line.args.filter((each) => !argumentsOf(args).includes(each)) }
    if (written(rule) !== written(line)) count++
    return rule
  })
  return { lines: edited, count }
}

/** Beside each rule that matches, unless it stands there already; comments do not count. */
function insert(lines: readonly Line[], wish: PamWish): { readonly lines: readonly Line[]; readonly count: number } {
  const { fresh, args = [], state } = wish
  const rule: Rule = { type: fresh.type ?? '', control: tidy(fresh.control ?? ''), path: fresh.path ?? '', args: argumentsOf(args) }
  const counts = (line: Line): boolean => typeof line === 'object' || /^\s*@/.test(line)
  let count = 0
  const result = lines.flatMap((line, index): Line[] => {
    if (!matches(line, wish)) return [line]
    const neighbour = state === 'before' ? lines.slice(0, index).findLast(counts) : lines.slice(index + 1).find(counts)
    if (matches(neighbour, fresh)) return [line]
    count++
    return state === 'before' ? [rule, line] : [line, rule]
  })
  return { lines: result, count }
}

/** Those that are missing at the end; `key=value` takes the place of another value. */
function withArguments(current: readonly string[], wanted: readonly string[]): readonly string[] {
  const result = [...current]
  for (const argument of wanted) {
    const key = /^([^[=]+)=/.exec(argument)?.[1]
    const at = result.findIndex((each) => each === argument || (key !== undefined && each.startsWith(`${key}=`)))
    if (at === -1) result.push(argument)
    else result[at] = argument
  }
  return result
}
