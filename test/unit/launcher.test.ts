/** The launcher of a clone, over a tree whose build writes a program that tells how often it was built. */
import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'

let root: string
let launcher: string

beforeEach(() => {
  root = temporaryFolder()
  launcher = join(root, 'plonerun')
  copyFileSync(new URL('../../plonerun', import.meta.url), launcher)
  write('package.json', '{"type": "module"}')
  write('package-lock.json', '{}')
  write('src/main.ts', '')
  write('build/registry.mjs', '')
  write(
    'build/bundle.mjs',
    `import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
     appendFileSync('builds', '.')
     await new Promise((resolve) => setTimeout(resolve, 200))
     writeFileSync('dist/plonerun.cjs', \`console.log(\${readFileSync('builds').length}, ...process.argv.slice(2))\`)`,
  )
  write('node_modules/.package-lock.json', '{}')
  const past = new Date(Date.now() - 60_000)
  for (const file of ['package.json', 'package-lock.json', 'src', 'src/main.ts', 'build', 'build/registry.mjs', 'build/bundle.mjs']) utimesSync(join(root, file), past, past)
})

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function launch(program: string, args: readonly string[] = [], path = process.env['PATH']): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: '/', env: { PATH: path } }, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }))
  })
}

test('builds on first use and again only when a source has changed', async () => {
  expect(await launch(launcher, ['a b', '--check'])).toEqual({ code: 0, stdout: '1 a b --check\n', stderr: 'plonerun: building\n' })
  expect(await launch(launcher)).toEqual({ code: 0, stdout: '1\n', stderr: '' })
  write('src/main.ts', 'changed')
  expect((await launch(launcher)).stdout).toBe('2\n')
})

test('runs through a symlink', async () => {
  const link = join(temporaryFolder(), 'plonerun')
  symlinkSync(launcher, link)
  expect((await launch(link, ['--version'])).stdout).toBe('1 --version\n')
})

test('two first starts at once build once', async () => {
  const both = await Promise.all([launch(launcher), launch(launcher)])
  expect(both.map(({ stdout }) => stdout)).toEqual(['1\n', '1\n'])
})

test('a build that fails shows why, and is tried again', async () => {
  write('build/bundle.mjs', `throw new Error('no such thing')`)
  const { code, stderr } = await launch(launcher)
  expect(code).toBe(1)
  expect(stderr).toContain('no such thing')
  expect(stderr).toMatch(/^plonerun: '\S+ build\/bundle.mjs' failed in /m)
  expect((await launch(launcher)).code).toBe(1)
  expect(readFileSync(join(root, 'dist/.log'), 'utf8')).toContain('no such thing')
})

test('says what is missing: node, or one that is new enough', async () => {
  const tools = temporaryFolder()
  for (const tool of ['readlink', 'find', 'mkdir', 'flock']) symlinkSync(`/usr/bin/${tool}`, join(tools, tool))
  expect(await launch(launcher, [], tools)).toMatchInlineSnapshot(`
    {
      "code": 69,
      "stderr": "plonerun: Node.js 20 or newer is needed, and there is no 'node' in PATH. See https://nodejs.org/en/download
    ",
      "stdout": "",
    }
  `)
  writeFileSync(join(tools, 'node'), '#!/bin/sh\necho 18.20.4\n')
  chmodSync(join(tools, 'node'), 0o755)
  const { code, stderr } = await launch(launcher, [], tools)
  expect({ code, stderr: stderr.replaceAll(tools, '/tools') }).toMatchInlineSnapshot(`
    {
      "code": 69,
      "stderr": "plonerun: Node.js 20 or newer is needed; /tools/node is 18.20.4
    ",
    }
  `)
})
