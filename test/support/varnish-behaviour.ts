/** What the VCL of a site must do with every Varnish that a suite brings. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Front } from './front.ts'
import type { LabHost } from './lab.ts'
import type { Visit } from './visit.ts'

/** A path that the backend lets be kept for a while. */
export function kept(path: string): string {
  return `${path}?cache=max-age%3D3600`
}

/** Declares the tests; the front deploys them on its host. */
export function varnishBehaviour(box: LabHost, front: Front): void {
  /** Whether the second of two visits is answered without the backend. */
  async function isKept(path: string, how?: Visit): Promise<boolean> {
    const first = await front.seen(path, how)
    return (await front.seen(path, how)).before === first.before
  }

  /** Its process alone: where the lab's control groups have an input/output error, older systemd cannot reach the others of a unit. */
  const signal = (name: 'STOP' | 'CONT'): Promise<string> => box.ssh(`kill -${name} $(systemctl show --value --property MainPID backend-www)`)

  const inVarnish = (path: string): string => `http://127.0.0.1:8075/VirtualHostBase/http/www.example.org:80/portal/VirtualHostRoot${path}`

  describe('what is kept', () => {
    beforeAll(async () => {
      const { code, output } = await front.deploy([{ name: 'www', varnish: { verbose_headers: true, passthrough: ['/live'], vcl: 'import cookie;', recv: 'set req.http.X-Own = "recv";', deliver: 'set resp.http.X-Own = "deliver";' } }])
      expect(output).toMatch(/failed=0/)
      expect(code).toBe(0)
    })

    test('a page that Plone lets be kept is', async () => {
      expect(await isKept(kept('/page'))).toBe(true)
    })

    test.each(['private', 'no-cache', 'no-store', 'max-age=0, s-maxage=0, must-revalidate'])('Cache-Control %s is not', async (control) => {
      expect(await isKept(`/private?cache=${encodeURIComponent(control)}`)).toBe(false)
    })

    test('an answer with a cookie is not', async () => {
      expect(await isKept(`${kept('/cookie')}&cookie=a%3Db`)).toBe(false)
    })

    test.each(['__ac=x', 'a=b; __ac=x', '__cp=x', 'statusmessages=x'])('nobody with the cookie %s gets what was kept for others, nor the other way round', async (cookie) => {
      const path = kept(`/login-${cookie.length}`)
      const anonymous = await front.seen(path)
      const own = await front.seen(path, { headers: { cookie } })
      expect(own.before).not.toBe(anonymous.before)
      expect(own.headers['cookie']).toContain(cookie)
      expect((await front.seen(path)).before).toBe(anonymous.before)
    })

    test('nor does whoever logs in by basic auth', async () => {
      expect(await isKept(kept('/basic'), { headers: { authorization: 'Basic eDp5' } })).toBe(false)
    })

    test('cookies of others (analytics, languages) do not keep a page from being kept', async () => {
      expect(await isKept(kept('/ga'), { headers: { cookie: '_ga=1; I18N_LANGUAGE=en' } })).toBe(true)
    })

    test('resources of the theme are kept for those who are logged in, too, and Zope does not see who asks', async () => {
      const path = kept('/++plone++production/++unique++2026/default.css')
      const anonymous = await front.seen(path)
      const own = await front.seen(path, { headers: { cookie: '__ac=x' } })
      expect(own.before).toBe(anonymous.before)
    })

    test('what is posted passes', async () => {
      expect((await front.seen(kept('/page'), { method: 'POST' })).method).toBe('POST')
    })

    test('passthrough: paths that are never kept', async () => {
      expect(await isKept(kept('/live/scores'))).toBe(false)
      expect(await isKept(kept('/lively'))).toBe(true)
    })

    test('an old page is better than an error, while zopes cycle', async () => {
      const path = '/old?cache=max-age%3D1'
      const first = await front.seen(path)
      await signal('STOP')
      await box.ssh('sleep 2')
      const old = await front.seen(path)
      await signal('CONT')
      expect(old.before).toBe(first.before)
    })

    test('an error of Zope is handed on and not kept', async () => {
      expect((await front.visit('/down?status=503')).status).toBe(503)
      expect(await isKept('/down?status=503')).toBe(false)
    })

    test('the page of the site says so when nothing behind answers', async () => {
      await signal('STOP')
      await box.ssh("sed -i 's/first_byte_timeout = [0-9.]*s/first_byte_timeout = 1s/' /srv/www/etc/site.vcl && /srv/www/bin/varnishtool graceful")
      const { status, headers, body } = await front.visit('/silent')
      await signal('CONT')
      expect([status, headers['retry-after']]).toEqual([503, '30'])
      expect(body).toContain('This site cannot answer just now.')
    })

    test('verbose headers and additions of the site', async () => {
      await front.visit(kept('/verbose'))
      const { headers } = await front.visit(kept('/verbose'))
      expect(headers).toMatchObject({ 'x-cache': 'HIT', 'x-cache-hits': '1', 'x-own': 'deliver' })
      expect(headers).toHaveProperty('x-varnish')
      expect((await front.seen('/own')).headers['x-own']).toBe('recv')
    })
  })

  describe('what takes it out', () => {
    test.each([
      ['as Apache asks for it', (url: string) => url],
      ['as Plone does, which leaves the usual port out', (url: string) => url.replace('.org:80/', '.org/')],
    ])('PURGE from the box takes out one page, named %s', async (_, named) => {
      const before = [await front.seen(kept('/a')), await front.seen(kept('/a/b'))].map((seen) => seen.before)
      expect(await box.ssh(`curl -s -o /dev/null -w '%{http_code}' -X PURGE '${named(inVarnish(kept('/a')))}'`)).toBe('200')
      expect((await front.seen(kept('/a'))).before).not.toBe(before[0])
      expect((await front.seen(kept('/a/b'))).before).toBe(before[1])
    })

    test('BAN from the box takes out all that matches', async () => {
      const before = [await front.seen(kept('/c')), await front.seen(kept('/c/d')), await front.seen(kept('/e'))].map((seen) => seen.before)
      expect(await box.ssh(`curl -s -o /dev/null -w '%{http_code}' -X BAN '${inVarnish('/c')}'`)).toBe('200')
      expect((await front.seen(kept('/c'))).before).not.toBe(before[0])
      expect((await front.seen(kept('/c/d'))).before).not.toBe(before[1])
      expect((await front.seen(kept('/e'))).before).toBe(before[2])
    })

    test.each(['PURGE', 'BAN'])('%s from elsewhere is refused', async (method) => {
      expect((await front.visit('/', { method })).status).toBe(405)
    })
  })

  describe('switches and the log', () => {
    beforeAll(async () => {
      const log = { format: '%U%q|%s', include: ['^/VirtualHostBase.*/VirtualHostRoot/'], exclude: ['/@@ok$', '\\.css'] }
      expect((await front.deploy([{ name: 'www', varnish: { cache_html: false, log } }])).code).toBe(0)
    })

    test('cachehtml off: pages are not kept, other things are', async () => {
      expect(await isKept(kept('/html'))).toBe(false)
      expect(await isKept(`${kept('/data')}&type=application%2Fpdf`)).toBe(true)
    })

    test('no header tells of Varnish', async () => {
      const { headers } = await front.visit('/quiet')
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-varnish']))
      for (const name of ['x-varnish', 'via', 'x-cache', 'x-url']) expect(headers).not.toHaveProperty(name)
    })

    test('varnishncsa logs what is included and not excluded', async () => {
      // It has just started, and sees no request before it has found Varnish's log.
      const visitAll = async (): Promise<string> => {
        for (const path of ['/@@ok', '/style.css', '/logged?a=b']) await front.visit(path)
        return box.ssh('tail -n 20 /var/log/zope/www.varnish.log')
      }
      await expect.poll(visitAll, { timeout: 10_000 }).toContain('/logged?a=b|200')
      expect(await box.ssh('tail -n 4 /var/log/zope/www.varnish.log')).not.toMatch(/@@ok|style\.css/)
    })

    test('the log is a unit of the site, and gone when it is not wanted', async () => {
      expect(await box.ssh('systemctl is-active www-varnishncsa')).toBe('active\n')
      expect((await front.deploy([{ name: 'www', varnish: { log: { enabled: false } } }])).code).toBe(0)
      expect(await box.ssh('systemctl is-active www-varnishncsa || true')).toBe('inactive\n')
      const again = await front.deploy([{ name: 'www', varnish: { log: { enabled: false } } }])
      expect(again.output).toMatch(/ changed=0 /)
    })
  })
}
