/** A site on a lab host for tests of cycles: deployed, and seen from outside while plonerun is at work on it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { CycleEvent, Step } from '../../src/cycle/events.ts'
import type { LabHost } from './lab.ts'
import { launcher, plonerun, type Finished } from './plonerun.ts'

export interface CycledSite {
  deploy(definition?: object): Promise<Finished>
  cycle(...args: readonly string[]): Promise<Finished>
  /** Begins a cycle, and is called with every event. */
  start(args: readonly string[], heard: (event: CycleEvent) => void): RunningCycle
  /** The Zopes as the balancer has them, with what their units do: `zope0 in alive active`. */
  zopes(): Promise<readonly string[]>
  /** Puts a program in the place of every Zope: one that starts fast, or does not, as the test wants it. It serves all that it is asked. */
  standIn(): Promise<void>
  remove(): void
}

export interface RunningCycle {
  readonly process: ChildProcess
  readonly ended: Promise<Finished>
}

const NAME = 'demo'

export function cycledSite(host: LabHost): CycledSite {
  const folder = mkdtempSync(join(tmpdir(), 'cycled-site-'))
  const inventory = (definition: object): void => {
    mkdirSync(join(folder, 'group_vars'), { recursive: true })
    writeFileSync(join(folder, 'hosts'), `[plone]\n${host.inventory}`)
    writeFileSync(join(folder, 'group_vars/plone.yml'), JSON.stringify({ sites: [{ name: NAME, domain: host.address, plone: '6.2.2', title: 'Demo', admin_password: 'geheim', ...definition }] }))
  }
  const cycleArgs = (args: readonly string[]): string[] => ['cycle', '--site', NAME, '-i', folder, ...args]
  return {
    deploy(definition = {}) {
      inventory(definition)
      return plonerun('deploy', folder, '--output', 'lines')
    },
    cycle: (...args) => plonerun(...cycleArgs(args), '--output', 'lines'),
    start(args, heard) {
      const child = spawn(launcher, [...cycleArgs(args), '--output', 'json'], { stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      createInterface({ input: child.stdout }).on('line', (line) => {
        output += `${line}\n`
        const told = JSON.parse(line) as { readonly type: string; readonly event: CycleEvent }
        if (told.type === 'cycle') heard(told.event)
      })
      child.stderr.on('data', (text: Buffer) => (output += text.toString()))
      return { process: child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, output }))) }
    },
    async zopes() {
      const script = `/srv/${NAME}/bin/backends | grep '^zope[012] ' | while read -r zope rest; do echo "$zope $rest $(systemctl is-active ${NAME}-zope@$zope)"; done`
      return (await host.ssh(script)).trim().split('\n')
    },
    async standIn() {
      await host.ssh(`cat >/srv/${NAME}/stand-in.py <<'EOF'\n${STAND_IN}EOF
mkdir -p /etc/systemd/system/${NAME}-zope@.service.d
printf '[Service]\\nExecStart=\\nExecStart=%s/bin/python /srv/${NAME}/stand-in.py %%i\\n' "$(ls -d /srv/${NAME}/venvs/*[0-9a-f] | head -n 1)" >/etc/systemd/system/${NAME}-zope@.service.d/stand-in.conf
systemctl daemon-reload && systemctl restart ${NAME}-zope@zope0 ${NAME}-zope@zope1 ${NAME}-zope@zope2 && sleep 2`)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** Served by waitress, as Zope is. What it does when it starts and answers is told by a file. */
const STAND_IN = `import os, sys, time
import waitress
zope = sys.argv[1]
def mode():
    try:
        return open("/srv/${NAME}/var/%s.mode" % zope).read().strip()
    except EnvironmentError:
        return "serve"
if mode() == "die":
    sys.exit("this Zope does not start")
if mode() == "mute":
    time.sleep(3600)
time.sleep(0.5)
def app(environ, start_response):
    status = "500 Internal Server Error" if mode() == "error" else "200 OK"
    start_response(status, [("Content-Type", "text/plain")])
    if environ["PATH_INFO"].endswith("/endless"):
        return (b"more\\n" * 2000 for _ in iter(lambda: time.sleep(0.2), 1))
    return [zope.encode() + b"\\n"]
waitress.serve(app, host="127.0.0.1", port=8080 + int(zope[4:]), threads=4, channel_timeout=120)
`

/** A listener that strikes once, when the step of the backend begins. */
export function atStep(step: Step, backend: string, strike: () => unknown): (event: CycleEvent) => void {
  let struck = false
  return (event) => {
    if (struck || event.kind !== 'step-started' || event.step !== step || event.backend !== backend) return
    struck = true
    strike()
  }
}

export interface Watch {
  /** Ends it. Gives a line for each moment at which something was wrong; none when all was well. */
  stop(): Promise<readonly string[]>
}

/**
 * Looks at the Zopes from the host itself, several times a second: one that is in the balancer must listen,
 * and so many must be both.
 */
export async function watchBackends(host: LabHost, minimum: number): Promise<Watch> {
  await host.ssh(`cat >/run/watch-backends <<'EOF'
while :; do
  listening=$(ss -Hltn | grep -o '127.0.0.1:808[012] ')
  /srv/${NAME}/bin/backends | while read -r zope in alive; do
    case $zope in zope[012]) ;; *) continue ;; esac
    case $listening in *":808\${zope#zope} "*) up=up ;; *) up=down ;; esac
    printf '%s %s %s, ' "$zope" "$in" "$up"
  done
  echo
  sleep 0.1
done >/run/watched
EOF
systemctl stop watch-backends 2>/dev/null; systemd-run --quiet --unit watch-backends /bin/sh /run/watch-backends`)
  return {
    async stop() {
      const lines = (await host.ssh('systemctl stop watch-backends; cat /run/watched; rm /run/watched /run/watch-backends')).trim().split('\n').slice(0, -1)
      if (lines.length < 3) throw new Error(`the watcher saw nothing: ${lines.join('\n')}`)
      return lines.filter((line) => line.includes(' in down') || (line.match(/ in up/g)?.length ?? 0) < minimum)
    },
  }
}
