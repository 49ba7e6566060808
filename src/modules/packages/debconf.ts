/** ansible.builtin.debconf: answers for packages that ask while they are installed. */
import type { Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { str } from '../../values/print.ts'
import { isList } from '../../values/tuple.ts'
import type { Plan } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, oneOf, raw, required, text, type Input } from '../contract/option.ts'

const VTYPES = ['boolean', 'error', 'multiselect', 'note', 'password', 'seen', 'select', 'string', 'text', 'title'] as const

const options = {
  name: required(text('The package.', { aliases: ['pkg'] })),
  question: text('The question; without it all answers are only told.', { aliases: ['selection', 'setting'] }),
  vtype: oneOf(VTYPES, 'Its type.'),
  value: raw('The answer.', { aliases: ['answer'] }),
  unseen: defaulting(flag('The question is still asked.'), false),
} as const

type DebconfInput = Input<typeof options>

export const debconf = state({
  name: 'ansible.builtin.debconf',
  summary: 'Answers the questions of Debian packages ahead of their installation.',
  options,
  rules: { requiredTogether: [['question', 'vtype', 'value']] },
  reads: (input) => ({ shown: shownRead(input), ...(input.vtype === 'password' && { password: passwordRead(input) }) }),
  plan: (input, known) => plan(input, known),
  result(input, { shown }, { changed }) {
    const previous = answersOf(shown)
    const { question, vtype } = input
    if (!changed || question === undefined) return { current: previous, msg: '' }
    const before = question in previous ? { [question]: previous[question]! } : { ...previous, [question]: '' }
    const current = { [question]: vtype === 'password' ? '(password omitted)' : answer(input) }
    return { current, previous: before, msg: '' }
  },
})

function shownRead({ name }: DebconfInput): Read<ShellResult> {
  return shellRead(`debconf-show ${quote(name)}`, ['path:/var/cache/debconf'])
}

/** debconf-show does not tell passwords. */
function passwordRead({ question = '' }: DebconfInput): Read<ShellResult> {
  return shellRead(`awk -v q=${quote(question)} '$1 == "Name:" { found = $2 == q } found && $1 == "Value:" { sub(/^Value: /, ""); print; exit }' /var/cache/debconf/passwords.dat`, ['path:/var/cache/debconf'])
}

/** `* question: answer` for each that has been seen. */
function answersOf({ stdout }: ShellResult): Record<string, string> {
  const lines = stdout.split('\n').filter((line) => line.includes(':'))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).replace('*', '').trim(), line.slice(line.indexOf(':') + 1).trim()]))
}

function plan(input: DebconfInput, { shown, password }: { shown: ShellResult; password?: ShellResult }): Plan {
  const { name, question, vtype, value, unseen } = input
  if (shown.code !== 0) return { fail: 'debconf-show failed on the host: it needs debconf, and root' }
  if (question === undefined || vtype === undefined || value === undefined) return {}
  const odd = isList(value) ? value.find((each) => typeof each === 'number' || typeof each === 'boolean') : undefined
  if (odd !== undefined) return { fail: `Invalid value provided: ${str(odd)} is no text, and a list holds texts` }
  const answers = answersOf(shown)
  const current = answers[question]
  const after = { ...answers, [question]: vtype === 'password' ? '(password omitted)' : answer(input) }
  if (current !== undefined && isSame(input, vtype === 'password' ? (password?.stdout.replace(/\n$/, '') ?? '') : current)) return {}
  return {
    changes: [
      {
        summary: `${name}: ${question}${vtype === 'password' ? '' : ` = ${answer(input)}`}`,
        writes: ['path:/var/cache/debconf'],
        steps: [{ argv: ['debconf-set-selections', ...(unseen ? ['-u'] : [])], stdin: `${[name, question, vtype, answer(input)].join(' ')}\n` }],
        leaves: [answered(shownRead(input), Object.entries(after).map(([each, said]) => `* ${each}: ${said}\n`).join('')), ...(vtype === 'password' ? [answered(passwordRead(input), `${answer(input)}\n`)] : [])],
      },
    ],
  }
}

function answer({ vtype, value = null }: DebconfInput): string {
  if (isList(value)) return value.map(str).join(', ')
  return vtype === 'boolean' ? str(value).toLowerCase() : str(value)
}

/** The order of a list says nothing. */
function isSame(input: DebconfInput, current: string): boolean {
  const sorted = (text: string): string => text.split(',').map((part) => part.trim()).sort().join(',')
  if (input.vtype === 'multiselect' && isList(input.value ?? null)) return sorted(current) === sorted(answer(input))
  return (input.vtype === 'boolean' ? current.toLowerCase() : current) === answer(input)
}
