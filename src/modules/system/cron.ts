/** ansible.builtin.cron: jobs and variables of crontabs and of files in cron.d. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead, type FileContent } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { bytesToText, textToBytes } from '../../values/bytes.ts'
import { sh, type Change, type Plan } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { sha1, writeFile } from '../files/write-file.ts'
import { jobLine, jobNames, linesOf, textOf, variableNames, withJob, withoutJob, withoutVariable, withVariable } from './crontab.ts'

const options = {
  name: required(text('What the job is found by, or the name of the variable.')),
  job: text('The command, or the value of the variable.', { aliases: ['value'] }),
  state: defaulting(oneOf(['present', 'absent'], 'Whether it is there.'), 'present'),
  user: text('Whose crontab; in cron.d: who runs the job (root unless given).'),
  cron_file: path('A file in /etc/cron.d, or an absolute path, instead of a crontab.'),
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
type Known = Readonly<Record<string, unknown>>

export const cron = state({
  name: 'ansible.builtin.cron',
  summary: 'Makes jobs and variables of crontabs be there, or not.',
  options,
  rules: { mutuallyExclusive: [['insertafter', 'insertbefore']], requiredIf: [['state', 'present', ['job']]] },
  prepare({ job, special_time: special, minute, hour, day, month, weekday, env, disabled, cron_file: file, user }) {
    const fail = (message: string): never => {
      throw new PlonerunError(message, { kind: 'task' })
    }
    if (job !== undefined && /[\r\n]/.test(job.replace(/[\r\n]+$/, ''))) fail('a job must be one line')
    if (special !== undefined && [minute, hour, day, month, weekday].some((field) => field !== '*')) fail('special_time excludes minute, hour, day, month and weekday')
    if (special !== undefined && disabled) fail('a job with special_time cannot be disabled')
    if (env && file === undefined && user === '') fail('user is empty')
  },
  reads: ({ cron_file: file, user }): Record<string, Read<unknown>> =>
    file === undefined
      ? { crontab: shellRead(`if command -v crontab >/dev/null; then crontab ${userFlags(user).map(quote).join(' ')} -l || :; else (exit 127); fi`, ['path:/var/spool/cron', 'account:*', 'package:*']) }
      : { entry: pathRead(filePath(file), { checksum: 'sha1', follow: true }), content: contentRead(filePath(file)) },
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known, { changed, foreseen, replies }) {
    const before = currentLines(input, known)
    const lines = changed && before !== undefined ? (wantedLines(input, before) ?? before) : (before ?? [])
    const printed = replies[0]?.stdout.toString().trim() ?? ''
    return { jobs: jobNames(lines), envs: variableNames(lines), ...(input.backup && changed && !foreseen && printed !== '' && { backup_file: printed }) }
  },
})

function userFlags(user: string | undefined): string[] {
  return user === undefined ? [] : ['-u', user]
}

function filePath(file: string): string {
  return file.startsWith('/') ? file : `/etc/cron.d/${file}`
}

/** What is there; undefined when there is no crontab(1). */
function currentLines({ cron_file: file }: CronInput, known: Known): readonly string[] | undefined {
  if (file !== undefined) return linesOf(bytesToText((known.content as FileContent).bytes ?? Buffer.alloc(0)))
  const { stdout, code } = known.crontab as ShellResult
  return code === 127 ? undefined : linesOf(stdout)
}

/** What is to be there; undefined when the variable to insert beside is missing. */
function wantedLines(input: CronInput, lines: readonly string[]): readonly string[] | undefined {
  const { name, state, env } = input
  const job = (input.job ?? '').replace(/[\r\n]+$/, '')
  if (env) return state === 'absent' ? withoutVariable(lines, name) : withVariable(lines, name, job, { after: input.insertafter, before: input.insertbefore })
  if (state === 'absent') return withoutJob(lines, name)
  return withJob(lines, name, jobLine(input, job, input.cron_file === undefined ? undefined : (input.user ?? 'root')))
}

function plan(input: CronInput, known: Known): Plan {
  const lines = currentLines(input, known)
  if (lines === undefined) return { fail: 'crontab was not found on the host: install cron' }
  const wanted = wantedLines(input, lines)
  if (wanted === undefined) return { fail: `there is no variable ${input.insertafter ?? input.insertbefore ?? ''} to insert ${input.name} beside` }
  const [before, after] = [textOf(lines), textOf(wanted)]
  if (before === after) return {}
  return { changes: [input.cron_file === undefined ? changeCrontab(input, before, after) : changeFile(input, input.cron_file, known, after)] }
}

function summaryOf({ name, state, env, user, cron_file: file }: CronInput): string {
  return `${state === 'absent' ? 'remove ' : ''}${env ? 'variable' : 'job'} ${name} in ${file === undefined ? `the crontab${user === undefined ? '' : ` of ${user}`}` : filePath(file)}`
}

function changeCrontab(input: CronInput, before: string, after: string): Change {
  const flags = userFlags(input.user)
  const write = after === '' ? 'crontab "$@" -r' : 'crontab "$@" -'
  const keep = `f=$(mktemp /tmp/crontabXXXXXXXX) && crontab "$@" -l >"$f" 2>/dev/null; echo "$f"\n`
  return {
    summary: summaryOf(input),
    diff: { before, after, beforeHeader: 'crontab', afterHeader: 'crontab' },
    writes: ['path:/var/spool/cron'],
    steps: [{ ...sh(`${input.backup ? keep : ''}${write}`, ...flags), ...(after !== '' && { stdin: after }) }],
  }
}

/** A file that has become empty goes away. */
function changeFile(input: CronInput, file: string, known: Known, after: string): Change {
  const path = filePath(file)
  const entry = known.entry as PathState
  const content = textToBytes(after)
  if (after === '' && entry.exists)
    return { summary: `${summaryOf(input)}, which is empty then`, writes: [`path:${path}`], steps: [{ argv: ['rm', '-f', path] }], leaves: [{ kind: 'path', path, state: null }] }
  const wanted = entry.exists ? {} : { mode: 0o644 }
  return { ...writeFile({ ...entry, path: entry.realPath }, { content, checksum: sha1(content), wanted, backup: input.backup }, known.content as FileContent)!, summary: summaryOf(input) }
}
