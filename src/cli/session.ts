/** A run from the command line: options and playbooks in, reports and an exit code out. */
import pLimit from 'p-limit'
import { run, type RunOptions } from '../engine/run.ts'
import type { Emit, RunEnded, RunEvent } from '../engine/events.ts'
import { createFactCache } from '../engine/fact-cache.ts'
import { noteOnce } from '../engine/note-once.ts'
import type { Playbook } from '../load/tree/play.ts'
import type { Warning } from '../load/warning.ts'
import type { Report } from '../report/report.ts'
import { ask } from './ask.ts'
import type { Outcome } from './exit-codes.ts'
import { password } from './passwords.ts'
import { openProject, type Project } from './project.ts'
import { openReports } from './reports.ts'
import { requireHosts } from './require-hosts.ts'
import type { SessionOptions } from './session-options.ts'
import { withSettings } from './settings.ts'
import { interruptible } from './signals.ts'

/** What a command brings to its session. */
export interface Own {
  /** In place of those that the options ask for. */
  readonly reports?: readonly Report[]
  /** Goes on beside the run from its beginning. What it gives ends it. */
  readonly beside?: (emit: Emit) => () => Promise<void>
}

const FORKS = 20

/**
 * Runs what `choose` picks. Errors have not been told when it throws; the reports are ended in any case.
 * @param choose the playbooks, found with what has been read by then
 */
export async function runSession(given: SessionOptions, choose: (project: Project) => readonly Playbook[], own: Own = {}): Promise<Outcome> {
  const early: Warning[] = []
  const options = withSettings(given, (warning) => early.push(warning))
  const reports = own.reports ?? (await openReports(options))
  const emit = (event: RunEvent): void => {
    for (const report of reports) report.emit(event)
  }
  const { signal, release } = interruptible()
  let endBeside: (() => Promise<void>) | undefined
  try {
    const note = noteOnce(emit)
    const warn = ({ message, position }: Warning): void => note('warning', message, position)
    early.forEach(warn)
    const project = await openProject(options, warn)
    const playbooks = choose(project)
    requireHosts(project, playbooks, options.limit?.join(','))
    const factCache = options.factCaching && createFactCache({ ...options.factCaching, warn: (message) => warn({ message }) })
    if (options.flushCache === true) factCache?.flush()
    const defaults = await connectionDefaults(options)
    endBeside = own.beside?.(emit)
    const ended = await run({ ...runOptions(project, options), ...defaults, factCache, playbooks, signal, emit, ask: askBetween(reports, signal) })
    return signal.aborted ? 'interrupted' : outcomeOf(ended, options)
  } finally {
    await endBeside?.()
    for (const report of reports) await report.end?.()
    release()
  }
}

/** What the engine wants to know that does not need the person. */
export function runOptions(project: Project, options: SessionOptions): Omit<RunOptions, 'playbooks' | 'signal' | 'emit' | 'ask' | keyof Defaults> {
  return {
    ...project,
    check: options.check ?? false,
    diff: options.diff ?? false,
    forks: options.forks ?? FORKS,
    verbosity: options.verbose ?? 0,
    forceHandlers: options.forceHandlers ?? false,
    defaults: options.playDefaults ?? {},
    limit: options.limit?.join(','),
    tags: options.tags?.every((tag) => tag.trim() === '') === true && options.tags.length > 0 ? NO_TAG : words(options.tags),
    skipTags: words(options.skipTags),
    startAtTask: options.startAtTask,
    step: options.step,
  }
}

/** `--tags ""`: what a script gives whose variable is empty. No task has it, so `always` runs and nothing else. */
const NO_TAG = [''] as const

function words(given: readonly string[] = []): string[] {
  return given.flatMap((text) => text.split(',')).map((word) => word.trim()).filter((word) => word !== '')
}

type Defaults = Pick<RunOptions, 'connection' | 'become' | 'secrets'>

async function connectionDefaults(options: SessionOptions): Promise<Defaults> {
  const login = await password('SSH password: ', options.askPass, options.connectionPasswordFile)
  const becoming = await password(login ? 'Become password (empty: the SSH password): ' : 'Become password: ', options.askBecomePass, options.becomePasswordFile)
  return {
    secrets: [login, becoming].flatMap((each) => (each && each.reveal() !== '' ? [each.reveal()] : [])),
    connection: defined({
      user: options.user,
      port: options.port,
      privateKeyFile: options.privateKey,
      password: login,
      connection: options.connection,
      timeout: options.timeout,
      hostKeyChecking: options.hostKeyChecking,
      sshArgs: [options.sshArgs, options.sshCommonArgs, options.sshExtraArgs].filter((args) => args !== undefined).join(' ') || undefined,
    }),
    become: defined({
      become: options.become,
      user: options.becomeUser,
      method: options.becomeMethod,
      exe: options.becomeExe,
      flags: options.becomeFlags,
      password: becoming?.reveal() === '' ? login : becoming,
    }),
  }
}

/** Without the keys that have no value. */
function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

/** Asks one question at a time, with the terminal free of what reports draw. */
function askBetween(reports: readonly Report[], signal: AbortSignal): RunOptions['ask'] {
  const oneByOne = pLimit(1)
  return (prompt, options) => oneByOne(async () => {
    if (signal.aborted) return null
    const resumptions: (() => void)[] = []
    for (const report of reports) if (report.suspend) resumptions.push(await report.suspend())
    try {
      return await ask(prompt, { ...options, signal })
    } finally {
      for (const resume of resumptions) resume()
    }
  })
}

function outcomeOf({ hosts, interrupted }: RunEnded, { exitChanged = false }: SessionOptions): Outcome {
  if (interrupted) return 'interrupted'
  if (hosts.some(({ lost }) => lost === 'unreachable')) return 'unreachable'
  if (hosts.some(({ lost }) => lost === 'failed')) return 'failed'
  return exitChanged && hosts.some(({ changed }) => changed > 0) ? 'changed' : 'ok'
}
