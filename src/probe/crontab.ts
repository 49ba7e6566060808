/** A user's crontab, as crontab(1) gives it. */
import { quote } from '../shell/quote.ts'
import { read, type ProbeKind, type Read } from './read.ts'

interface CrontabRequest {
  /** null: the session's user. */
  readonly user: string | null
}

export interface Crontab {
  /** There is a crontab(1). */
  readonly available: boolean
  /** Empty when the user has none. */
  readonly text: string
}

/** Asks for a crontab. */
export function crontabRead(user: string | undefined): Read<Crontab> {
  return read(crontabKind, { user: user ?? null })
}

export const crontabKind: ProbeKind<CrontabRequest, Crontab> = {
  name: 'crontab',
  script: (requests) => requests.map(({ user }) => `command -v crontab >/dev/null && { printf +; crontab ${user === null ? '' : `-u ${quote(user)} `}-l 2>/dev/null; }; printf '\\0'`).join('\n'),
  parse(requests, stdout) {
    const answers = stdout.toString('utf8').split('\0')
    return requests.map((_, index) => ({ available: answers[index]?.startsWith('+') === true, text: answers[index]?.slice(1) ?? '' }))
  },
  touches: () => ['path:/var/spool/cron', 'account:*', 'package:*'],
  imagine: ({ user }, real, imagined) => imagined.reduce((crontab, each) => (each.kind === 'crontab' && each.user === user ? { ...crontab, text: each.text } : crontab), real),
}
