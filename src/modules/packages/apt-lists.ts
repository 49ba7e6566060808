/** apt's package lists: how old they are, and fetching them anew. */
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import type { Reply } from '../../shell/fragment.ts'
import { sh, type Change } from '../contract/change.ts'

const LISTS = '/var/lib/apt/lists'

/** Asks when the lists were fetched last, and what time it is there. A folder without lists (of a fresh image) has no time. */
export function listsRead(): Read<ShellResult> {
  return shellRead(`set -- ${LISTS}/*_*; [ ! -e "$1" ] || stat -c %Y ${LISTS} /var/lib/apt/periodic/update-success-stamp; echo "now $(date +%s)"`, ['path:/var/lib/apt'])
}

export interface Lists {
  /** Seconds since 1970; 0 when they never were. */
  readonly fetched: number
  /** Seconds. */
  readonly age: number
}

export function parseLists({ stdout }: ShellResult): Lists {
  const lines = stdout.trim().split('\n')
  const now = Number(lines.at(-1)!.replace('now ', ''))
  const fetched = Math.max(0, ...lines.slice(0, -1).map(Number))
  return { fetched, age: now - fetched }
}

export interface UpdateOptions {
  readonly lock_timeout: number
  readonly update_cache_retries: number
  /** Seconds. */
  readonly update_cache_retry_max_delay: number
}

/**
 * Fetches the lists. A list that cannot be fetched is a failure, which is tried again with growing pauses; another
 * process that holds the lock is waited for. apt leaves the folder's time alone when nothing is new, so it is set:
 * cache_valid_time counts from the last time that somebody looked.
 */
export function updateLists({ lock_timeout, update_cache_retries, update_cache_retry_max_delay }: UpdateOptions): Change {
  return {
    summary: 'update the package lists',
    writes: ['path:/var/lib/apt', 'path:/var/cache/apt', 'package:*'],
    leaves: [{ kind: 'package-lists' }],
    steps: [sh(UPDATE, String(lock_timeout), String(update_cache_retries), String(update_cache_retry_max_delay))],
  }
}

const UPDATE = `seen() { stat -c '%n %s %Y' ${LISTS}/*_* 2>/dev/null | cksum; }
before=$(seen) end=$(($(date +%s) + $1)) tries=0 pause=1
until output=$(apt-get -o APT::Update::Error-Mode=any update 2>&1 </dev/null); do
  case $output in
    *'Could not get lock'* | *'Unable to lock'*)
      if [ "$(date +%s)" -lt "$end" ]; then sleep 1; continue; fi ;;
    *)
      tries=$((tries + 1))
      if [ "$tries" -lt "$2" ]; then
        sleep "$pause"; pause=$((pause * 2)); [ "$pause" -le "$3" ] || pause=$3
        continue
      fi ;;
  esac
  printf '%s\\n' "$output" >&2
  exit 100
done
touch ${LISTS}
if [ "$(seen)" = "$before" ]; then echo same; else echo new; fi`

/** Whether the fetched lists differ from those before. */
export function listsChanged(reply: Reply | undefined): boolean {
  return reply?.stdout.toString().trim() === 'new'
}
