/** What a session's shell is told first: its private folder, how it cleans up, and the functions that frames call. */
import { quote } from './quote.ts'

/** Every marker begins with this byte, so that a listing of the shell's variables is none. */
export const MARK = '\x1e'

/** What probes have behind the login's own PATH. */
export const SYSTEM_PATH = ':/usr/local/sbin:/usr/sbin:/sbin'

/** The function that gives plonerun's own commands what they count on. */
export const CLEAN = `plonerun_clean() {
  LC_ALL=C PATH=$PATH${SYSTEM_PATH}
  export LC_ALL PATH
}
`

export interface PreludeOptions {
  /** Unguessable; introduces the answer of the prelude. */
  readonly token: string
  /** Name of the private folder below /dev/shm or /tmp, unguessable too. */
  readonly folder: string
  /** Folders that killed shells of this session left behind. */
  readonly stale?: readonly string[]
}

/**
 * The text that prepares a fresh `sh`. It answers with a marker that holds the shell's process id and its private folder.
 *
 * Output of commands goes to files in that folder and is sent when they end: a child they leave behind then writes to a
 * file that nobody reads, not into a later answer. The folder is made again when something took it away (logind does
 * that to /dev/shm when a user's last login ends). `command -v` comes first so that a missing program is named, not setsid.
 */
export function prelude({ token, folder, stale = [] }: PreludeOptions): string {
  const places = (name: string): string => `/dev/shm/${name} /tmp/${name}`
  return `trap 'rm -rf ${places(folder)}' EXIT
trap 'exit 129' HUP INT PIPE TERM
{ [ -r . ] && [ -x . ]; } || cd 2>/dev/null || cd /
plonerun_d=/dev/shm/${folder}
plonerun_s=$(command -v setsid)
plonerun_dir() {
  [ -O "$plonerun_d" ] || mkdir -m 700 "$plonerun_d" 2>/dev/null && return
  plonerun_d=/tmp/${folder}
  [ -O "$plonerun_d" ] || mkdir -m 700 "$plonerun_d"
}
${CLEAN}plonerun_probe() {
  plonerun_dir
  ( plonerun_clean; eval "$1" ) </dev/null 2>"$plonerun_d/e"
  plonerun_end $? "" "$plonerun_d/e"
}
plonerun_exec() {
  command -v "$1" >/dev/null || { printf '%s: not found\\n' "$1" >&2; exit 127; }
  exec \${plonerun_s:+"$plonerun_s"} "$@"
}
plonerun_end() {
  plonerun_c=$1
  if [ -s "$2" ] && [ -s "$3" ]; then
    printf '\\036%se\\n' "$plonerun_t" >"$plonerun_d/m"
    cat "$2" "$plonerun_d/m" "$3"
  elif [ -s "$3" ]; then
    printf '\\036%se\\n' "$plonerun_t"
    cat "$3"
  elif [ -s "$2" ]; then
    cat "$2"
  fi
  printf '\\036%sx%s\\n' "$plonerun_t" "$1" || exit
}
${stale.length > 0 ? `rm -rf ${stale.map((name) => places(quote(name))).join(' ')}\n` : ''}plonerun_dir
printf '\\036%sr%s %s\\n' ${token} "$$" "$plonerun_d"
`
}
