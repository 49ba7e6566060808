/** The script that looks at a box before a deploy. */
import type { Site } from '../../plonestack/sites.ts'
import { quote } from '../../shell/quote.ts'

/** What must be known of a site. */
export type Needs = Pick<
  Site,
  'name' | 'home' | 'user' | 'venv' | 'locale' | 'tz' | 'python' | 'interpreter' | 'listens' | 'zopes_here' | 'here' | 'backup' | 'backup_host' | 'box' | 'storage' | 'varnish' | 'balancer'
>

/** A script that looks, and changes nothing; `findProblems` reads what it prints: a word for each look, and what was seen. */
export function lookScript(sites: readonly Needs[]): string {
  return [
    HELPERS,
    'look init "$(cat /proc/1/comm)"',
    "look memory $(awk '/^(MemTotal|SwapTotal):/ { sum += $2 } END { print int(sum / 1024) }' /proc/meminfo)",
    ...unique(sites.flatMap(foldersOf)).map((folder) => `space ${quote(folder)}`),
    ...unique(sites.map(({ venv }) => venv)).map((venv) => `[ ! -e ${quote(`${venv}/.complete`)} ] || look packages ${quote(venv)}`),
    ...unique(sites.map(({ user }) => user)).map((user) => `account ${quote(user)}`),
    ...unique(sites.map(({ locale }) => locale)).map((locale) => `locale_known ${quote(locale)}`),
    ...unique(sites.map(({ tz }) => tz)).map((tz) => `[ ! -e /usr/share/zoneinfo/UTC ] || [ -e /usr/share/zoneinfo/${quote(tz)} ] || look tz ${quote(tz)}`),
    ...unique(sites.map(({ interpreter }) => interpreter)).filter((path) => path.startsWith('/')).map((path) => `python ${quote(path)}`),
    `ports ${sites.flatMap(({ listens }) => listens.map((use) => use.split('=')[1])).join(' ')}`,
  ].join('\n')
}

const HELPERS = `look() { printf '%s\\t' "$@"; echo; }
space() {
  folder=$1
  while [ ! -e "$folder" ]; do folder=\${folder%/*}; folder=\${folder:-/}; done
  [ -d "$folder" ] || look file "$1" "$folder"
  look space "$1" $(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1024), $1, $NF }')
}
account() {
  found=$(getent passwd "$1") || return 0
  look account "$1" "$(echo "$found" | cut -d : -f 3)" "$(echo "$found" | cut -d : -f 6)"
}
locale_known() {
  case $1 in C | POSIX | C.*) return ;; esac
  [ -d /usr/share/i18n/locales ] || return 0
  [ -e "/usr/share/i18n/locales/\${1%%[.@]*}" ] || look locale "$1"
}
python() {
  [ -x "$1" ] || { look python "$1" none; return; }
  look python "$1" "$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo broken)"
}
# Who listens on ports, with the cgroup that tells which unit it is.
ports() {
  wanted=
  for port in "$@"; do wanted="$wanted :$(printf %04X "$port")=$port"; done
  sockets=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v wanted="$wanted " '$4 == "0A" {
    hex = substr($2, length($2) - 4)
    at = index(wanted, " " hex "=")
    if (at) { port = substr(wanted, at + 7); sub(/ .*/, "", port); print $10, port }
  }')
  [ -n "$sockets" ] || return 0
  for holder in $(find /proc/[0-9]*/fd -lname 'socket:*' -printf '%h %l\\n' 2>/dev/null | awk -v sockets="$sockets" '
    BEGIN { count = split(sockets, lines, "\\n"); for (i = 1; i <= count; i++) { split(lines[i], part, " "); port["socket:[" part[1] "]"] = part[2] } }
    $2 in port { split($1, path, "/"); print port[$2] "=" path[3] }'); do
    process=\${holder#*=}
    look port "\${holder%=*}" "$process" "$(cat "/proc/$process/comm")" "$(tr '\\n' ' ' <"/proc/$process/cgroup")"
  done
}`

function foldersOf({ home, backup, backup_host, box }: Needs): readonly string[] {
  return [home, ...(backup_host === box ? [backup.folder] : [])]
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
