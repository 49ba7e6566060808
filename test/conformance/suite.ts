/** Runs the targets of the list on a lab host, one after the other, a test for each. */
import { execFile } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { quote } from '../../src/shell/quote.ts'
import { labHost, type LabHost } from '../support/lab.ts'
import { plonerun } from '../support/plonerun.ts'
import { ansibleCore } from './source.ts'
import { targets, type Target } from './targets.ts'

const BASE = '/opt/conformance'
const root = join(import.meta.dirname, '../..')
/** Seconds that a target may take. */
const LONGEST = 240

/** What became of a target. */
interface Ran {
  readonly code: number
  readonly tasks: number
  /** The end of what it printed. */
  readonly output: string
}

/** Tests for the targets that want a host with Python, or for those that do without. */
export function conformance(name: string, { python }: { readonly python: boolean }): void {
  const chosen = targets.filter((target) => target.python === python)
  const host = labHost(name, { python })
  beforeAll(() => prepare(host, python, [...new Set(chosen.flatMap(({ packages }) => packages))]))
  for (const passes of ['whole', 'part'] as const) {
    const some = chosen.filter((target) => target.passes === passes)
    if (some.length > 0) describe(passes, () => testEach(some, host))
  }
}

function testEach(some: readonly Target[], host: LabHost): void {
  test.for(some)('$name', async (target) => {
    const ran = await run(host, target)
    if (target.passes === 'part' && ran.code === 0 && target.without.length === 0) console.warn(`${target.name} passes whole now: move it up in targets.yml`)
    if (target.passes === 'whole' || target.without.length > 0) expect(ran.code, ran.output).toBe(0)
    expect(ran.tasks, ran.output).toBeGreaterThanOrEqual(target.tasks)
  })
}

/** Puts Node, plonerun, the launchers and the targets on the host. */
async function prepare(host: LabHost, python: boolean, packages: readonly string[]): Promise<void> {
  // The launcher builds plonerun when its sources have changed.
  await plonerun('--version')
  const archive = await ansibleCore()
  await host.ssh(`mkdir -p ${BASE}/bin ${BASE}/tree`)
  await send(host, dirname(process.execPath), basename(process.execPath), `tar -xC ${BASE} -f -`)
  await send(host, root, 'dist package.json', `tar -xC ${BASE} -f -`)
  await send(host, join(import.meta.dirname, 'on-host'), '.', `tar -xC ${BASE}/bin -f -`)
  await send(host, dirname(archive), basename(archive), `tar -xOf - | tar -xzC ${BASE}/tree --strip-components 1 --wildcards '*/test/integration' '*/test/support/integration'`)
  // Some log in to the host itself, as Ansible's own runner lets them.
  await host.ssh('mkdir -p ~/.ssh && ssh-keygen -q -t ed25519 -N "" -f ~/.ssh/id_ed25519 && cat ~/.ssh/id_ed25519.pub >>~/.ssh/authorized_keys')
  if (python) await host.ssh(`ln -sf "$(command -v python3)" ${BASE}/bin/python`)
  if (packages.length > 0) await host.ssh(`apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends ${packages.join(' ')} 2>&1`)
}

async function send(host: LabHost, folder: string, files: string, receive: string): Promise<void> {
  const login = ['ssh', '-i', host.keyFile, '-o', `UserKnownHostsFile=${host.knownHosts}`, '-o', 'LogLevel=ERROR', `root@${host.address}`, receive]
  await promisify(execFile)('sh', ['-c', `tar -C ${quote(folder)} -cf - ${files} | ${login.map(quote).join(' ')}`])
}

async function run(host: LabHost, { name, without }: Target): Promise<Ran> {
  const words = [name, ...without].map(quote).join(' ')
  const said = await host.ssh(`timeout -k 5 ${LONGEST} ${BASE}/bin/run-target ${words} >/tmp/said 2>&1 </dev/null; echo "exit: $?"; tail -c 20000 /tmp/said`)
  const number = (label: string): number => Number(new RegExp(`^${label}: *(\\d+)$`, 'm').exec(said)?.[1] ?? Number.NaN)
  return { code: number('exit'), tasks: number('tasks'), output: said }
}
