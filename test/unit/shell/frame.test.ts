import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CommandFragment, Fragment } from '../../../src/shell/fragment.ts'
import { frameText } from '../../../src/shell/frame.ts'
import { type Answer, parseFrame } from '../../../src/shell/parse-frame.ts'
import { prelude } from '../../../src/shell/prelude.ts'
import { shells } from '../../support/shells.ts'

const probe = (script: string): Fragment => ({ kind: 'probe', script })
const command = (script: string, rest: Partial<CommandFragment> = {}): Fragment => ({ kind: 'command', argv: ['/bin/sh', '-c', script], ...rest })

/** Runs the fragments in one frame of a fresh shell. */
async function run(shell: readonly string[], fragments: readonly Fragment[]): Promise<readonly Answer[]> {
  const token = randomBytes(8).toString('hex')
  const folder = `plonerun-test-${token}`
  const child = spawn(shell[0]!, shell.slice(1), { stdio: ['pipe', 'pipe', 'ignore'] })
  const parser = parseFrame(token)
  const answers: Answer[] = []
  child.stdout.on('data', (chunk: Buffer) => answers.push(...parser.push(chunk)))
  child.stdin.on('error', () => undefined)
  child.stdin.end(prelude({ token: `ready${token}`, folder }) + frameText(fragments, { token, first: 0 }))
  await new Promise((resolve) => child.on('close', resolve))
  expect(existsSync(`/dev/shm/${folder}`), 'the private folder is gone').toBe(false)
  return answers
}

/** stdout, stderr and code of each, as text. */
async function texts(shell: readonly string[], fragments: readonly Fragment[]): Promise<unknown[]> {
  return (await run(shell, fragments)).map((answer) => (answer === 'skipped' ? answer : [answer.stdout.toString(), answer.stderr.toString(), answer.code]))
}

const HOSTILE = [
  ['exits', 'exit 3', ['', '', 3]],
  ['prints without a newline', 'printf abc', ['abc', '', 0]],
  ['prints to stderr only', 'printf abc >&2; exit 1', ['', 'abc', 1]],
  ['prints to both', 'printf out; printf err >&2', ['out', 'err', 0]],
  ['closes its descriptors', 'exec 0<&- 1>&- 2>&-', ['', '', 0]],
  ['is ended by a signal', 'exec sh -c \'kill -9 $$\'', ['', expect.any(String), 137]],
  ['reads stdin', 'cat; read line; echo "[$line]"', ['[]\n', '', 0]],
  ['sets what the session uses', 'plonerun_t=x; plonerun_d=/; plonerun_c=1; IFS=0; cd /; umask 777; set -e; set -f', ['', '', 0]],
  ['traps and redefines', 'trap "echo no" EXIT; trap - EXIT; cat() { echo no; }; printf() { :; }; unset PATH', ['', '', 0]],
] as const

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('%s', (_, shell) => {
  for (const [what, script, answer] of HOSTILE) {
    test(`a fragment that ${what} leaves the others alone`, async () => {
      expect(await texts(shell, [probe('echo before'), probe(script), probe('echo between'), command(script), command('echo after')])).toEqual([
        ['before\n', '', 0],
        answer,
        ['between\n', '', 0],
        answer,
        ['after\n', '', 0],
      ])
    })
  }

  test('a syntax error in a probe is its own', async () => {
    const answers = await texts(shell, [probe("if ( '"), probe('echo on')])
    expect(answers).toEqual([['', expect.stringMatching(/./), expect.any(Number)], ['on\n', '', 0]])
    expect(answers[0]).not.toEqual(['', '', 0])
  })

  test('a listing of the variables is no marker', async () => {
    const [listing, after] = await texts(shell, [probe('set'), probe('echo after')])
    expect(listing).toEqual([expect.stringContaining('plonerun_t='), '', 0])
    expect(after).toEqual(['after\n', '', 0])
  })

  test('a child left behind prints into no later answer', async () => {
    const fragments = [command('(sleep 0.2; echo late; echo late >&2) & echo started'), command('sleep 0.4'), command('echo mine'), probe('echo mine')]
    expect(await texts(shell, fragments)).toEqual([['started\n', '', 0], ['', '', 0], ['mine\n', '', 0], ['mine\n', '', 0]])
  })

  test('bytes survive: NUL, invalid UTF-8, 10 MB', async () => {
    const [odd, big, fed] = (await run(shell, [
      probe("printf '\\000\\377\\036x0\\n\\r'"),
      command('head -c 10000000 /dev/zero | tr "\\0" x; printf end >&2'),
      { kind: 'command', argv: ['cat'], stdin: Uint8Array.of(0, 255, 10, 0) },
    ])) as Exclude<Answer, 'skipped'>[]
    expect(odd!.stdout).toEqual(Buffer.from([0, 255, 0x1e, 0x78, 0x30, 10, 13]))
    expect(big!.stdout.equals(Buffer.alloc(10_000_000, 'x'))).toBe(true)
    expect(big!.stderr.toString()).toBe('end')
    expect(fed!.stdout).toEqual(Buffer.from([0, 255, 10, 0]))
  })

  test('every command has its own folder, umask, environment and stdin', async () => {
    expect(
      await texts(shell, [
        command('pwd; umask; echo "$A|$LC_ALL"; cat', { cwd: '/usr', umask: '027', environment: { A: "it's $HOME" }, stdin: 'fed\n' }),
        command('pwd; echo "$A|$LC_ALL|$PATH"', { cwd: '/', clean: true }),
        { kind: 'command', argv: ['env'], environment: { 'a.b': '1' } },
        command('echo no', { cwd: '/nowhere' }),
        { kind: 'command', argv: ['no-such-program', 'x'] },
        { kind: 'command', argv: ['printf', '%s|', "a'b", '', '$x *', 'two\nlines', 'ü'] },
      ]),
    ).toEqual([
      ["/usr\n0027\nit's $HOME|\nfed\n", '', 0],
      [expect.stringMatching(/^\/\n\|C\|.*:\/usr\/sbin:\/sbin\n$/), '', 0],
      [expect.stringMatching(/^a\.b=1$/m), '', 0],
      ['', expect.stringContaining('/nowhere'), 126],
      ['', 'no-such-program: not found\n', 127],
      ["a'b||$x *|two\nlines|ü|", '', 0],
    ])
  })

  test('onlyIf skips after a failure, and after what was skipped', async () => {
    const onlyIf = { onlyIf: 'previous-succeeded' } as const
    expect(await texts(shell, [command('exit 4'), command('echo a', onlyIf), command('echo b', onlyIf), command('echo c'), command('echo d', onlyIf)])).toEqual([
      ['', '', 4],
      'skipped',
      'skipped',
      ['c\n', '', 0],
      ['d\n', '', 0],
    ])
  })

  test('a command has a process group of its own, and SIGINT is not ignored', async () => {
    const [reply] = await texts(shell, [command('read -r _ _ _ _ group _ </proc/self/stat; [ "$group" = $$ ] && echo own; grep SigIgn /proc/self/status')])
    expect(reply).toEqual([expect.stringMatching(/^own\nSigIgn:\t0{13}[0-9a-f]0[0-9a-f]0\n|^own\nSigIgn:\t0+\n/), '', 0])
  })

  test('a probe costs no process', async () => {
    const number = 'read -r pid _ </proc/self/stat; echo $pid'
    const answers = await texts(shell, Array.from({ length: 5 }, () => probe(number)))
    const pids = answers.map((answer) => Number((answer as string[])[0]))
    expect(pids[4]! - pids[0]!, 'only the subshells themselves').toBeLessThan(20)
  })

  test('text of many kinds survives as an argument and as stdin', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')), { minLength: 1, maxLength: 8 }), async (values) => {
        const answers = await run(
          shell,
          values.flatMap((text): Fragment[] => [
            { kind: 'command', argv: ['printf', '%s', text], environment: { TEXT: text } },
            { kind: 'command', argv: ['cat'], stdin: text },
            { kind: 'command', argv: ['/bin/sh', '-c', 'printf %s "$TEXT"'], environment: { TEXT: text } },
          ]),
        )
        expect(answers.map((answer) => (answer === 'skipped' ? answer : answer.stdout.toString()))).toEqual(values.flatMap((text) => [text, text, text]))
      }),
      { numRuns: 15 },
    )
  })
})
