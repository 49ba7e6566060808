/** The bars of a cycle: each does what it says to a site and measures. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { CycleEnded, TurnEnded } from '../../src/cycle/events.ts'
import { DEFAULTS, startLoad } from '../../test/support/load/load.ts'
import { summarize, summaryLines } from '../../test/support/load/summary.ts'
import type { Site } from './site.ts'

export interface Row {
  readonly what: string
  readonly bar: string
  readonly measured: string
  readonly met: boolean
  /** What is worth telling when it was not met. */
  readonly details?: readonly string[]
}

/** Seconds that requests may be under way for at the balancer's end after their clients are done: `keepalive.pound`. */
const IDLE_TIMEOUT = 10
/** What the bar allows besides. */
const GRACE = 2

/** Cycles in a row under load: no answer may be lost. Then: how long a backend's turn took at most, against what it may. */
export async function underLoad(site: Site, cycles: number, clients: number, byHand: readonly number[]): Promise<readonly Row[]> {
  const load = startLoad({ ...DEFAULTS, url: site.url, clients })
  const turns: TurnEnded[] = []
  const failures: string[] = []
  for (let number = 0; number < cycles; number++) {
    const { code, output } = await site.cycle()
    const ended = turnsOf(output)
    turns.push(...ended)
    if (code !== 0 || ended.length !== site.zopes.length || ended.some(({ outcome }) => outcome !== 'restarted')) failures.push(`cycle ${number + 1} ended with ${code}: ${output.slice(-2000)}`)
  }
  const summary = summarize(await load.stop())
  const longest = Math.max(0, ...Object.values(summary.kinds).map(({ slowest }) => slowest))
  const allowed = Math.max(...byHand) + longest + IDLE_TIMEOUT + GRACE
  const slowest = Math.max(0, ...turns.map(secondsOf))
  return [
    {
      what: `${cycles} cycles in a row of ${site.zopes.length} Zopes, ${clients} clients`,
      bar: 'no failed or cut answer',
      measured: `${summary.answers} answers, ${summary.failed.length} failed; ${cycles - failures.length} of ${cycles} cycles whole`,
      met: summary.failed.length === 0 && failures.length === 0 && summary.answers > 0,
      details: [...summaryLines(summary), ...failures],
    },
    {
      what: 'time of a backend under load',
      bar: `stop and start by hand + longest request + idle time-out + ${GRACE} s`,
      measured: `${slowest.toFixed(1)} s at most, ${allowed.toFixed(1)} s allowed (${Math.max(...byHand).toFixed(1)} + ${longest.toFixed(1)} + ${IDLE_TIMEOUT} + ${GRACE})`,
      met: slowest > 0 && slowest <= allowed,
    },
  ]
}

/** Seconds that a Zope takes to stop, start and answer well, without any cycle; measured on its own host. */
const BY_HAND = `import subprocess, sys, time, urllib.request
unit, url = sys.argv[1:]
began = time.time()
subprocess.run(["systemctl", "stop", unit], check=True)
subprocess.run(["systemctl", "start", unit], check=True)
while True:
    try:
        if urllib.request.urlopen(url).status == 200: break
    except OSError: time.sleep(0.02)
print(time.time() - began)`

export async function byHand(site: Site): Promise<readonly number[]> {
  const seconds: number[] = []
  for (const { name, port } of site.zopes)
    seconds.push(Number(await site.ssh(`$(ls -d /srv/demo/venvs/*/bin/python | head -n 1) -c '${BY_HAND}' demo-zope@${name} http://127.0.0.1:${port}/portal/`)))
  return seconds
}

/** A cycle that nobody disturbs, against the same by hand. */
export async function idle(site: Site, hand: readonly number[]): Promise<Row> {
  const { code, output } = await site.cycle()
  const ended = eventsOf(output).find((event): event is CycleEnded => event.kind === 'cycle-ended')
  const sum = hand.reduce((total, each) => total + each, 0)
  const ratio = (ended?.seconds ?? NaN) / sum
  return {
    what: 'time of a cycle, idle site',
    bar: 'at most 1.2 times the sum of stop + start to the first good answer',
    measured: `${(ended?.seconds ?? NaN).toFixed(1)} s against ${sum.toFixed(1)} s by hand: ${ratio.toFixed(2)}`,
    met: code === 0 && ratio <= 1.2,
    ...(code !== 0 && { details: [output.slice(-2000)] }),
  }
}

/** A client that never ends its request: the deadline of the drain, the stated outcome, and everybody in the balancer again. */
export async function neverEnding(site: Site, drain: number): Promise<Row> {
  // bash opens connections by itself. The body never comes, so the balancer's side of it stays open.
  const begun = '{ printf "POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 9\\r\\n\\r\\n"; exec sleep 300; }'
  const open = site.zopes.map(({ port }, index) => `systemd-run --quiet --unit bench-stuck${index} bash -c 'exec >/dev/tcp/127.0.0.1/${port}; ${begun}'`)
  await site.ssh(open.join('; '))
  await sleep(1000)
  const { code, output } = await site.cycle('--drain-timeout', String(drain))
  await site.ssh("systemctl stop 'bench-stuck*'")
  const [first] = turnsOf(output)
  const states = JSON.parse((await site.cycle('--dry-run')).output.split('\n').find((line) => line.includes('"cycle-started"')) ?? '{}') as { event?: { backends: { state: { enabled: boolean } }[] } }
  const live = states.event?.backends.filter(({ state }) => state.enabled).length ?? 0
  return {
    what: 'a client that never ends its request',
    bar: 'after the deadline: the stated outcome, the others unharmed',
    measured: `${first?.outcome ?? 'no outcome'} after ${(first?.seconds.drain ?? NaN).toFixed(1)} s (deadline ${drain} s), exit code ${code}, ${live} of ${site.zopes.length} in the balancer`,
    met: code !== 0 && first?.outcome === 'not-drained' && live === site.zopes.length,
    details: [output.slice(-1500)],
  }
}

function turnsOf(output: string): TurnEnded[] {
  return eventsOf(output).filter((event): event is TurnEnded => event.kind === 'turn-ended')
}

function secondsOf({ seconds }: TurnEnded): number {
  return Object.values(seconds).reduce((sum, each) => sum + each, 0)
}

function eventsOf(output: string): readonly { readonly kind?: string }[] {
  return output.split('\n').filter((line) => line.startsWith('{')).map((line) => (JSON.parse(line) as { readonly event?: { readonly kind?: string } }).event ?? {})
}
