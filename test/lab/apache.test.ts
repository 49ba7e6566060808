/** Apache in front of sites: each option of the original stack, and sites that must not harm each other. */
import { beforeAll, describe, expect, test } from 'vitest'
import { connect } from 'node:tls'
import { makeChain } from '../support/certificates.ts'
import { frontOf } from '../support/front.ts'
import { labHost } from '../support/lab.ts'

const box = labHost('apache')
const front = frontOf(box)

const login = (words: string): Record<string, string> => ({ authorization: `Basic ${Buffer.from(words).toString('base64')}` })

/** Deploys, and expects it to succeed. */
async function bring(...sites: readonly object[]): Promise<string> {
  const { code, output } = await front.deploy(sites)
  expect(output).toMatch(/failed=0/)
  expect(code).toBe(0)
  return output
}

describe('names, urls and headers', () => {
  const definition = {
    name: 'www',
    aliases: ['example.com'],
    apache: {
      auto_www: true,
      strict_domains: true,
      prelaunch: 'new.example.org',
      admin: 'admin.example.org',
      redirects: { '/old': '/new', '/shop': 'https://shop.example.org/' },
      rewrites: { '^/blog/(.*)$': '/news/$1', '^/go/(\\w+)$': 'https://go.example.org/$1' },
      request_headers: { 'X-Stack': 'a "b" 100%', Referer: '' },
      headers: { 'X-Frame-Options': 'SAMEORIGIN', Server: '' },
      config: 'Header always set X-Own yes',
    },
  }
  const redirect = { name: 'zgone', domain: 'gone.example.org', aliases: ['away.example.org'], redirect_to: 'https://www.example.org/archive/', apache: { ssl: 'off' } }
  beforeAll(() => bring(definition, redirect))

  test('Virtual Host Monster urls: the domain shows the site', async () => {
    const { path, headers } = await front.seen('/news?x=%2Fy%20z')
    expect(path).toBe('/VirtualHostBase/http/www.example.org:80/portal/VirtualHostRoot/news?x=%2Fy%20z')
    expect(headers['x-forwarded-proto']).toBe('http')
  })

  test('escaped characters of a path reach Zope as they were', async () => {
    expect((await front.seen('/a%2Fb%20c/%C3%A4')).path).toMatch('VirtualHostRoot/a%2Fb%20c/%C3%A4')
  })

  test.each(['example.com', 'example.org'])('aliases and auto-www: %s is redirected to the domain', async (host) => {
    const { status, headers } = await front.visit('/news?a=b', { host })
    expect([status, headers.location]).toEqual([301, 'http://www.example.org/news?a=b'])
  })

  test('strict domains: any other host name is refused', async () => {
    // The distribution's welcome page would answer first.
    await box.ssh('a2dissite --quiet 000-default && systemctl reload apache2')
    await expect.poll(async () => (await front.visit('/', { host: 'elsewhere.example.net' })).status).toBe(421)
  })

  test('urls: prelaunch shows the site under another name, admin the root of Zope', async () => {
    expect((await front.seen('/news', { host: 'new.example.org' })).path).toBe('/VirtualHostBase/http/new.example.org:80/portal/VirtualHostRoot/news')
    expect((await front.seen('/manage', { host: 'admin.example.org' })).path).toBe('/VirtualHostBase/http/admin.example.org:80/VirtualHostRoot/manage')
  })

  test.each([
    ['/old', 'http://www.example.org/new'],
    ['/old/page?a=b', 'http://www.example.org/new/page?a=b'],
    ['/shop/cart', 'https://shop.example.org/cart'],
    ['/go/there', 'https://go.example.org/there'],
  ])('redirects: %s goes to %s', async (path, location) => {
    const { status, headers } = await front.visit(path)
    expect([status, headers.location]).toEqual([301, location])
  })

  test('redirects are of whole names: /older is another path', async () => {
    expect((await front.visit('/older')).status).toBe(200)
  })

  test('rewrites: another path of the site is served', async () => {
    expect((await front.seen('/blog/2026/x')).path).toBe('/VirtualHostBase/http/www.example.org:80/portal/VirtualHostRoot/news/2026/x')
  })

  test('request and response headers', async () => {
    const { headers } = await front.seen('/', { headers: { referer: 'http://x/' } })
    expect(headers['x-stack']).toBe('a "b" 100%')
    expect(headers).not.toHaveProperty('referer')
    const answer = await front.visit('/')
    expect(answer.headers).toMatchObject({ 'x-frame-options': 'SAMEORIGIN', 'x-own': 'yes' })
  })

  test.each(['gone.example.org', 'away.example.org'])('redirect-only sites: %s', async (host) => {
    const { status, headers } = await front.visit('/a/b?c=d', { host })
    expect([status, headers.location]).toEqual([301, 'https://www.example.org/archive/a/b?c=d'])
  })

  test('emergency: the page with status 503 for every path', async () => {
    const answer = await box.ssh('curl -si http://127.0.0.1:8076/any/path')
    expect(answer).toMatch(/^HTTP\/1.1 503 /)
    expect(answer).toContain('This site cannot answer just now.')
  })

  test('the same again changes nothing', async () => {
    expect(await bring(definition, redirect)).toMatch(/ changed=0 /)
  })
})

describe('who gets in', () => {
  const here = '10.98.0.0/16'
  const definition = {
    name: 'www',
    apache: {
      auth: { realm: 'Editors only', users: { jane: 'geheim', joe: '$apr1$abcdefgh$LHE0hBLW3UVA2Pm9i3QCU/' } },
      protected: [
        { path: '/staff', users: { boss: 'chef' } },
        { path: '/inside', allowed_ips: [here] },
        { path: '/closed' },
        { path: '/outside', allowed_ips: ['192.0.2.0/24'], users: { boss: 'chef' } },
      ],
      privacy: true,
    },
  }
  beforeAll(() => bring(definition))

  test('basic auth with realm and users', async () => {
    const { status, headers } = await front.visit('/news')
    expect([status, headers['www-authenticate']]).toEqual([401, 'Basic realm="Editors only"'])
    expect((await front.visit('/news', { headers: login('jane:falsch') })).status).toBe(401)
    expect((await front.visit('/news', { headers: login('jane:geheim') })).status).toBe(200)
  })

  test('the login does not reach Zope', async () => {
    expect((await front.seen('/news', { headers: login('jane:geheim') })).headers).not.toHaveProperty('authorization')
  })

  test('passwords are on the box as hashes only, and Apache alone reads them', async () => {
    expect(await box.ssh('cat /srv/www/etc/apache-*.htpasswd')).toMatch(/^jane:\$6\$.+\njoe:\$apr1\$/)
    expect(await box.ssh('stat -c "%a %G" /srv/www/etc/apache-0.htpasswd')).toBe('640 www-data\n')
    expect(await box.ssh('grep -rl geheim /srv/www /etc/apache2 || true')).toBe('')
  })

  test('protected paths have logins of their own', async () => {
    expect((await front.visit('/staff/x', { headers: login('jane:geheim') })).status).toBe(401)
    expect((await front.visit('/staff/x', { headers: login('boss:chef') })).status).toBe(200)
    expect((await front.visit('/closed')).status).toBe(403)
  })

  test('allowed ips need no login', async () => {
    expect((await front.visit('/inside')).status).toBe(200)
    expect((await front.visit('/outside')).status).toBe(401)
    expect((await front.visit('/outside', { headers: login('boss:chef') })).status).toBe(200)
  })

  test('enhanced privacy: no log has an address, and Zope is told none', async () => {
    await front.visit('/closed')
    // Varnish's log has just started, and sees no request before it has found what Varnish writes.
    const visitAgain = async (): Promise<string> => {
      const { headers } = await front.seen('/private', { headers: { ...login('jane:geheim'), 'x-forwarded-for': '192.0.2.77' } })
      expect(headers['x-forwarded-for']).toBe('127.0.0.1')
      return box.ssh('tail -n 20 /var/log/zope/www.varnish.log')
    }
    await expect.poll(visitAgain, { timeout: 10_000 }).toContain('/private')
    const logs = await box.ssh('tail -q -n 3 /var/log/apache2/www.access.log /var/log/apache2/www.error.log; tail -n 3 /var/log/zope/www.varnish.log')
    expect(logs).toContain('GET /private')
    expect(logs).not.toMatch(/10\.98\.|192\.0\.2\.77/)
  })

  test('who may purge: an address that is named, and nobody else', async () => {
    expect((await front.visit('/news', { method: 'PURGE', headers: login('jane:geheim') })).status).toBe(405)
    await bring({ name: 'www', varnish: { purgers: [here] } })
    expect((await front.visit('/news', { method: 'PURGE' })).status).toBe(200)
    expect((await front.visit('/news', { method: 'BAN' })).status).toBe(200)
  })

  test('password file and maintenance page', async () => {
    await box.ssh('htpasswd -bc /etc/apache2/site.passwords ann pass 2>&1')
    await bring({ name: 'www', apache: { auth: { password_file: '/etc/apache2/site.passwords' }, maintenance: true, maintenance_ips: ['192.0.2.1'] } })
    const { status, headers, body } = await front.visit('/', { headers: login('ann:pass') })
    expect([status, headers['retry-after']]).toEqual([503, '3600'])
    expect(body).toContain('This site cannot answer just now.')
    await bring({ name: 'www', apache: { auth: { password_file: '/etc/apache2/site.passwords' }, maintenance: true, maintenance_ips: [here] } })
    expect((await front.visit('/', { headers: login('ann:pass') })).status).toBe(200)
    expect((await front.visit('/')).status).toBe(401)
  })
})

describe('ssl', () => {
  const { certificate, key, chain, root } = makeChain('www.example.org')

  /** Whom a visitor meets who trusts the root alone. */
  function meet(): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: box.address, port: 443, servername: 'www.example.org', ca: root }, () => {
        resolve(String(socket.getPeerCertificate().issuer.CN))
        socket.end()
      })
      socket.on('error', reject)
    })
  }

  test('only: http is redirected to https; a certificate that signs itself is made', async () => {
    await bring({ name: 'www', apache: { ssl: 'only' } })
    const { status, headers } = await front.visit('/a?b=c')
    expect([status, headers.location]).toEqual([301, 'https://www.example.org/a?b=c'])
    expect((await front.seen('/a', { scheme: 'https' })).path).toMatch('/VirtualHostBase/https/www.example.org:443/portal')
  })

  test('auto without a certificate is off, and with one on', async () => {
    await bring({ name: 'www', apache: { ssl: 'auto' } })
    await expect(front.visit('/', { scheme: 'https' })).rejects.toThrow()
    await bring({ name: 'www', apache: { ssl: 'auto', certificate, key, chain } })
    expect((await front.visit('/')).status).toBe(200)
    expect((await front.visit('/', { scheme: 'https' })).status).toBe(200)
  })

  test('a certificate from the controller, with its chain; the key is root\'s alone', async () => {
    expect(await meet()).toBe('between')
    expect(await box.ssh('stat -c "%a %U" /srv/www/etc/tls/key.pem')).toBe('600 root\n')
  })

  test('a certificate on the box', async () => {
    await box.ssh('mkdir -p /etc/own && cp /srv/www/etc/tls/*.pem /etc/own')
    await bring({ name: 'www', apache: { ssl: 'on', certificate: '/etc/own/certificate.pem', key: '/etc/own/key.pem', chain: '/etc/own/chain.pem' } })
    expect(await meet()).toBe('between')
  })

  test('a key that belongs to another certificate is refused, and visitors notice nothing', async () => {
    const { code, output } = await front.deploy([{ name: 'www', apache: { ssl: 'on', certificate, key: makeChain('other').key, chain } }])
    expect(code).toBe(2)
    expect(output).toContain('does not belong to the certificate')
    expect(output).not.toContain('PRIVATE KEY')
    expect(await meet()).toBe('between')
  })
})

describe('sites of a box do not harm each other', () => {
  const other = { name: 'other', domain: 'other.example.org', baseport: 8180 }
  const change = (value: string): object => ({ name: 'www', apache: { headers: { 'X-Round': value } } })
  const rounds = async (): Promise<unknown> => (await front.visit('/')).headers['x-round']
  beforeAll(() => bring(change('1'), other))

  test('directives of its own that are broken fail the deploy of their site, and everybody is served as before', async () => {
    const { code, output } = await front.deploy([{ name: 'www', apache: { config: 'NoSuchDirective on' } }])
    expect(code).toBe(2)
    expect(output).toContain("Invalid command 'NoSuchDirective'")
    expect(await rounds()).toBe('1')
    expect((await front.visit('/', { host: 'other.example.org' })).status).toBe(200)
    expect(await box.ssh('apache2ctl -t 2>&1')).toContain('Syntax OK')
  })

  test('a site that somebody has broken on the box stays as it was, and does not stop the deploy of another', async () => {
    await box.ssh("sed -i 's/^<VirtualHost/Oops\\n<VirtualHost/' /etc/apache2/sites-available/other.conf")
    const output = await bring(change('2'))
    expect(output).toContain('other.conf is broken, and stays as it was')
    expect(await rounds()).toBe('2')
    expect((await front.visit('/', { host: 'other.example.org' })).status).toBe(200)
  })

  test('its own next deploy heals it', async () => {
    await bring(change('2'), other)
    expect(await box.ssh('readlink /etc/apache2/sites-enabled/other.conf')).toBe('../sites-available/other.conf\n')
    expect(await bring(change('2'), other)).toMatch(/ changed=0 /)
    await bring(change('3'), other)
    expect(await box.ssh('ls /etc/apache2/sites-enabled')).not.toContain('broken')
  })

  test('a broken file that Apache never had is left out until it is whole', async () => {
    await box.ssh("echo '<VirtualHost *:80>' > /etc/apache2/sites-enabled/foreign.conf")
    expect(await bring(change('4'), other)).toContain('foreign.conf is broken, and left out')
    expect(await rounds()).toBe('4')
    await box.ssh("printf '<VirtualHost *:80>\\nServerName foreign.example.org\\nRedirect 410 /\\n</VirtualHost>\\n' > /etc/apache2/sites-enabled/foreign.conf.broken")
    await bring(change('5'), other)
    expect((await front.visit('/', { host: 'foreign.example.org' })).status).toBe(410)
  })

  test('what only shows when Apache loads it (a port that is taken) is put back', async () => {
    const { code, output } = await front.deploy([{ name: 'www', apache: { http_port: 8075 } }, other])
    expect(code).toBe(2)
    expect(output).toContain('Apache ended when it loaded this')
    expect(await rounds()).toBe('5')
    await bring(change('6'), other)
    expect(await rounds()).toBe('6')
  })
})

test('a change of Apache loses no request', async () => {
  const results: number[] = []
  let done = false
  const visitor = async (): Promise<void> => {
    while (!done) results.push((await front.visit('/')).status)
  }
  const visitors = Array.from({ length: 20 }, visitor)
  for (const round of ['a', 'b', 'c']) await bring({ name: 'www', apache: { headers: { 'X-Round': round } } })
  done = true
  await Promise.all(visitors)
  expect(results.length).toBeGreaterThan(100)
  expect(results.filter((status) => status !== 200)).toEqual([])
})
