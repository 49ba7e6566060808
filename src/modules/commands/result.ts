/** What command-like modules return. */
import { CANNOT_CHANGE } from '../../shell/change-folder.ts'
import type { Reply } from '../../shell/fragment.ts'
import { bytesToText } from '../../values/bytes.ts'
import { Unknown } from '../../values/unknown.ts'
import type { Plain } from '../../values/value.ts'
import type { Outcome, Reads } from '../contract/module.ts'
import { skippedText, type GuardReason } from './guard.ts'

interface Shown {
  readonly cmd: string | readonly string[]
  readonly strip?: boolean | undefined
  /** Why it was not run. */
  readonly reason?: GuardReason | undefined
}

/** Ansible's return values of a command: of one that ran, or of one that had no need to. */
export function commandResult({ cmd, strip = true, reason }: Shown, { replies, time, foreseen }: Outcome<Reads>): Record<string, Plain> {
  const reply = replies[0]
  if (foreseen) return { cmd, msg: 'Command would have run if not in check mode', ...unknownOutput(commandSummary(cmd)) }
  if (reply === undefined)
    return reason === undefined ? { cmd } : { cmd, rc: 0, stdout: skippedText(reason), stderr: '', msg: `Did not run command since '${reason.path}' ${reason.why}`, start: null, end: null, delta: null }
  const ends = (bytes: Buffer): string => (strip ? bytesToText(bytes).replace(/[\r\n]+$/, '') : bytesToText(bytes))
  const failed = reply.code !== 0 && reply.lost === undefined && reply.timedOut !== true
  return {
    cmd,
    rc: reply.code,
    stdout: ends(reply.stdout),
    stderr: ends(reply.stderr),
    ...(time && timesOf(time)),
    ...(reply.code === 0 && { msg: '' }),
    ...(failed && (isNowhere(reply) ? { msg: saidBy(reply), changed: false } : { msg: 'non-zero return code' })),
  }
}

/** What Ansible returns of a command that no module of its own runs: what it printed, and how it ended. */
export function bareResult(cmd: string, outcome: Outcome<Reads>): Record<string, Plain> {
  const { cmd: _cmd, start: _start, end: _end, delta: _delta, msg, ...result } = commandResult({ cmd, strip: false }, outcome)
  return { ...result, ...(msg !== undefined && msg !== '' && { msg }) }
}

/** Nothing ran, because the folder to run in is not there. */
function isNowhere(reply: Reply): boolean {
  return reply.code === 126 && saidBy(reply).startsWith(CANNOT_CHANGE)
}

function saidBy({ stderr }: Reply): string {
  return stderr.toString('utf8').trimEnd()
}

/** check mode: what only running it could tell. */
function unknownOutput(what: string): Record<string, Plain> {
  return Object.fromEntries(['rc', 'stdout', 'stdout_lines', 'stderr', 'stderr_lines', 'start', 'end', 'delta'].map((name) => [name, new Unknown(what)]))
}

/** When it began and ended, and how long that took, as Python prints it. Milliseconds since 1970. */
export function timesOf({ started, ended }: { readonly started: number; readonly ended: number }): { readonly start: string; readonly end: string; readonly delta: string } {
  return { start: timestamp(started), end: timestamp(ended), delta: duration(ended - started) }
}

/** Local time as Python prints it: `2026-01-31 13:05:09.123000`. */
function timestamp(milliseconds: number): string {
  const date = new Date(milliseconds - new Date(milliseconds).getTimezoneOffset() * 60_000)
  return `${date.toISOString().slice(0, -1).replace('T', ' ')}000`
}

/** `0:00:01.234000` */
function duration(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000)
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return `${hours}:${pad(minutes, 2)}:${pad(seconds, 2)}.${pad(Math.floor(milliseconds % 1000), 3)}000`
}

function pad(number: number, width: number): string {
  return String(number).padStart(width, '0')
}

/** One line for the person: the command, cut when it is long. */
export function commandSummary(cmd: string | readonly string[]): string {
  const line = (typeof cmd === 'string' ? cmd : cmd.join(' ')).trim().replace(/\s*\n[^]*/, ' …')
  return `run ${line.length > 120 ? `${line.slice(0, 119)}…` : line}`
}
