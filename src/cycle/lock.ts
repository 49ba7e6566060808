/** The lock of a site, on its balancer's machine: cycles and deploys do not meet. */
import { hostname, userInfo } from 'node:os'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Box } from './box.ts'

/**
 * Prints `CONNECTION SINCE SHELL SINCE`: the process that ends when the connection does, and the shell that runs commands.
 * sudo and its like stand between the two; where nothing does, as in a container, the shell stands for both.
 */
const WHO = `
since() { cut -d ' ' -f 22 "/proc/$1/stat"; }
connection=$(cut -d ' ' -f 4 "/proc/$$/stat")
while grep -qx 'sudo\\|su\\|doas\\|sh\\|dash\\|bash' "/proc/$connection/comm"; do connection=$(cut -d ' ' -f 4 "/proc/$connection/stat"); done
[ "$connection" -gt 1 ] || connection=$$
echo "$connection $(since "$connection") $$ $(since $$)"`

/** Seconds that may take, and a little. */
const WAITING = 90

/** A holder is gone when its connection is; what its shell still runs then is waited for. */
const WAIT = `
gone() { [ "$(cut -d ' ' -f 22 "/proc/$1/stat" 2>/dev/null)" != "$2" ]; }
if read -r connection begun shell since 2>/dev/null <"$1/holder" && gone "$connection" "$begun"; then
  tries=0
  until gone "$shell" "$since" || [ "$tries" -gt 600 ]; do sleep 0.1; tries=$((tries + 1)); done
fi`

/** Runs by itself (flock), so a lock that has no holder was left by one that was killed at this. Prints who holds the lock; nothing when it is taken. */
const ACQUIRE = `
lock=$1
if ! read -r connection begun rest 2>/dev/null <"$lock/holder" || [ "$(cut -d ' ' -f 22 "/proc/$connection/stat" 2>/dev/null)" != "$begun" ]; then rm -rf "$lock"; fi
mkdir "$lock" 2>/dev/null || { cat "$lock/owner"; exit 0; }
printf '%s\\n' "$3, since $(date '+%Y-%m-%d %H:%M:%S')" >"$lock/owner"
printf '%s\\n' "$2" >"$lock/holder"`

/**
 * Does some work with the lock of a site in hand.
 * @param reason for whoever comes second
 * @param closing the machine as it is reached for the release, which an interrupt must not keep back
 * @throws PlonerunError of kind `task` that says who holds it, since when and why
 */
export async function withLock<Result>(box: Box, closing: Box, site: string, reason: string, work: () => Promise<Result>): Promise<Result> {
  const lock = `/run/${site}-cycle.lock`
  const [holder = ''] = (await box.exchange([], [WHO])).seen
  const owner = `${userInfo().username}@${hostname()} (${reason})`
  const { printed } = await box.exchange(
    [
      { summary: `wait for what the last holder of the lock left running`, argv: ['/bin/sh', '-c', WAIT, 'sh', lock], seconds: WAITING },
      { summary: `lock ${site}`, argv: ['flock', '/run', '/bin/sh', '-c', ACQUIRE, 'sh', lock, holder.trim(), owner] },
    ],
    [],
  )
  const held = printed[1] ?? ''
  if (held !== '')
    throw new PlonerunError(`${site} is locked by ${held.trim()}`, {
      kind: 'task',
      hint: `the lock goes with the connection of who holds it; if nobody does any more, remove ${lock} on the host`,
    })
  try {
    return await work()
  } finally {
    await closing.exchange([{ summary: `unlock ${site}`, argv: ['flock', '/run', 'rm', '-rf', lock] }], [])
  }
}
