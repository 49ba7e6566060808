/** ansible.builtin.cron: jobs and variables of crontabs and of files in cron.d. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, presence, required, text, type Input } from '../contract/option.ts'
import { jobLine, jobNames, placedVariable, variableNames, withJob, withoutJob, withoutVariable } from './crontab.ts'
import { crontabBackup, crontabLines, crontabReads, planCrontab } from './crontab-place.ts'

const options = {
  name: required(text('What the job is found by, or the name of the variable.')),
  job: text('The command, or the value of the variable.', { aliases: ['value'] }),
  state: presence('Whether it is there.'),
  user: text('Whose crontab; in cron.d: who runs the job.'),
  cron_file: path('A file in /etc/cron.d, or an absolute path, instead of a crontab; not /etc/crontab.'),
  minute: defaulting(text('0-59, *, */2 ...'), '*'),
  hour: defaulting(text('0-23, *, */2 ...'), '*'),
  day: defaulting(text('1-31, *, */2 ...', { aliases: ['dom'] }), '*'),
  month: defaulting(text('1-12, *, */2 ...'), '*'),
  weekday: defaulting(text('0-6, *, sunday ...', { aliases: ['dow'] }), '*'),
  special_time: oneOf(['annually', 'daily', 'hourly', 'monthly', 'reboot', 'weekly', 'yearly'], 'A name instead of the five fields.'),
  disabled: defaulting(flag('The job is there, but commented out.'), false),
  env: defaulting(flag('It is a variable, not a job.'), false),
  insertafter: text('A new variable goes behind this one.'),
  insertbefore: text('A new variable goes in front of this one.'),
  backup: defaulting(flag('Keeps the crontab as it was.'), false),
} as const

type CronInput = Input<typeof options>

export const cron = state({
  name: 'ansible.builtin.cron',
  summary: 'Makes jobs and variables of crontabs be there, or not.',
  options,
  rules: { mutuallyExclusive: [['insertafter', 'insertbefore']] },
  prepare({ job, state, special_time: special, minute, hour, day, month, weekday, env, cron_file: file, user }) {
    const fail = (message: string): never => {
      throw new PlonerunError(message, { kind: 'task' })
    }
    if (job !== undefined && /[\r\n]/.test(job.replace(/[\r\n]+$/, ''))) fail('a job must be one line')
    if (special !== undefined && [minute, hour, day, month, weekday].some((field) => field !== '*')) fail('special_time excludes minute, hour, day, month and weekday')
    if (state === 'present' && file !== undefined && !user) fail('To use cron_file=... parameter you must specify user=... as well')
    if (state === 'present' && job === undefined) fail("You must specify 'job' to install a new cron job or variable")
    if (env && file === undefined && user === '') fail('user is empty')
    if (file === '/etc/crontab') fail('Will not manage /etc/crontab via cron_file, see documentation.')
  },
  reads: (input) => crontabReads(input),
  plan: (input, known: Known) => planCrontab(input, known, `${input.state === 'absent' ? 'remove ' : ''}${input.env ? 'variable' : 'job'} ${input.name}`, (lines) => wantedLines(input, lines)),
  result(input, known: Known, outcome) {
    const before = crontabLines(input, known) ?? []
    const wanted = outcome.changed ? wantedLines(input, before) : before
    const lines = typeof wanted === 'string' ? before : wanted
    const ofFile = input.cron_file === undefined ? {} : { cron_file: input.cron_file }
    // A file without lines goes altogether.
    if (input.cron_file !== undefined && !input.env && input.state === 'absent' && outcome.changed && lines.every((line) => line.trim() === '')) return { ...ofFile, state: input.state }
    return { jobs: jobNames(lines), envs: variableNames(lines), ...ofFile, ...crontabBackup(input, outcome) }
  },
})

/** What is to be there; a text when the variable to insert beside is missing. */
function wantedLines(input: CronInput, lines: readonly string[]): readonly string[] | string {
  const { name, state, env, insertafter: after, insertbefore: before } = input
  const job = (input.job ?? '').replace(/[\r\n]+$/, '')
  if (env && state === 'present') return placedVariable(lines, name, `${name}="${job}"`, { after, before })
  if (env) return withoutVariable(lines, name)
  if (state === 'absent') return withoutJob(lines, name)
  return withJob(lines, name, jobLine(input, job, input.cron_file === undefined ? undefined : (input.user ?? 'root')))
}
