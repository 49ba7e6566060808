/**
 * Jobs: commands that go on in the background of a host when the session has long done something else.
 *
 * A job has a file in ~/.plonerun_async, named as the job: it says that the job runs, and in the end how it went. It is
 * removed by whoever reads the end. The job's commands run in a process group of their own, which a keeper ends when time is up.
 */
import type { CommandFragment, Reply } from './fragment.ts'
import { execution } from './frame.ts'
import { feed } from './stdin.ts'
import { CLEAN } from './prelude.ts'

/** Adds to $w/r how the command ended that began at the time in $w/b, and what it printed. */
const RECORD = `plonerun_record() {
  printf 'step %s %s %s %s %s\\n' "$1" "$(cat "$w/b")" "$(date +%s)" $(wc -c <"$w/o") $(wc -c <"$w/e") >>"$w/r"
  cat "$w/o" "$w/e" >>"$w/r"
  rm -f -- "$w/b"
}
`

/** Runs the steps; $1 status file, $2 private folder, $3 seconds, $4 umask. */
const KEEPER = `f=$1 w=$2
${RECORD}printf 'running %s\\n' "$$" >"$w/s" && mv -f -- "$w/s" "$f"
s=$(command -v setsid)
( umask "$4"; exec \${s:+"$s"} /bin/sh "$w/steps" "$w" ) & p=$!
( trap 'kill $!; exit' TERM
  sleep "$3" & wait $!
  : >"$w/late"
  kill -s TERM -- "-$p" || kill -s TERM "$p"
  for second in 1 2 3; do
    sleep 1 & wait $!
    kill -s 0 -- "-$p" || exit
  done
  kill -s KILL -- "-$p" ) & t=$!
wait "$p"
c=$?
if [ -e "$w/late" ]; then wait "$t"; else kill "$t"; fi
[ ! -e "$w/b" ] || plonerun_record "$c"
{ if [ -e "$w/late" ]; then echo late; else echo ended; fi; cat "$w/r"; } >"$w/s"
[ ! -e "$f" ] || mv -f -- "$w/s" "$f"
rm -rf -- "$w"`

/** Prints the status file's path. $1 job, $2 seconds, $3 the keeper's text; the steps are its stdin. */
const LAUNCH = `m=$(umask)
umask 077
d=\${HOME:?}/.plonerun_async
f=$d/$1 w=$d/.$1
mkdir -p -- "$w" && cat >"$w/steps" && echo running >"$f" || exit
s=$(command -v setsid)
\${s:+"$s"} /bin/sh -c "$3" sh "$f" "$w" "$2" "$m" </dev/null >/dev/null 2>&1 &
printf %s "$f"`

/** Exits 3 when there is no such job. Between the two looks a keeper may have written the end. */
const COLLECT = `d=\${HOME:?}/.plonerun_async
f=$d/$1
[ -f "$f" ] || exit 3
read -r state pid <"$f"
if [ "$state" = running ]; then
  if [ -z "$pid" ] || kill -s 0 "$pid" 2>/dev/null; then echo running; exit; fi
  read -r state pid <"$f"
fi
if [ "$state" = running ]; then echo lost; else cat "$f"; fi
rm -rf -- "$f" "$d/.$1"
rmdir "$d" 2>/dev/null
exit 0`

const FORGET = `d=\${HOME:?}/.plonerun_async
rm -f -- "$d/$1"
rmdir "$d" 2>/dev/null
printf %s "$d/$1"`

type Words = Pick<CommandFragment, 'argv' | 'stdin'>

/** What starts commands as a job, and prints the path of its status file. The first that fails is the last. */
export function launchJob(job: string, seconds: number, commands: readonly CommandFragment[]): Words {
  return { argv: ['/bin/sh', '-c', LAUNCH, 'sh', job, String(Math.ceil(seconds)), KEEPER], stdin: stepsText(commands) }
}

/** What prints how a job stands (see `parseJob`), and removes all of it once it has ended. */
export function collectJob(job: string): Words {
  return { argv: ['/bin/sh', '-c', COLLECT, 'sh', job] }
}

/** What removes a job's status file, and prints its path. The job itself goes on. */
export function forgetJob(job: string): Words {
  return { argv: ['/bin/sh', '-c', FORGET, 'sh', job] }
}

function stepsText(commands: readonly CommandFragment[]): string {
  const steps = commands.map((command) => {
    const fed = command.stdin !== undefined && command.stdin.length > 0
    return [
      ...(fed ? [feed(command.stdin, '"$w/i"')] : []),
      ': >"$w/o"; : >"$w/e"; date +%s >"$w/b"',
      `( ${execution(command)} ) <${fed ? '"$w/i"' : '/dev/null'} >"$w/o" 2>"$w/e"`,
      'c=$?',
      'plonerun_record "$c"',
      '[ "$c" = 0 ] || exit',
      '',
    ].join('\n')
  })
  return `w=$1\n${CLEAN}${RECORD}plonerun_exec() {\n  command -v "$1" >/dev/null || { printf '%s: not found\\n' "$1" >&2; exit 127; }\n  exec "$@"\n}\n${steps.join('')}`
}

type JobState =
  | { readonly state: 'running' }
  /** Its processes are gone, and nobody has written how it ended. */
  | { readonly state: 'lost' }
  | { readonly state: 'ended'; readonly replies: readonly Reply[] }

/** Reads what `collectJob` printed. Times are the host's, in whole seconds. */
export function parseJob(printed: Buffer): JobState {
  let at = 0
  const line = (): string => {
    const end = printed.indexOf(10, at)
    const text = printed.toString('latin1', at, end)
    at = end + 1
    return text
  }
  const bytes = (length: number): Buffer => printed.subarray(at, (at += length))
  const state = line()
  if (state === 'running' || state === 'lost') return { state }
  const replies: Reply[] = []
  while (at < printed.length) {
    const [code = 0, started = 0, ended = 0, out = 0, err = 0] = line().split(' ').slice(1).map(Number)
    replies.push({ code, stdout: bytes(out), stderr: bytes(err), time: { started: started * 1000, ended: ended * 1000 } })
  }
  const last = replies.pop()
  if (last === undefined) return { state: 'lost' }
  return { state: 'ended', replies: [...replies, state === 'late' ? { ...last, code: null, timedOut: true } : last] }
}
