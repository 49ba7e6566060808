/** Modification and access times that a task wants a file to have. */
import type { ExistingPath, PathState } from '../../probe/path-state.ts'
import type { Imagined, Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { strftime, strptime } from '../../template/dates/strftime.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { defaulting, text } from '../contract/option.ts'
import type { Step } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { imaginedPath, imaginedType } from './write-file.ts'

export const timeOptions = {
  modification_time: text('When it was modified: a time, now, or preserve.'),
  modification_time_format: defaulting(text('How modification_time is written.'), '%Y%m%d%H%M.%S'),
  access_time: text('When it was last read: a time, now, or preserve.'),
  access_time_format: defaulting(text('How access_time is written.'), '%Y%m%d%H%M.%S'),
}

interface TimeInput {
  readonly modification_time: string | undefined
  readonly modification_time_format: string
  readonly access_time: string | undefined
  readonly access_time_format: string
}

/** now, a number of seconds since 1970, or undefined to leave it. */
type WantedTime = 'now' | number | undefined

/** What is to be set. */
export interface Times {
  readonly mtime: WantedTime
  readonly atime: WantedTime
}

type TimeReads = Partial<Record<'modification_time' | 'access_time', Read<ShellResult>>>

/** Times are given in the host's zone, so the host says which seconds they mean. */
export function timeReads(input: TimeInput): TimeReads {
  return Object.fromEntries(
    (['modification_time', 'access_time'] as const).flatMap((key) => {
      const wanted = input[key]
      if (wanted === undefined || wanted === 'now' || wanted === 'preserve') return []
      const moment = strftime(strptime(wanted, input[`${key}_format`]), '%Y-%m-%d %H:%M:%S')
      return [[key, shellRead(`date -d ${quote(moment)} +%s`, ['path:/etc/localtime'])]]
    }),
  )
}

/** @param usual what a time means that the task does not give */
export function timesOf(input: TimeInput, state: Known, usual: 'now' | 'preserve'): Times {
  const time = (key: 'modification_time' | 'access_time'): WantedTime => {
    const wanted = input[key] ?? usual
    if (wanted === 'now' || wanted === 'preserve') return wanted === 'now' ? 'now' : undefined
    const { stdout, code } = state[key] as ShellResult
    if (code !== 0) throw new PlonerunError(`the host does not understand the time ${wanted}`, { kind: 'task' })
    return Number(stdout)
  }
  return { mtime: time('modification_time'), atime: time('access_time') }
}

/** What has to be set at a path; its mtime and atime are compared to the second's fraction. */
export function compareTimes({ mtime, atime }: Times, current: ExistingPath | undefined): Times {
  return { mtime: mtime === current?.mtime ? undefined : mtime, atime: atime === current?.atime ? undefined : atime }
}

export function timeLines({ mtime, atime }: Times): readonly string[] {
  const show = (time: WantedTime): string => (typeof time === 'number' ? new Date(time * 1000).toISOString() : String(time))
  return [...(mtime === undefined ? [] : [`modified ${show(mtime)}`]), ...(atime === undefined ? [] : [`accessed ${show(atime)}`])]
}

/** What check mode expects of a path that is there. */
export function timesLeft(current: PathState, { mtime, atime }: Times): readonly Imagined[] {
  if (!current.exists) return []
  const known = { ...(typeof mtime === 'number' && { mtime }), ...(typeof atime === 'number' && { atime }) }
  return [{ kind: 'path', path: imaginedPath(current), state: { type: imaginedType(current), ...known } }]
}

/** Links themselves are touched, never what they lead to. */
export function timeSteps(path: string, { mtime, atime }: Times): readonly Step[] {
  const touch = (which: string, time: WantedTime): Step => ({ argv: ['touch', '-c', '-h', ...which.split(' '), ...(typeof time === 'number' ? ['-d', `@${time}`] : []), '--', path] })
  if (mtime === atime) return mtime === undefined ? [] : [touch('-m -a', mtime)]
  return [...(mtime === undefined ? [] : [touch('-m', mtime)]), ...(atime === undefined ? [] : [touch('-a', atime)])]
}
