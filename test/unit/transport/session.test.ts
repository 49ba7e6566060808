import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { CommandFragment, Fragment, Reply } from '../../../src/shell/fragment.ts'
import type { Connection } from '../../../src/transport/contract.ts'
import { connect } from '../../../src/transport/connection.ts'
import { createPool } from '../../../src/transport/pool.ts'
import { type SshServer, startSshServer } from '../../support/ssh-server.ts'

const probe = (script: string): Fragment => ({ kind: 'probe', script })
const command = (script: string, rest: Partial<CommandFragment> = {}): Fragment => ({ kind: 'command', argv: ['/bin/sh', '-c', script], ...rest })

let server: SshServer
let connection: Connection

beforeEach(async () => {
  server = await startSshServer()
  connection = await connect(server.address(), createPool())
})

afterEach(async () => {
  await connection.close()
  await server.close()
})

async function run(fragments: readonly Fragment[], options?: { deadline: number }): Promise<Reply[]> {
  return await (await connection.session()).exchange(fragments, options)
}

/** What of a reply tells how it went. */
function tell({ stdout, code, skipped, timedOut, lost, unreachable }: Reply): unknown {
  if (lost !== undefined) return `${unreachable ? 'unreachable' : 'lost'}: ${lost}`
  if (skipped) return 'skipped'
  return `${stdout.toString().trim()} ${code}${timedOut ? ' timed out' : ''}`
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 300) throw new Error('it never came true')
    await sleep(10)
  }
}

describe('frames', () => {
  test('many fragments are one frame and one wait; the shell is opened once', async () => {
    const replies = await run(Array.from({ length: 50 }, (_, index) => probe(`echo ${index}`)))
    expect(replies.map(({ stdout }) => Number(stdout))).toEqual(Array.from({ length: 50 }, (_, index) => index))
    await run([probe('true')])
    expect(server.counts).toMatchObject({ connections: 1, channels: 1, frames: 2 })
    expect(connection.stats).toMatchObject({ roundTrips: 2, opened: 1 })
    expect(connection.stats.bytesSent).toBeGreaterThan(1000)
  })

  test('no fragments, no frame', async () => {
    expect(await run([])).toEqual([])
    expect(server.counts).toMatchObject({ channels: 0, frames: 0 })
  })

  test('exchanges of a session wait for each other', async () => {
    const replies = await Promise.all([run([command('sleep 0.1; echo a')]), run([probe('echo b')]), run([probe('echo c')])])
    expect(replies.flat().map(tell)).toEqual(['a 0', 'b 0', 'c 0'])
  })

  test('both sides may fill all buffers at once', async () => {
    const large = 'x'.repeat(3_000_000)
    const [many, echoed] = await run([command('head -c 8000000 /dev/zero'), { kind: 'command', argv: ['cat'], stdin: large }])
    expect(many!.stdout.length).toBe(8_000_000)
    expect(echoed!.stdout.toString() === large).toBe(true)
  })

  test('output past the limit fails its fragment by name, and only that', async () => {
    const replies = await run([probe('echo before'), probe('head -c 70000000 /dev/zero'), probe('echo after')])
    expect(replies.map(tell)).toEqual(['before 0', 'lost: it printed more than 64 MiB', 'after 0'])
  })
})

describe('a shell that dies', () => {
  test('what was running is lost, what had not begun runs in a new one', async () => {
    const log = join(server.folder, 'log')
    const replies = await run([command(`echo 1 >>${log}; echo one`), command(`echo 2 >>${log}; kill -9 $PPID; sleep 1`), command(`echo 3 >>${log}; echo three`), probe('echo four')])
    expect(replies.map(tell)).toEqual(['one 0', expect.stringMatching(/^lost: its shell ended/), 'three 0', 'four 0'])
    expect(readFileSync(log, 'utf8')).toBe('1\n2\n3\n')
    expect(connection.stats).toMatchObject({ roundTrips: 2, opened: 2 })
  })

  test('what depended on the lost one is skipped', async () => {
    const onlyIf = { onlyIf: 'previous-succeeded' } as const
    expect((await run([command('kill -9 $PPID'), command('echo a', onlyIf), command('echo b', onlyIf), command('echo c')])).map(tell)).toEqual([
      expect.stringMatching(/^lost: its shell ended/),
      'skipped',
      'skipped',
      'c 0',
    ])
  })

  test('its private folder is removed by its successor', async () => {
    const [first] = await run([probe('echo "$plonerun_d"')])
    await run([command('kill -9 $PPID')])
    const folder = first!.stdout.toString().trim()
    expect(existsSync(folder)).toBe(true)
    await run([probe('true')])
    expect(existsSync(folder)).toBe(false)
  })

  test('one that died between frames is replaced without anyone noticing', async () => {
    const [pid] = await run([probe('echo $$')])
    process.kill(Number(pid!.stdout), 'SIGKILL')
    expect((await run([command('echo on')])).map(tell)).toEqual(['on 0'])
  })

  test('nothing is left behind by one that is closed', async () => {
    const [reply] = await run([probe('echo "$plonerun_d"'), command('echo x; echo y >&2; cat', { stdin: 'z' })])
    const folder = reply!.stdout.toString().trim()
    expect(readdirSync(folder).length).toBeGreaterThan(0)
    await connection.close()
    expect(existsSync(folder)).toBe(false)
  })

  test('nothing is left behind by one that was killed last', async () => {
    const [reply] = await run([probe('echo "$plonerun_d"'), command('kill -9 $PPID')])
    const folder = reply!.stdout.toString().trim()
    expect(existsSync(folder)).toBe(true)
    await connection.close()
    expect(existsSync(folder)).toBe(false)
  })

  test('a folder that vanished is made again', async () => {
    await run([command('echo x')])
    const [, ...after] = await run([probe('rm -rf "$plonerun_d"'), probe('echo a; echo b >&2'), command('echo c')])
    expect(after.map(tell)).toEqual(['a 0', 'c 0'])
  })

  test('a broken connection is told from a dead shell', async () => {
    const running = run([probe('echo before'), command('sleep 2'), probe('echo never')])
    await until(() => server.counts.bytesOut > 150)
    server.drop()
    expect((await running).map(tell)).toEqual([
      'before 0',
      'unreachable: the host closed the connection',
      'unreachable: the host closed the connection',
    ])
    await expect(run([probe('true')])).rejects.toMatchObject({ kind: 'unreachable', message: 'web1: no program can be started over the connection' })
  })

  test('an idle connection may break without ending the process', async () => {
    await run([probe('true')])
    server.drop()
    await sleep(50)
    await expect(run([probe('true')])).rejects.toMatchObject({ kind: 'unreachable' })
  })
})

describe('slow commands', () => {
  test('their output is shown while they run, characters whole', async () => {
    const shown: [stream: string, text: string][] = []
    const begun = Date.now()
    let first = 0
    const [reply] = await run([
      command("printf 'a\\303'; sleep 1.3; printf '\\244b'; echo oops >&2; sleep 1; echo end", {
        onOutput: (stream, text) => {
          first ||= Date.now() - begun
          shown.push([stream, text])
        },
      }),
    ])
    expect(reply!.stdout.toString()).toBe('aäbend\n')
    const joined = (name: string): string => shown.flatMap(([stream, text]) => (stream === name ? [text] : [])).join('')
    expect([joined('stdout'), joined('stderr')]).toEqual(['aäbend\n', 'oops\n'])
    expect(shown[0]).toEqual(['stdout', 'a'])
    expect(first).toBeLessThan(1900)
    expect(connection.stats, 'watching is no wait of the run').toMatchObject({ roundTrips: 1, opened: 1 })
  })

  test('quick ones are not watched', async () => {
    const shown: string[] = []
    await run([command('echo quick', { onOutput: (_, text) => shown.push(text), timeout: 5 })])
    expect(shown).toEqual([])
    expect(server.counts.channels).toBe(1)
  })

  test('past its timeout the whole process group is ended; the next one runs', async () => {
    const replies = await run([command('sleep 30.417 & echo started; sleep 30.417; echo no', { timeout: 0.5 }), command('echo next'), probe('pgrep -f "sleep 30[.]417"')])
    expect(replies.map(tell)).toEqual(['started 143 timed out', 'next 0', ' 1'])
  })

  test('one that ignores SIGTERM is killed', async () => {
    const [reply] = await run([command('trap "" TERM; sleep 5 & wait; sleep 20', { timeout: 0.3 })])
    expect(tell(reply!)).toBe(' 137 timed out')
  })

  test('a deadline ends an exchange; nothing after it runs', async () => {
    const marker = join(server.folder, 'ran')
    const replies = await run([probe('echo first'), command('sleep 30'), command(`touch ${marker}`)], { deadline: 0.5 })
    expect(replies.map(tell)).toEqual(['first 0', 'lost: no answer within 0.5 s', 'lost: no answer within 0.5 s'])
    expect((await run([probe('echo on')])).map(tell)).toEqual(['on 0'])
    expect(existsSync(marker)).toBe(false)
  })

  test('interrupt ends what runs and what would follow; a later exchange works', async () => {
    const marker = join(server.folder, 'ran')
    const running = run([command('sleep 30.418; true'), command(`touch ${marker}`)])
    await until(() => server.counts.frames > 0)
    await sleep(100)
    await connection.interrupt()
    expect((await running).map(tell)).toEqual(['lost: interrupted', 'lost: interrupted'])
    expect((await run([probe('pgrep -f "sleep 30[.]418"'), probe(`ls ${marker} 2>/dev/null`)])).map(tell)).toEqual([' 1', expect.stringMatching(/^ [12]$/)])
  })

  test('what is sent while a stop is under way waits for it, and is not its victim', async () => {
    for (let turn = 0; turn < 8; turn++) {
      const running = run([command('sleep 0.1')])
      await sleep(85 + 5 * turn)
      const stopping = connection.interrupt()
      await running
      expect((await run([command('sleep 0.2; echo here')])).map(tell)).toEqual(['here 0'])
      await stopping
    }
  }, 60_000)
})

describe('channels', () => {
  test('at most 8 are open; the one unused for longest makes room', async () => {
    const sudo = join(server.folder, 'fake-sudo')
    writeFileSync(sudo, '#!/bin/sh\nwhile [ "$1" != -u ]; do shift; done\nshift 2\nexec "$@"\n', { mode: 0o755 })
    const users = Array.from({ length: 12 }, (_, index) => `user${index}`)
    for (const user of users) {
      const session = await connection.session({ method: 'sudo', user, exe: sudo })
      expect((await session.exchange([probe('echo here')])).map(tell)).toEqual(['here 0'])
    }
    expect(server.counts).toMatchObject({ channels: 12, mostOpen: 8 })
    const first = await connection.session({ method: 'sudo', user: 'user0', exe: sudo })
    expect((await first.exchange([probe('echo again')])).map(tell)).toEqual(['again 0'])
    expect(server.counts.mostOpen).toBe(8)
  })

  test('reset opens the shells anew', async () => {
    const [before] = await run([probe('echo $$')])
    await connection.reset()
    const [after] = await run([probe('echo $$')])
    expect(after!.stdout).not.toEqual(before!.stdout)
    expect(connection.stats.opened).toBe(2)
  })
})

test('waiting for a slow network does not add up', async () => {
  const slow = await startSshServer({ delay: 500 })
  const far = await connect(slow.address(), createPool())
  onTestFinished(async () => {
    await far.close()
    await slow.close()
  })
  const session = await far.session()
  const begun = Date.now()
  await session.exchange(Array.from({ length: 30 }, () => probe('true')))
  expect(Date.now() - begun, 'opening the shell and its first frame are one wait').toBeLessThan(1900)
})
