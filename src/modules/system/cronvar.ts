/** community.general.cronvar: variables of crontabs and of files in cron.d. */
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, path, presence, required, text, type Input } from '../contract/option.ts'
import { placedVariable, variableNames, variableValue, withoutVariable } from './crontab.ts'
import { crontabBackup, crontabLines, crontabReads, planCrontab } from './crontab-place.ts'

const options = {
  name: required(text('The variable.')),
  value: text('Its value, quoted as it is to stand there.'),
  state: presence('Whether it is there.'),
  user: text('Whose crontab.'),
  cron_file: path('A file in /etc/cron.d, or an absolute path, instead of a crontab.'),
  insertafter: text('A new variable goes behind this one.'),
  insertbefore: text('A new variable goes in front of this one.'),
  backup: defaulting(flag('Keeps the crontab as it was.'), false),
} as const

type VariableInput = Input<typeof options>

export const cronvar = state({
  name: 'community.general.cronvar',
  summary: 'Makes variables of crontabs be there, or not.',
  options,
  rules: { mutuallyExclusive: [['insertafter', 'insertbefore']], requiredIf: [['state', 'present', ['value']]] },
  reads: (input) => crontabReads(input),
  plan: (input, known: Known) => planCrontab(input, known, `${input.state === 'absent' ? 'remove ' : ''}variable ${input.name}`, (lines) => wantedLines(input, lines)),
  result(input, known: Known, outcome) {
    const before = crontabLines(input, known) ?? []
    const wanted = outcome.changed ? wantedLines(input, before) : before
    return { vars: variableNames(typeof wanted === 'string' ? before : wanted), ...(input.cron_file !== undefined && { cron_file: input.cron_file }), ...crontabBackup(input, outcome) }
  },
})

function wantedLines({ name, value: given = '', state: wanted, insertafter: after, insertbefore: before }: VariableInput, lines: readonly string[]): readonly string[] | string {
  if (wanted === 'absent') return withoutVariable(lines, name)
  const value = given === '' ? '""' : given
  if (variableValue(lines, name) === value) return lines
  return placedVariable(lines, name, `${name}=${value}`, { after, before })
}
