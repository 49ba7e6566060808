/** What a cycle leaves behind when something goes wrong in it. The Zopes are stand-ins that start fast; all around them is real. */
import { spawn, type ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { exitCodes } from '../../src/cli/exit-codes.ts'
import { STEPS, type CycleEvent } from '../../src/cycle/events.ts'
import { atStep, cycledSite, watchBackends } from '../support/cycled-site.ts'
import { labHost } from '../support/lab.ts'

const host = labHost('cycled')
const site = cycledSite(host)
const ALL_WELL = ['zope0 in alive active', 'zope1 in alive active', 'zope2 in alive active']

beforeAll(async () => {
  expect((await site.deploy()).output).toMatch(/failed=0/)
  await site.standIn()
}, 900_000)
afterAll(() => site.remove())

beforeEach(async () => {
  await host.ssh('rm -f /srv/demo/var/*.mode')
  // What a test that failed has left half done is not the next one's.
  if ((await site.zopes()).some((zope) => zope.includes(' out '))) await site.cycle('--resume')
  await expect.poll(() => site.zopes(), { timeout: 30_000 }).toEqual(ALL_WELL)
})

async function mode(zope: string, what: 'die' | 'mute' | 'error' | 'serve'): Promise<void> {
  await host.ssh(`echo ${what} >/srv/demo/var/${zope}.mode`)
}

describe.each(['killed', 'cut off'] as const)('a run that is %s', (way) => {
  test.each(STEPS)('at the step %s leaves no Zope wrongly in the balancer and enough of them live; a resume heals', async (step) => {
    const watch = await watchBackends(host, 2)
    const knife = shell("read -r strike; pkill -KILL -f 'sshd(-session)?: root@notty'")
    const running = site.start([], atStep(step, 'zope1', () => (way === 'killed' ? running.process.kill('SIGKILL') : knife.stdin?.write('\n'))))
    expect((await running.ended).code).not.toBe(0)
    knife.kill()
    const { code, output } = await site.cycle('--resume')
    expect(output).toMatch(/zope[12] +restarted/)
    expect(code).toBe(0)
    expect(await watch.stop()).toEqual([])
    expect(await site.zopes()).toEqual(ALL_WELL)
    expect(await host.ssh('ls /run | grep demo-cycle || true')).toBe('')
  })
})

test.each(['drain', 'stop', 'listen', 'wake'] as const)('an interrupt at the step %s brings the Zope back before the run ends', async (step) => {
  const watch = await watchBackends(host, 2)
  const running = site.start([], atStep(step, 'zope1', () => void running.process.kill('SIGINT')))
  expect((await running.ended).code).toBe(exitCodes.interrupted.code)
  expect(await site.zopes()).toEqual(ALL_WELL)
  expect(await watch.stop()).toEqual([])
  await site.cycle('--resume')
})

test.each([
  ['does not start', 'die', 'this Zope does not start'],
  ['does not listen', 'mute', 'it does not listen at 127.0.0.1:8081 after 8 seconds'],
  ['answers 500', 'error', '/portal/ is answered with status 500 after 8 seconds'],
] as const)('one that %s ends the cycle there; the others serve, and the next cycle begins with it', async (_, how, said) => {
  await mode('zope1', how)
  const events: CycleEvent[] = []
  const { code, output } = await site.start(['-e', 'cycle_listen_timeout=8', '-e', 'cycle_wake_timeout=8'], (event) => events.push(event)).ended
  expect(code).toBe(2)
  expect(output).toContain(said)
  expect(events.flatMap((event) => (event.kind === 'turn-ended' ? [`${event.backend} ${event.outcome}`] : []))).toEqual(['zope0 restarted', 'zope1 not-back'])
  const [zope0, zope1, zope2] = await site.zopes()
  expect([zope0, zope2]).toEqual(['zope0 in alive active', 'zope2 in alive active'])
  expect(zope1).toMatch(/^zope1 out/)
  await mode('zope1', 'serve')
  const next = await site.cycle('--resume')
  expect(next.output).toMatch(/zope1 +restarted[^]*zope2 +restarted/)
})

test('a client that never ends its request: after the deadline its Zope is as it was, and so are the others', async () => {
  for (const zope of [0, 1, 2]) await host.ssh(`systemd-run --quiet --unit endless${zope} bash -c 'exec 3<>/dev/tcp/127.0.0.1/${8080 + zope}; printf "GET /endless HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3 >/dev/null'`)
  const connections = () => host.ssh("ss -Htn state established 'dport >= 8080 and dport <= 8082' | wc -l")
  await expect.poll(async () => Number(await connections())).toBeGreaterThanOrEqual(3)
  const { code, output } = await site.cycle('--drain-timeout', '5')
  await host.ssh("systemctl stop 'endless*'")
  expect(code).toBe(2)
  expect(output).toMatch(/zope0 of demo was not restarted: it is not drained: 1 connection and 0 sessions are left after 5 seconds[^]*it is back in the balancer/)
  expect(await site.zopes()).toEqual(ALL_WELL)
})

test('a balancer that hangs: the cycle ends and says so, and the next one goes on', async () => {
  const hang = (signal: string): Promise<string> => host.ssh(`systemctl kill --signal ${signal} demo-pound`)
  let hung: Promise<string> | undefined
  const { code, output } = await site.start([], atStep('drain', 'zope1', () => (hung = hang('STOP')))).ended
  await hung
  await hang('CONT')
  expect(code).toBe(2)
  expect(output).toMatch(/zope1 of demo (does not come back|was not restarted): [^"]* took longer than 20 seconds/)
  expect((await site.cycle('--resume')).code).toBe(0)
  expect(await site.zopes()).toEqual(ALL_WELL)
})

/** A command on the host that runs while the test goes on. */
function shell(command: string): ChildProcess {
  const args = ['-i', host.keyFile, '-o', `UserKnownHostsFile=${host.knownHosts}`, '-o', 'LogLevel=ERROR', `root@${host.address}`]
  return spawn('ssh', [...args, command], { stdio: ['pipe', 'ignore', 'ignore'] })
}

test('two at once: the second says who holds the lock, why and since when', async () => {
  let second: Promise<{ readonly code: number; readonly output: string }> | undefined
  const first = site.start([], atStep('start', 'zope0', () => (second = site.cycle())))
  expect((await first.ended).code).toBe(0)
  const { code, output } = await second!
  expect(code).toBe(2)
  expect(output).toMatch(/demo is locked by \S+@\S+ \(cycle\), since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/)
})

test('one that an administrator has switched off stays off', async () => {
  await host.ssh('/srv/demo/bin/backends off zope1')
  const { code } = await site.cycle()
  expect(code).toBe(0)
  expect(await site.zopes()).toEqual(['zope0 in alive active', 'zope1 out alive active', 'zope2 in alive active'])
  await host.ssh('/srv/demo/bin/backends on zope1')
})

test('a canary first, the others by a resume', async () => {
  expect((await site.cycle('--canary', '1')).output).toMatch(/1 of 1|zope0 +restarted/)
  const { output } = await site.cycle('--resume')
  expect(output).not.toMatch(/zope0 +restarted/)
  expect(output).toMatch(/zope1 +restarted[^]*zope2 +restarted/)
})

test('a dry run changes nothing and says how all stand', async () => {
  const pids = () => host.ssh('systemctl show --value --property MainPID demo-zope@zope0 demo-zope@zope1 demo-zope@zope2')
  const before = await pids()
  const { output } = await site.cycle('--dry-run')
  expect(output).toMatch(/zope2 +127\.0\.0\.1:8082 +on, alive, 0 sessions +would be restarted/)
  expect(await pids()).toBe(before)
})

test('a site that is down is started at once', async () => {
  await host.ssh('systemctl stop demo-zope@zope0 demo-zope@zope1 demo-zope@zope2')
  expect((await site.cycle()).code).toBe(0)
})
