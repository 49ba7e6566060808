/** The user that facts are gathered as, its environment, and the time on the host. */
import { SYSTEM_PATH } from '../shell/prelude.ts'
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

const DATE_FORMATS = {
  year: '%Y', month: '%m', weekday: '%A', weekday_number: '%w', weeknumber: '%W', day: '%d', hour: '%H', minute: '%M', second: '%S', epoch: '%s', epoch_int: '%s',
  date: '%Y-%m-%d', time: '%H:%M:%S', iso8601_basic_short: '%Y%m%dT%H%M%S', tz: '%Z', tz_dst: '%Z', tz_offset: '%z',
} as const

const EPOCH = Object.keys(DATE_FORMATS).indexOf('epoch')

export const user: FactSection = {
  name: 'user',
  facts: [
    'user_id', 'user_uid', 'user_gid', 'user_gecos', 'user_dir', 'user_shell', 'real_user_id', 'effective_user_id', 'real_group_id', 'effective_group_id', 'env', 'date_time',
  ],
  files: ['/proc/self/status', '/proc/self/environ'],
  script: `
while read -r key _ uid _; do [ "$key" = Uid: ] && break; done </proc/self/status
entry=
while IFS=: read -r name password id rest; do [ "$id" = "$uid" ] && entry=$name:$password:$id:$rest && break; done </etc/passwd
if [ -n "$entry" ]; then printf '%s\\n' "$entry"; else getent passwd "$uid" 2>/dev/null || echo; fi
date '+${Object.values(DATE_FORMATS).join('|')}|%N'
:`,
  parse(files, output) {
    const [entry = '', date = ''] = output.split('\n')
    const [name, , , , gecos, home, shell] = entry.split(':')
    const [uid, effectiveUid] = identities(files, 'Uid')
    const [gid, effectiveGid] = identities(files, 'Gid')
    return {
      user_id: name === '' ? String(uid) : name,
      user_uid: uid,
      user_gid: gid,
      user_gecos: gecos ?? '',
      user_dir: home ?? '',
      user_shell: shell ?? '',
      real_user_id: uid,
      effective_user_id: effectiveUid,
      real_group_id: gid,
      effective_group_id: effectiveGid,
      env: environment(files.get('/proc/self/environ') ?? ''),
      date_time: dateTime(date.split('|')),
    }
  },
}

/** The real and the effective id of a process, from its status. */
function identities(files: ReadonlyMap<string, string>, of: 'Uid' | 'Gid'): readonly [real: number, effective: number] {
  const [real = 0, effective = real] = (new RegExp(`^${of}:\\s+(.*)$`, 'm').exec(files.get('/proc/self/status') ?? '')?.[1] ?? '').split(/\s+/).map(Number)
  return [real, effective]
}

/** The time, the host's own and in UTC. A host whose `date` knows no nanoseconds has whole seconds. */
function dateTime(dates: readonly string[]): Record<string, Plain> {
  const formatted = Object.fromEntries(Object.keys(DATE_FORMATS).map((key, index) => [key, dates[index] ?? '']))
  const nanoseconds = dates.at(-1) ?? ''
  const microseconds = /^\d{9}$/.test(nanoseconds) ? nanoseconds.slice(0, 6) : '000000'
  const second = new Date(Number(dates[EPOCH]) * 1000).toISOString().slice(0, -'.000Z'.length)
  return { ...formatted, iso8601: `${second}Z`, iso8601_micro: `${second}.${microseconds}Z`, iso8601_basic: `${formatted['iso8601_basic_short']}${microseconds}` }
}

/** What plonerun itself set for its session is not the user's. */
function environment(output: string): Record<string, Plain> {
  const pairs = output.split('\0').filter((pair) => pair.includes('=')).map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
  const own = pairs.filter(([key]) => key !== '_' && key !== 'LC_ALL')
  return Object.fromEntries(own.map(([key, value]) => [key, key === 'PATH' && value.endsWith(SYSTEM_PATH) ? value.slice(0, -SYSTEM_PATH.length) : value]))
}
