/** The user that facts are gathered as, its environment, and the time on the host. */
import { SYSTEM_PATH } from '../shell/prelude.ts'
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

const DATE_FORMATS = {
  year: '%Y', month: '%m', weekday: '%A', weekday_number: '%w', weeknumber: '%V', day: '%d', hour: '%H', minute: '%M', second: '%S', epoch: '%s', epoch_int: '%s',
  date: '%Y-%m-%d', time: '%H:%M:%S', iso8601_basic_short: '%Y%m%dT%H%M%S', tz: '%Z', tz_dst: '%Z', tz_offset: '%z',
} as const

export const user: FactSection = {
  name: 'user',
  facts: [
    'user_id', 'user_uid', 'user_gid', 'user_gecos', 'user_dir', 'user_shell', 'real_user_id', 'effective_user_id', 'real_group_id', 'effective_group_id', 'env', 'date_time',
  ],
  script: `
id -u; id -g
getent passwd "$(id -u)" 2>/dev/null || echo
date '+${Object.values(DATE_FORMATS).join('|')}'
date -u '+%Y-%m-%dT%H:%M:%SZ|%Y-%m-%dT%H:%M:%S.%6NZ'
env -0 2>/dev/null
:`,
  parse(output) {
    const [uid, gid, entry, local, utc] = output.split('\n')
    const start = [uid, gid, entry, local, utc].reduce((sum, line) => sum + (line?.length ?? 0) + 1, 0)
    const [name, , , , gecos, home, shell] = (entry ?? '').split(':')
    const dates = (local ?? '').split('|')
    const [iso, micro] = (utc ?? '').split('|')
    return {
      user_id: name === '' ? uid : name,
      user_uid: Number(uid),
      user_gid: Number(gid),
      user_gecos: gecos ?? '',
      user_dir: home ?? '',
      user_shell: shell ?? '',
      real_user_id: Number(uid),
      effective_user_id: Number(uid),
      real_group_id: Number(gid),
      effective_group_id: Number(gid),
      env: environment(output.slice(start)),
      date_time: { ...Object.fromEntries(Object.keys(DATE_FORMATS).map((key, index): [string, Plain] => [key, dates[index] ?? ''])), iso8601: iso ?? '', iso8601_micro: micro ?? '' },
    }
  },
}

/** What plonerun itself set for its session is not the user's. */
function environment(output: string): Record<string, Plain> {
  const pairs = output.split('\0').filter((pair) => pair.includes('=')).map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
  const own = pairs.filter(([key]) => key !== '_' && key !== 'LC_ALL')
  return Object.fromEntries(own.map(([key, value]) => [key, key === 'PATH' && value.endsWith(SYSTEM_PATH) ? value.slice(0, -SYSTEM_PATH.length) : value]))
}
