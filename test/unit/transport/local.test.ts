import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { HostAddress } from '../../../src/transport/address.ts'
import { connect } from '../../../src/transport/connection.ts'
import type { Backend } from '../../../src/transport/channel.ts'
import { enterContainer, localBackend } from '../../../src/transport/local.ts'
import { createPool } from '../../../src/transport/pool.ts'
import { receiveFile, sendFile } from '../../../src/transport/stream-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'plonerun-local-'))
afterAll(() => rmSync(folder, { recursive: true }))

const LOCAL: HostAddress = { name: 'localhost', connection: 'local', host: 'localhost', timeout: 5 }

test('frames, files and tunnels work without ssh', async () => {
  const connection = await connect(LOCAL, createPool())
  const session = await connection.session()
  const [probe, command] = await session.exchange([
    { kind: 'probe', script: 'pwd' },
    { kind: 'command', argv: ['sh', '-c', 'echo out; echo err >&2; exit 5'] },
  ])
  expect(probe!.stdout.toString().trim()).toBe(process.cwd())
  expect([command!.stdout.toString(), command!.stderr.toString(), command!.code]).toEqual(['out\n', 'err\n', 5])

  await connection.upload(Buffer.from('content'), join(folder, 'up'), 0o640)
  expect([readFileSync(join(folder, 'up'), 'utf8'), statSync(join(folder, 'up')).mode & 0o777]).toEqual(['content', 0o640])
  await connection.download(join(folder, 'up'), join(folder, 'down'))
  expect(readFileSync(join(folder, 'down'), 'utf8')).toBe('content')

  const server = createServer((socket) => socket.end('hello')).listen(0)
  const { port } = server.address() as { port: number }
  const chunks: Buffer[] = []
  for await (const chunk of await connection.tunnel({ host: '127.0.0.1', port })) chunks.push(chunk as Buffer)
  expect(Buffer.concat(chunks).toString()).toBe('hello')
  server.close()
  await connection.close()
})

test('files travel through a shell where there is nothing better', async () => {
  const backend = localBackend(tmpdir())
  const open: Backend['open'] = (argv) => backend.open(argv)
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256))
  writeFileSync(join(folder, 'source'), bytes)
  const target = join(folder, "it's here")
  await sendFile(open, { file: join(folder, 'source') }, target, 0o600)
  expect(readFileSync(target).equals(bytes)).toBe(true)
  await receiveFile(open, target, join(folder, 'back'))
  expect(readFileSync(join(folder, 'back')).equals(bytes)).toBe(true)

  await expect(sendFile(open, bytes, target, 0o600), 'it exists').rejects.toMatchObject({ message: `${target} cannot be written`, kind: 'task', why: expect.stringMatching(/exists/) as string })
  await expect(receiveFile(open, '/nowhere', join(folder, 'x'))).rejects.toMatchObject({ message: '/nowhere cannot be read', why: expect.stringMatching(/nowhere/) as string })
})

test.each<[Partial<HostAddress>, string]>([
  [{ connection: 'docker', host: 'web' }, 'docker exec -i web'],
  [{ connection: 'podman', host: 'web', user: 'zope' }, 'podman exec -i -u zope web'],
  [{ connection: 'nsenter', host: '4711' }, 'nsenter -t 4711 -m -u -i -n -p -C --'],
  [{ connection: 'nsenter', host: '4711', user: 'zope' }, 'nsenter -t 4711 -m -u -i -n -p -C -- runuser -u zope --'],
])('%j', (address, argv) => {
  expect(enterContainer({ ...LOCAL, ...address }).join(' ')).toBe(argv)
})

test('a container program that is not installed is named', async () => {
  const connection = await connect({ ...LOCAL, connection: 'podman', host: 'web' }, createPool())
  const session = await connection.session()
  await expect(session.exchange([{ kind: 'probe', script: 'true' }])).rejects.toMatchObject({ message: 'cannot start podman', kind: 'unreachable' })
})
