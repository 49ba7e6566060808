import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readlinkSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pathKind, pathRead } from '../../../src/probe/path.ts'
import type { ExistingPath } from '../../../src/probe/path-state.ts'
import { textToBytes } from '../../../src/values/bytes.ts'
import { ask, shells } from './ask.ts'

const NASTY = ['plain', '-rf', ' two  words ', 'new\nline', 'ends in newline\n', "quo'te\"s", 'back\\slash', '$HOME', '`id`', 'star*', '\u00fcml\u00e4ut', 'tab\there', 'byte\udcff\udc80x', 'r\rx', 'x y:z:w']

let dir: string
beforeAll(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'plonerun-path-')))
  for (const name of NASTY) writeFileSync(Buffer.concat([textToBytes(`${dir}/`), textToBytes(name)]), `content of ${name.length}`)
  mkdirSync(join(dir, 'folder'))
  symlinkSync('plain', join(dir, 'link'))
  symlinkSync('nowhere/else', join(dir, 'broken'))
  symlinkSync('loop', join(dir, 'loop'))
  symlinkSync('folder', join(dir, 'to folder\n'))
  writeFileSync(join(dir, 'folder/inner'), 'inner')
  chmodSync(join(dir, 'plain'), 0o4750)
  execFileSync('mkfifo', [join(dir, 'fifo')])
})
afterAll(() => rmSync(dir, { recursive: true }))

/** As the playbook would spell the name: a variable's name is not expanded when the variable is not set. */
const at = (name: string): string => `${dir}/${name}`

describe.each(shells)('in $name', ({ shell, env }) => {
  it('an empty path names nothing, and not the folder it stands in', () => {
    expect(ask([pathRead(''), pathRead('', { follow: true }), pathRead(at('plain'))], { shell, env }).map(({ exists }) => exists)).toEqual([false, false, true])
  })

  it('tells names apart, whatever they hold', () => {
    const names = NASTY.filter((name) => name !== '$HOME').flatMap((name) => [name, `${name} not there`])
    const states = ask(names.map((name) => pathRead(at(name), { checksum: 'sha1' })), { shell, env })
    expect(states.map(({ path, exists }) => [path, exists])).toEqual(names.map((name) => [at(name), !name.endsWith(' not there')]))
    expect(states.filter(({ exists }) => exists).map((state) => (state as ExistingPath).checksum?.length)).toEqual(NASTY.slice(1).map(() => 40))
    expect(states.map(({ realPath }) => realPath)).toEqual(names.map(at))
  })

  it('tells what the system tells', () => {
    const [state] = ask([pathRead(at('plain'), { checksum: 'sha256', access: true })], { shell, env }) as [ExistingPath]
    const real = statSync(at('plain'))
    expect(state).toMatchObject({
      path: at('plain'),
      realPath: at('plain'),
      type: 'file',
      mode: 0o4750,
      uid: real.uid,
      gid: real.gid,
      owner: userInfo().username,
      size: real.size,
      inode: real.ino,
      device: real.dev,
      links: 1,
      umask: 0o22,
      checksum: createHash('sha256').update('content of 5').digest('hex'),
      access: { read: true, write: true, execute: true },
    })
    expect(Math.floor(state.mtime)).toBe(Math.floor(real.mtimeMs / 1000))
  })

  it('tells a link from what it leads to', () => {
    const states = ask([pathRead(at('link')), pathRead(at('link'), { follow: true }), pathRead(at('broken')), pathRead(at('broken'), { follow: true }), pathRead(at('to folder\n')), pathRead(at('to folder\n/inner'))], { shell, env })
    expect(states).toMatchObject([
      { type: 'link', target: 'plain', realPath: at('plain') },
      { type: 'file', mode: 0o4750, realPath: at('plain') },
      { type: 'link', target: 'nowhere/else' },
      { exists: false },
      { type: 'link', target: readlinkSync(at('to folder\n')), realPath: at('folder') },
      { exists: true, path: at('to folder\n/inner'), realPath: at('folder/inner') },
    ])
  })

  it('knows every type, and survives a loop of links', () => {
    const states = ask(['fifo', 'folder', 'loop', 'plain/below a file'].map((name) => pathRead(at(name), { checksum: 'md5' })).concat(pathRead('/dev/null'), pathRead('/')), { shell, env })
    expect(states.map((state) => (state.exists ? state.type : 'missing'))).toEqual(['fifo', 'directory', 'link', 'missing', 'char', 'directory'])
  })

  it('expands ~ and variables on the host, and nothing else', () => {
    const states = ask(['~/plain', '~root/x', '~/$WHERE/inner', '~/${WHERE}/$UNSET_NAME', '~/folder/${UNSET}', 'relative', '~'].map((path) => pathRead(path)), { shell, env: { ...env, HOME: dir, WHERE: 'folder' }, cwd: dir })
    expect(states.map(({ path }) => path)).toEqual([at('plain'), '/root/x', at('folder/inner'), at('folder/$UNSET_NAME'), at('folder/${UNSET}'), at('relative'), dir])
  })

  it('merges many requests, the same path asked differently too', () => {
    const names = Array.from({ length: 1500 }, (_, index) => (index % 3 === 0 ? 'plain' : `missing ${index}`))
    const states = ask(names.map((name, index) => pathRead(at(name), index % 2 ? {} : { checksum: 'sha1' })), { shell, env })
    expect(states.map(({ exists }) => exists)).toEqual(names.map((name) => name === 'plain'))
    expect(states.map((state) => state.exists && state.checksum !== undefined)).toEqual(names.map((name, index) => name === 'plain' && index % 2 === 0))
  })
})

it('runs one process of a kind for all paths of a frame, whether links are followed or not, and of links only where there are some', () => {
  const requests = Array.from({ length: 50 }, (_, index) => ({ path: `/etc/${index % 40}`, checksum: 'sha1' as const, follow: index % 2 === 0 }))
  const script = pathKind.script(requests)
  const runs = ['\nstat -L ', '|| stat ', '\nreadlink -mz ', '|| readlink -z ', '|| sha1sum '].map((tool) => script.split(tool).length - 1)
  expect(runs).toEqual([1, 1, 1, 1, 1])
  expect(script.match(/(?:stat|readlink -m?z|sha1sum) -/g)).toHaveLength(5)
})
