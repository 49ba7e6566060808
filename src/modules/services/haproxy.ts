/** community.general.haproxy: servers of a running haproxy, through its socket. */
import { statRows } from '../../cycle/haproxy.ts'
import { hostWord } from '../../probe/host-path.ts'
import type { Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { sh, type Change, type Plan, type Step } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, integer, oneOf, path, required, text, type Input } from '../contract/option.ts'

const options = {
  host: required(text('The server.')),
  state: required(oneOf(['enabled', 'disabled', 'drain'], 'disabled: gets no request; drain: only those of visitors that it has.')),
  backend: text('Its backend; every one that has such a server unless given.'),
  socket: defaulting(path("haproxy's socket, of level admin."), '/var/run/haproxy.sock'),
  weight: text('Its weight from now on, absolute or with %.'),
  agent: defaulting(flag('Switches checks of its agent too.'), false),
  health: defaulting(flag('Switches checks of its health too.'), false),
  drain: defaulting(flag('A server to disable first loses its sessions.'), false),
  shutdown_sessions: defaulting(flag('Ends its sessions when it is disabled.'), false),
  fail_on_not_found: defaulting(flag('A server that is not there is a failure.'), false),
  wait: defaulting(flag('Waits until it is as wanted.'), false),
  wait_interval: defaulting(integer('Seconds between looks.'), 5),
  wait_retries: defaulting(integer('How often to look.'), 25),
} as const

type ServerInput = Input<typeof options>
type Row = Readonly<Record<string, string>>

/** Sends a line to the socket in $socket. */
const SAY = `say() {
  if command -v socat >/dev/null; then printf '%s\\n' "$1" | socat -t 10 - "UNIX-CONNECT:$socket"
  elif command -v nc >/dev/null; then printf '%s\\n' "$1" | nc -U -w 10 "$socket"
  elif command -v perl >/dev/null; then perl -MIO::Socket::UNIX -e '$to = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "$!\\n"; print $to "$ARGV[1]\\n"; $to->flush; print while <$to>' "$socket" "$1"
  else echo 'neither socat nor nc nor perl is there' >&2; return 127; fi
}`

/** haproxy only answers what it refuses. */
const COMMAND = `socket=$1\n${SAY}\nanswer=$(say "$2") || exit; [ -z "$answer" ] || { printf '%s\\n' "$answer" >&2; exit 1; }`

/** The 5th column of a server counts its sessions, the 18th tells its status. */
const WAIT = `socket=$1; left=$7
${SAY}
until say 'show stat' | awk -F, -v backend="$2" -v server="$3" -v wanted="$4" -v idle="$5" '$1 == backend && $2 == server && index($18, wanted) && (idle == "" || $5 == 0) { found = 1 } END { exit !found }'; do
  left=$((left - 1)); [ "$left" -gt 0 ] || { echo "server $2/$3 not status '$4' after $7 retries. Aborting." >&2; exit 1; }
  sleep "$6"
done`

export const haproxy = state({
  name: 'community.general.haproxy',
  summary: 'Enables, disables and drains servers of a running haproxy. The host needs socat, nc or perl.',
  options,
  readsAgain: true,
  reads: (input) => ({ stat: statRead(input) }),
  plan: (input, { stat }) => plan(input, stat),
  result: (input, { stat }, { after }) => ({ state_before: told(input, stat), state_after: told(input, after?.stat ?? stat) }),
})

function statRead({ socket }: ServerInput): Read<ShellResult> {
  return shellRead(`socket=${hostWord(socket)}\n${SAY}\nsay 'show stat' 2>&1`, ['anything'])
}

function servers({ host, backend }: ServerInput, { stdout }: ShellResult): readonly Row[] {
  return statRows(stdout).filter(({ pxname, svname }) => svname === host && (backend === undefined || pxname === backend))
}

function told(input: ServerInput, stat: ShellResult): readonly Readonly<Record<string, string>>[] | null {
  if (!stat.stdout.startsWith('# ')) return null
  const found = servers(input, stat).map(({ status = '', weight = '', scur = '' }) => ({ status, weight, scur }))
  return found.length === 0 ? null : found
}

const STATUS = { enabled: 'UP', disabled: 'MAINT', drain: 'DRAIN' } as const

function plan(input: ServerInput, stat: ShellResult): Plan {
  if (stat.code === 127) return { fail: 'the host has neither socat nor nc nor perl to talk to haproxy with' }
  if (!stat.stdout.startsWith('# ')) return { fail: `haproxy does not answer on ${input.socket}: ${stat.stdout.trim()}` }
  const found = servers(input, stat)
  if (found.length === 0) return input.fail_on_not_found ? { fail: `The specified backend '${input.backend ?? '*'}/${input.host}' was not found!` } : {}
  const due = found.filter((server) => isDue(input, server))
  const leaves = [answered(statRead(input), statAfter(input, stat, due))]
  return { changes: due.map((server) => ({ ...change(input, server), leaves })) }
}

/** check mode: what haproxy would tell then. */
function statAfter({ state: wanted, weight }: ServerInput, { stdout }: ShellResult, due: readonly Row[]): string {
  const [head = '', ...lines] = stdout.split('\n')
  const names = head.slice(2).split(',')
  const after: Row = { status: STATUS[wanted], ...(wanted === 'enabled' && weight !== undefined && !weight.endsWith('%') && { weight }) }
  const told = lines.map((line) => {
    const cells = line.split(',')
    const isMeant = due.some(({ pxname, svname }) => cells[names.indexOf('pxname')] === pxname && cells[names.indexOf('svname')] === svname)
    return isMeant ? cells.map((cell, index) => after[names[index] ?? ''] ?? cell).join(',') : line
  })
  return [head, ...told].join('\n')
}

function isDue({ state: wanted, weight }: ServerInput, { status = '', weight: current }: Row): boolean {
  if (wanted !== 'enabled') return !status.startsWith(STATUS[wanted])
  return /^(MAINT|DRAIN)/.test(status) || (weight !== undefined && !weight.endsWith('%') && weight !== current)
}

function change(input: ServerInput, { pxname = '', svname = '', status = '' }: Row): Change {
  const { socket, state: wanted } = input
  const server = `${pxname}/${svname}`
  const say = (command: string): Step => sh(COMMAND, socket, command)
  const wait = (until: string, idle: boolean): readonly Step[] => (input.wait ? [sh(WAIT, socket, pxname, svname, until, idle ? 'yes' : '', String(input.wait_interval), String(input.wait_retries))] : [])
  const switched = (verb: string): readonly Step[] => [...(input.agent ? [say(`${verb} agent ${server}`)] : []), ...(input.health ? [say(`${verb} health ${server}`)] : [])]
  // A server that is down never gets to DRAIN.
  const drained = [say(`set server ${server} state drain`), ...(status.startsWith('DOWN') ? [] : wait('DRAIN', input.drain))]
  const steps = {
    enabled: () => [say(`enable server ${server}`), ...switched('enable'), ...(input.weight === undefined ? [] : [say(`set weight ${server} ${input.weight}`)]), ...wait('UP', false)],
    disabled: () => [...(input.drain ? drained : []), ...switched('disable'), say(`disable server ${server}`), ...(input.shutdown_sessions ? [say(`shutdown sessions server ${server}`)] : []), ...wait('MAINT', input.drain)],
    drain: () => drained,
  }[wanted]()
  return { summary: `haproxy: ${wanted} ${server}`, writes: ['anything'], steps }
}
