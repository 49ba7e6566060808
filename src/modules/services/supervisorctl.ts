/** community.general.supervisorctl: programs of a supervisord. */
import type { Imagined, Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { hostWord } from '../../probe/host-path.ts'
import { quote } from '../../shell/quote.ts'
import { sh, type Change, type Plan, type Step } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, required, text, type Input } from '../contract/option.ts'

const options = {
  name: required(text('The program; a group with a colon at its end; or all.')),
  state: required(oneOf(['present', 'started', 'stopped', 'restarted', 'absent', 'signalled'], 'present and absent: it is one of the programs, or none.')),
  signal: text('The signal of signalled.'),
  stop_before_removing: defaulting(flag('It is stopped before it becomes absent.'), false),
  config: path('The configuration of supervisor.'),
  server_url: text('Where supervisord listens.'),
  username: text('Who logs in.'),
  password: text('Their password.', { secret: true }),
  supervisorctl_path: path('The program supervisorctl.'),
} as const

type ControlInput = Input<typeof options>

interface Program {
  readonly name: string
  readonly status: string
}

export const supervisorctl = state({
  name: 'community.general.supervisorctl',
  summary: 'Starts, stops, restarts, adds and removes programs of a supervisord.',
  options,
  rules: { requiredIf: [['state', 'signalled', ['signal']]] },
  reads: (input): Record<string, Read<unknown>> => ({
    status: statusRead(input),
    ...(input.state === 'restarted' && { available: shellRead(`${setting(input)}${control(input)} avail`, ['anything']) }),
  }),
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known, { changed }) {
    const affected = !changed ? [] : input.state === 'restarted' ? toRestart(input, known) : concerned(input, programsOf(known.status as ShellResult)).filter((program) => isDue(input, program)).map(({ name }) => name)
    return { name: bare(input), state: input.state, ...(affected.length > 0 && { affected }) }
  },
})

function statusRead(input: ControlInput): Read<ShellResult> {
  return shellRead(`${setting(input)}${control(input)} status 2>&1`, ['anything'])
}

/** The password is kept out of what plonerun shows of the command. */
function setting({ password }: ControlInput): string {
  return password === undefined ? '' : `PLONERUN_PASSWORD=${quote(password)}; `
}

function control({ supervisorctl_path: program, config, server_url: url, username, password }: ControlInput): string {
  return [
    program === undefined ? 'supervisorctl' : hostWord(program),
    ...(config === undefined ? [] : [`-c ${hostWord(config)}`]),
    ...(url === undefined ? [] : [`-s ${quote(url)}`]),
    ...(username === undefined ? [] : [`-u ${quote(username)}`]),
    ...(password === undefined ? [] : ['-p "$PLONERUN_PASSWORD"']),
  ].join(' ')
}

function bare({ name }: ControlInput): string {
  return name.replace(/:+$/, '')
}

/** `zope:zope0   RUNNING   pid 7681, uptime 13:22:18`. */
function programsOf({ stdout }: ShellResult): readonly Program[] {
  return stdout.split('\n').flatMap((line) => {
    const [, name, status] = /^(\S+)\s+(STOPPED|STARTING|RUNNING|BACKOFF|STOPPING|EXITED|FATAL|UNKNOWN)\b/.exec(line) ?? []
    return name === undefined ? [] : [{ name, status: status! }]
  })
}

function concerned(input: ControlInput, programs: readonly Program[]): readonly Program[] {
  if (input.name.endsWith(':')) return programs.filter(({ name }) => name.startsWith(`${bare(input)}:`))
  return programs.filter(({ name }) => input.name === 'all' || name === input.name)
}

/** Whether the wanted state is another one than that of a program. */
function isDue({ state: wanted }: ControlInput, { status }: Program): boolean {
  if (wanted === 'started') return status !== 'RUNNING' && status !== 'STARTING'
  if (wanted === 'stopped') return status === 'RUNNING' || status === 'STARTING'
  return wanted === 'signalled' ? status === 'RUNNING' : wanted === 'restarted'
}

const DONE = { started: 'started', stopped: 'stopped', restarted: 'started', signalled: 'signalled' } as const

function plan(input: ControlInput, known: Known): Plan {
  const status = known.status as ShellResult
  if (status.code === 127) return { fail: 'supervisorctl was not found on the host: install supervisor' }
  const programs = programsOf(status)
  // With nobody to talk to it says so, and in some versions ends well.
  if (programs.length === 0 && (/refused connection|no such file|SHUTDOWN_STATE|Error:|401/.test(status.stdout))) return { fail: `supervisorctl: ${status.stdout.trim()}` }
  const found = concerned(input, programs)
  const { state: wanted } = input
  if (wanted === 'absent') {
    if (found.length === 0) return {}
    const running = input.stop_before_removing ? found.filter(({ status }) => status === 'RUNNING' || status === 'STARTING') : []
    return { changes: [change(`remove ${bare(input)}`, [...running.map(({ name }) => command(input, ['stop', name], `${name}: stopped`)), command(input, ['reread']), command(input, ['remove', bare(input)], `${bare(input)}: removed process group`)], statusAfter(input, programs, found, undefined))] }
  }
  if (wanted === 'present') return { changes: found.length > 0 ? [] : [change(`add ${bare(input)}`, [command(input, ['reread']), command(input, ['add', bare(input)], `${bare(input)}: added process group`)], statusAfter(input, programs, [{ name: bare(input) }], 'RUNNING'))] }
  if (wanted === 'restarted') return restarted(input, known)
  if (found.length === 0) return noSuchProcess(input)
  const action = { started: ['start'], stopped: ['stop'], signalled: ['signal', input.signal ?? ''] }[wanted]
  const due = found.filter((program) => isDue(input, program))
  const leaves = statusAfter(input, programs, wanted === 'signalled' ? [] : due, wanted === 'stopped' ? 'STOPPED' : 'RUNNING')
  return { changes: due.map(({ name }) => change(`${action.join(' ')} ${name}`, [command(input, [...action, name], `${name}: ${DONE[wanted]}`)], leaves)) }
}

function noSuchProcess(input: ControlInput): Plan {
  return { fail: 'ERROR (no such process)', result: { name: bare(input) } }
}

/** What the configuration has that is new is started by the update, and restarted like the others. */
function toRestart(input: ControlInput, known: Known): readonly string[] {
  const available = (known.available as ShellResult).stdout.split('\n').flatMap((line) => (/^\S+\s+(in use|avail)\b/.test(line) ? [{ name: line.split(/\s/)[0]!, status: '' }] : []))
  return [...new Set([...concerned(input, programsOf(known.status as ShellResult)), ...concerned(input, available)].map(({ name }) => name))]
}

function restarted(input: ControlInput, known: Known): Plan {
  const names = toRestart(input, known)
  if (names.length === 0) return noSuchProcess(input)
  const leaves = statusAfter(input, programsOf(known.status as ShellResult), names.map((name) => ({ name })), 'RUNNING')
  return { changes: [change(`restart ${names.join(', ')}`, [command(input, ['update']), ...names.map((name) => command(input, ['restart', name], `${name}: started`))], leaves)] }
}

function change(summary: string, steps: readonly Step[], leaves: Imagined): Change {
  return { summary, writes: ['anything'], steps, leaves: [leaves] }
}

/** check mode: what supervisorctl would tell then. One that is added runs, unless its configuration says otherwise. */
function statusAfter(input: ControlInput, programs: readonly Program[], changed: readonly { readonly name: string }[], status: string | undefined): Imagined {
  const others = programs.filter(({ name }) => !changed.some((each) => each.name === name))
  const after = status === undefined ? others : [...others, ...changed.map(({ name }) => ({ name, status }))]
  return answered(statusRead(input), after.map(({ name, status }) => `${name}  ${status}\n`).join(''))
}

/** Its exit code does not always tell, so what it says is looked at. */
function command(input: ControlInput, words: readonly string[], expected = ''): Step {
  const { password } = input
  const step = sh(`expected=$1; shift; said=$(${control(input)} "$@" 2>&1); code=$?; printf '%s\\n' "$said"; case $said in *"$expected"*) [ "$code" = 0 ];; *) false;; esac`, expected, ...words)
  return { ...step, ...(password !== undefined && { environment: { PLONERUN_PASSWORD: password } }) }
}
