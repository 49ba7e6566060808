/** Requests over TLS: whom they trust, what they show of themselves, and how they get through a proxy. */
import { rmSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer as createProxy, type Server } from 'node:http'
import { createServer, type Server as TlsServer } from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { HttpRequest } from '../../../../src/modules/network/exchange.ts'
import { send } from '../../../../src/modules/network/http.ts'
import type { Route } from '../../../../src/modules/network/route.ts'
import { makeChain, type Chain } from '../../../support/certificates.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { setStage } from '../../../support/play.ts'
import { describeWith } from '../../../support/programs.ts'

describeWith('openssl', () => {
  let chain: Chain
  let server: TlsServer
  let proxy: Server
  const targets: string[] = []
  beforeAll(async () => {
    chain = makeChain('localhost')
    server = createServer({ cert: chain.certificate + chain.chain, key: chain.key, ca: chain.root, requestCert: true, rejectUnauthorized: false }, ({ socket }, response) => {
      response.end(Reflect.get(socket, 'authorized') === true ? 'known' : 'anybody')
    })
    proxy = createProxy().on('connect', (request, socket) => {
      targets.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`)
      if (request.url?.startsWith('refused')) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      const [host, port] = (request.url ?? '').split(':')
      const onward = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
      onward.pipe(socket).pipe(onward)
      for (const end of [onward, socket]) end.on('error', () => undefined)
    })
    for (const each of [server, proxy]) await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    for (const each of [server, proxy]) each.close()
  })

  const portOf = (each: Server | TlsServer): number => (each.address() as AddressInfo).port
  const text = (pem: string): Buffer => Buffer.from(pem)

  async function get(tls: Partial<HttpRequest['tls']> = {}, route: Partial<Route> = {}, host = 'localhost'): Promise<string> {
    const request = { url: `https://${host}:${portOf(server)}/`, method: 'GET', headers: {}, timeout: 10, tls: { validate: true, ...tls }, redirects: 'none', decompress: true } as const
    const tunnel: Route['tunnel'] = (end) => new Promise((resolve, reject) => {
      if ('socket' in end) throw new TypeError('nothing asks for a socket here')
      const socket = connect(end.port, '127.0.0.1', () => resolve(socket)).on('error', reject)
    })
    return (await send(request, { tunnel, proxy: () => undefined, hostCertificates: () => Promise.resolve(undefined), ...route })).body.toString()
  }

  it('refuses a certificate that neither this machine nor the host trusts', async () => {
    await expect(get()).rejects.toThrow(/^Failed to validate the SSL certificate of localhost:\d+: certificate verify failed/)
    expect(await get({ validate: false })).toBe('anybody')
  })

  it('takes one that the host trusts, or that ca_path names', async () => {
    expect(await get({}, { hostCertificates: () => Promise.resolve(text(chain.root)) })).toBe('anybody')
    expect(await get({ ca: text(chain.root) })).toBe('anybody')
    await expect(get({ ca: text(chain.root) }, {}, 'other.example')).rejects.toThrow(/^Failed to validate the SSL certificate of other\.example/)
  })

  it('speaks with the ciphers that are named, and no others', async () => {
    expect(await get({ validate: false, ciphers: 'TLS_AES_256_GCM_SHA384:ECDHE+AESGCM' })).toBe('anybody')
    await expect(get({ validate: false, ciphers: 'NOTHING' })).rejects.toMatchObject({ why: expect.stringMatching(/cipher/i) as string })
  })

  it('takes one that NODE_EXTRA_CA_CERTS names, which Node itself has not read', async () => {
    const file = join(temporaryFolder(), 'root.pem')
    writeFileSync(file, chain.root)
    vi.stubEnv('NODE_EXTRA_CA_CERTS', file)
    try {
      expect(await get()).toBe('anybody')
      rmSync(file)
      await expect(get()).rejects.toThrow(/^Failed to validate the SSL certificate/)
    } finally {
      vi.unstubAllEnvs()
    }
  })

  it('shows its own certificate', async () => {
    const own = { cert: text(chain.certificate + chain.chain), key: text(chain.key) }
    expect(await get({ ca: text(chain.root), ...own })).toBe('known')
    expect(await get({ ca: text(chain.root), cert: text(chain.certificate + chain.chain + chain.key) })).toBe('known')
  })

  it('goes through a proxy, with the login for it', async () => {
    const route = { proxy: () => new URL(`http://me:pw@127.0.0.1:${portOf(proxy)}`) }
    expect(await get({ ca: text(chain.root) }, route)).toBe('anybody')
    expect(targets).toEqual([`localhost:${portOf(server)} Basic ${Buffer.from('me:pw').toString('base64')}`])
    await expect(get({ ca: text(chain.root) }, route, 'refused.example')).rejects.toThrow(/through the proxy/)
  })

  it('finds the files that the options name on the host', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plonerun-tls-'))
    const stage = await setStage()
    try {
      for (const [name, content] of Object.entries({ ca: chain.root, own: chain.certificate + chain.chain + chain.key })) writeFileSync(join(folder, name), content)
      const options = `url: "https://localhost:${portOf(server)}/", return_content: true, ca_path: ${folder}/ca`
      const played = await stage.play(`
- hosts: all
  gather_facts: false
  tasks:
    - {name: known, uri: {${options}, client_cert: ${folder}/own}}
    - {name: lost, uri: {${options}, client_cert: ${folder}/nosuch}, ignore_errors: true}
`)
      expect(played.result('known')).toMatchObject({ content: 'known' })
      expect(played.result('lost')['msg']).toContain(`${folder}/nosuch cannot be read on the host`)
    } finally {
      await stage.end()
      rmSync(folder, { recursive: true })
    }
  })
})
