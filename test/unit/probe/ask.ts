/** Runs probe scripts with a shell of this machine. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Read } from '../../../src/probe/read.ts'
import { textToBytes } from '../../../src/values/bytes.ts'

/** Answers reads of one kind as a frame would: one script for all of them. */
export function ask<T>(reads: readonly Read<T>[], { shell = ['sh'], cwd = '/', env = {} }: { shell?: readonly string[]; cwd?: string; env?: Record<string, string> } = {}): T[] {
  const kind = reads[0]!.kind
  const requests = reads.map(({ request }) => request)
  const stdout = execFileSync(shell[0]!, shell.slice(1), {
    input: textToBytes(kind.script(requests)),
    cwd,
    env: { PATH: process.env.PATH, HOME: '/root', LC_ALL: 'C', ...env },
    maxBuffer: 1e9,
  })
  return kind.parse(requests, stdout) as T[]
}

interface Shell {
  readonly name: string
  readonly shell: readonly string[]
  readonly env: Record<string, string>
}

/** The shells at hand: sh, bash, and busybox with its own tools. */
export const shells: readonly Shell[] = [
  { name: 'sh', shell: ['sh'], env: {} },
  { name: 'bash', shell: ['bash', '--posix'], env: {} },
  ...busybox(),
]

function busybox(): Shell[] {
  if (spawnSync('busybox', ['true']).error !== undefined) return []
  const tools = mkdtempSync(join(tmpdir(), 'plonerun-busybox-'))
  afterAll(() => rmSync(tools, { recursive: true }))
  execFileSync('busybox', ['--install', '-s', tools])
  return [{ name: 'busybox', shell: [join(tools, 'sh')], env: { PATH: tools } }]
}
