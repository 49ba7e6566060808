/** ansible.posix.sysctl: kernel parameters, in a file of sysctl.conf's kind and in the running kernel. */
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { pathResource } from '../../probe/resource.ts'
import { quote } from '../../shell/quote.ts'
import { sh, type Change, type Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, path, presence, required, text, type Input } from '../contract/option.ts'
import { editedFile, editReads, isPlan, planEdit, systemFile } from '../files/edit.ts'

const options = {
  name: required(text('The parameter, such as net.ipv4.ip_forward.', { aliases: ['key'] })),
  value: text('Its value.', { aliases: ['val'] }),
  state: presence('Whether the file has it.'),
  sysctl_file: defaulting(path('The file.'), '/etc/sysctl.conf'),
  sysctl_set: defaulting(flag('Also sets it in the running kernel at once.'), false),
  reload: defaulting(flag('Has the file read again when something changed.'), true),
  ignoreerrors: defaulting(flag('Parameters that the kernel does not know are no failure.'), false),
} as const

type SysctlInput = Input<typeof options>

export const sysctl = state({
  name: 'ansible.posix.sysctl',
  summary: 'Sets kernel parameters, in a file and in the running kernel.',
  options,
  rules: { requiredIf: [['state', 'present', ['value']]] },
  reads: (input, _prepared, known) => ({
    ...editReads(systemFile(input.sysctl_file), known),
    current: shellRead(`sysctl -e -n -- ${quote(nameOf(input))}`, [pathResource(`/proc/sys/${nameOf(input).replaceAll('.', '/')}`)]),
  }),
  plan: (input, known) => plan(input, known),
})

function plan(input: SysctlInput, known: Known): Plan {
  const wanted = valueOf(input)
  if (input.state === 'present' && wanted === '') return { fail: 'value cannot be blank' }
  const edited = editedFile(systemFile(input.sysctl_file), known)
  if (isPlan(edited)) return edited
  const current = known['current'] as ShellResult
  const before = edited.text ?? ''
  const after = withParameter(before, nameOf(input), input.state === 'present' ? wanted : undefined)
  const writing = after === undefined ? [] : planEdit(systemFile(input.sysctl_file), edited, after, known)
  const differs = input.state === 'present' && words(current.stdout) !== words(wanted)
  const setting = input.sysctl_set && differs ? [setNow(input, wanted)] : []
  const reload = input.reload && (writing.length > 0 || differs)
  return { changes: [...setting, ...writing, ...(reload ? [readAgain(input)] : [])] }
}

const nameOf = ({ name }: SysctlInput): string => name.trim()

/** Booleans are 1 and 0 to the kernel. */
function valueOf({ value = '' }: SysctlInput): string {
  const word = value.toLowerCase()
  if (['yes', 'on', 'true', 't', 'y', '1'].includes(word)) return '1'
  if (['no', 'off', 'false', 'f', 'n', '0'].includes(word)) return '0'
  return value.trim()
}

/** The kernel separates several values by tabs. */
function words(text: string): string {
  return text.trim().split(/\s+/).join(' ')
}

/**
 * The text with the parameter, or without it; undefined when it is as wanted.
 * As Ansible does, a file that is written loses the blanks around `=` and all but the first line of each parameter.
 */
export function withParameter(before: string, name: string, value: string | undefined): string | undefined {
  const lines = before.split('\n').map((line) => line.trim())
  if (lines.at(-1) === '') lines.pop()
  const values = lines.flatMap((line) => assignment(line) ?? []).filter((each) => each.name === name)
  if (values.at(-1)?.value === value) return undefined
  const seen = new Set<string>()
  const kept = lines.flatMap((line) => {
    const found = assignment(line)
    if (found === undefined) return [line]
    if (seen.has(found.name)) return []
    seen.add(found.name)
    if (found.name !== name) return [`${found.name}=${found.value}`]
    return value === undefined ? [] : [`${name}=${value}`]
  })
  const added = value !== undefined && !seen.has(name) ? [`${name}=${value}`] : []
  return [...kept, ...added].map((line) => `${line}\n`).join('')
}

function assignment(line: string): { readonly name: string; readonly value: string } | undefined {
  const equals = line.indexOf('=')
  if (equals === -1 || /^[#;]/.test(line)) return undefined
  return { name: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim() }
}

/** sysctl may complain and yet exit with 0. */
const CALL = `out=$(sysctl "$@" 2>&1); code=$?
[ "$code" != 0 ] || ! printf '%s\\n' "$out" | grep -Eq '^sysctl: setting key "[^"]+"(, ignoring)?: (Invalid argument|Read-only file system)$' || code=1
printf '%s\\n' "$out" >&2
exit "$code"`

function setNow(input: SysctlInput, value: string): Change {
  return { summary: `${nameOf(input)} = ${value} in the running kernel`, writes: ['path:/proc/sys'], steps: [sh(CALL, ...ignoring(input), '-w', `${nameOf(input)}=${value}`)] }
}

function readAgain(input: SysctlInput): Change {
  return { summary: `the kernel gets what ${input.sysctl_file} says`, writes: ['path:/proc/sys'], steps: [sh(CALL, ...ignoring(input), '-p', input.sysctl_file)] }
}

function ignoring({ ignoreerrors }: SysctlInput): readonly string[] {
  return ignoreerrors ? ['-e'] : []
}
