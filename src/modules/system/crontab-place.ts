/** Where a crontab is, a user's own or a file in cron.d: how it is read and written. */
import { contentRead, type FileContent } from '../../probe/content.ts'
import { crontabRead, type Crontab } from '../../probe/crontab.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { bytesToText, textToBytes } from '../../values/bytes.ts'
import { sh, type Change, type Plan } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { sha1, writeFile } from '../files/write-file.ts'
import { linesOf, textOf } from './crontab.ts'

export interface CrontabPlace {
  /** Whose crontab. */
  readonly user: string | undefined
  /** A file in /etc/cron.d, or an absolute path, instead. */
  readonly cron_file: string | undefined
  readonly backup: boolean
}

export function crontabReads({ cron_file: file, user }: CrontabPlace): Record<string, Read<unknown>> {
  if (file !== undefined) return { entry: pathRead(filePath(file), { checksum: 'sha1', follow: true }), content: contentRead(filePath(file)) }
  return { crontab: crontabRead(user) }
}

/** What is there; undefined when there is no crontab(1). */
export function crontabLines({ cron_file: file }: CrontabPlace, known: Known): readonly string[] | undefined {
  if (file !== undefined) return linesOf(bytesToText((known.content as FileContent).bytes ?? Buffer.alloc(0)))
  const { available, text } = known.crontab as Crontab
  return available ? linesOf(text) : undefined
}

/**
 * The change from the lines that are there to those that are wanted.
 * @param what is done, for the person
 * @param wantedOf gives a text when it cannot be done: why
 */
export function planCrontab(place: CrontabPlace, known: Known, what: string, wantedOf: (lines: readonly string[]) => readonly string[] | string): Plan {
  const lines = crontabLines(place, known)
  if (lines === undefined) return { fail: 'crontab was not found on the host: install cron' }
  const wanted = wantedOf(lines)
  if (typeof wanted === 'string') return { fail: wanted }
  const [before, after] = [textOf(lines), textOf(wanted)]
  if (before === after) return {}
  const { user, cron_file: file } = place
  const summary = `${what} in ${file === undefined ? `the crontab${user === undefined ? '' : ` of ${user}`}` : filePath(file)}`
  return { changes: [file === undefined ? changeCrontab(place, summary, before, after) : changeFile(place, filePath(file), summary, known, after)] }
}

/** The name of the copy that a change left, when one was wanted. */
export function crontabBackup({ backup }: CrontabPlace, { changed, foreseen, replies }: { readonly changed: boolean; readonly foreseen: boolean; readonly replies: readonly { readonly stdout: Buffer }[] }): { readonly backup_file?: string } {
  const printed = replies[0]?.stdout.toString().trim() ?? ''
  return backup && changed && !foreseen && printed !== '' ? { backup_file: printed } : {}
}

function userFlags(user: string | undefined): string[] {
  return user === undefined ? [] : ['-u', user]
}

function filePath(file: string): string {
  return file.startsWith('/') ? file : `/etc/cron.d/${file}`
}

function changeCrontab({ user, backup }: CrontabPlace, summary: string, before: string, after: string): Change {
  const write = after === '' ? 'crontab "$@" -r' : 'crontab "$@" -'
  const keep = `f=$(mktemp /tmp/crontabXXXXXXXX) && crontab "$@" -l >"$f" 2>/dev/null; echo "$f"\n`
  return {
    summary,
    diff: { before, after, beforeHeader: 'crontab', afterHeader: 'crontab' },
    writes: ['path:/var/spool/cron'],
    steps: [{ ...sh(`${backup ? keep : ''}${write}`, ...userFlags(user)), ...(after !== '' && { stdin: after }) }],
    leaves: [{ kind: 'crontab', user: user ?? null, text: after }],
  }
}

/** A file in which nothing is left but blanks goes away. */
function changeFile({ backup }: CrontabPlace, path: string, summary: string, known: Known, after: string): Change {
  const entry = known.entry as PathState
  const content = textToBytes(after)
  if (after.trim() === '' && entry.exists) return { summary: `${summary}, which is empty then`, writes: [`path:${path}`], steps: [{ argv: ['rm', '-f', path] }], leaves: [{ kind: 'path', path, state: null }] }
  const wanted = entry.exists ? {} : { mode: 0o644 }
  return { ...writeFile({ ...entry, path: entry.realPath }, { content, checksum: sha1(content), wanted, backup }, known.content as FileContent)!, summary }
}
