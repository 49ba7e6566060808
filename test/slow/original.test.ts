/** Lines of the original's table that no other test is about, on a real host: its ports, its defaults, what a site may say of itself, where logs are. */
import { beforeAll, describe, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'

const box = labHost('original')
const own = {
  baseport: 8180,
  site_id: 'intranet',
  admin_user: 'chief',
  tz: 'Europe/Berlin',
  locale: 'de_DE.UTF-8',
  products_initial: ['plone.app.iterate', 'plone.app.caching'],
  profiles_initial: ['plone.app.caching:with-caching-proxy'],
  environment_vars: { BRANCH: 'master', GREETING: 'hello "world" $HOME' },
}
const site = ploneSite(box, own)

beforeAll(async () => {
  const { output } = await site.deploy()
  expect(output).toMatch(/failed=0/)
}, 900_000)

/** What a line of a file of the site says. */
const line = async (file: string, key: string): Promise<string> => (await box.ssh(`grep -m 1 '^ *${key} ' /srv/demo/etc/${file}`)).trim().slice(key.length).trim()

/** What Python prints that is run with the database open as `app`. */
const zopeU = (script: string): Promise<string> => box.ssh(`cat >/tmp/script.py <<'SCRIPT'\n${script}\nSCRIPT\n/srv/demo/bin/zopeU run /tmp/script.py 2>/dev/null`)

test('ports: by offset from the base port, and zopeU has none while it does not run', async () => {
  const listening = (await box.ssh("ss -Hltn | awk '{ print $4 }' | grep -o ':81[0-9][0-9]$' | tr -d : | sort -n | uniq")).trim().split('\n')
  expect(listening.map((port) => Number(port) - own.baseport)).toEqual([-6, -5, -4, -3, -2, 0, 1, 2])
})

test('zopes: three, with the caches of the original', async () => {
  expect(await box.ssh("systemctl list-units --plain --no-legend --state active 'demo-zope@*' | wc -l")).toBe('3\n')
  expect([await line('zope2.conf', 'cache-size'), await line('zeo.conf', 'invalidation-queue-size')]).toEqual(['10000', '1000'])
  expect(await box.ssh("grep -A 6 '<zeoclient>' /srv/demo/etc/zope0.conf")).toContain('cache-size 300MB')
  expect(await box.ssh('systemctl cat demo-pack.timer demo-pack.service && cat /srv/demo/bin/pack')).toMatch(/OnCalendar=\*-\*-\* 04:00[^]*days=\$\{1:-4\}/)
})

test('site values: site id, administrator, initial products and profiles', async () => {
  const printed = await zopeU(`
from plone.base.utils import get_installer
from zope.component.hooks import setSite
site = app.intranet
setSite(site)
print(app.objectIds('Plone Site'), app.acl_users.getUser('chief').getRoles()[0])
print(get_installer(site, app.REQUEST).is_product_installed('plone.app.iterate'))
print(site.portal_registry['plone.caching.interfaces.ICacheSettings.operationMapping']['plone.content.file'])`)
  expect(printed).toBe("['intranet'] Manager\nTrue\nplone.app.caching.moderateCaching\n")
  expect((await site.visit('/')).status).toBe(200)
})

test('site values: the environment of a Zope and of scripts', async () => {
  const expected = {
    SITEID: 'demo',
    BRANCH: 'master',
    LOGDIR: '/var/log/zope',
    PYTHON_EGG_CACHE: '/srv/demo/var/cache',
    TMPDIR: '/srv/demo/var/cache',
    TZ: 'Europe/Berlin',
    LANG: 'de_DE.UTF-8',
    GREETING: 'hello "world" $HOME',
  }
  const environ = await box.ssh("tr '\\0' '\\n' </proc/$(systemctl show --value --property MainPID demo-zope@zope1)/environ")
  expect(Object.fromEntries(environ.trim().split('\n').map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]))).toMatchObject(expected)
  const names = Object.keys(expected)
  expect(JSON.parse(await zopeU(`import os, json; print(json.dumps([os.environ[name] for name in '${names.join(' ')}'.split()]))`))).toEqual(Object.values(expected))
})

test('tz and locale are those of its processes', async () => {
  expect(await zopeU("import locale, time; locale.setlocale(locale.LC_ALL, ''); print(time.tzname[0], time.strftime('%B', (2026, 3, 1, 0, 0, 0, 0, 0, 0)))")).toBe('CET März\n')
})

test('pound: level of its log, timeout, session cookie and its time, its own pages, Emergency', async () => {
  expect([await line('pound.cfg', 'LogFacility'), await line('pound.cfg', 'LogLevel'), await line('pound.cfg', 'TimeOut'), await line('pound.cfg', 'xHTTP')]).toEqual(['local0', '2', '60', '2'])
  expect([await line('pound.cfg', 'ID'), await line('pound.cfg', 'TTL')]).toEqual(['"_ZopeId"', '3600'])
  expect(await box.ssh('/srv/demo/bin/poundctl list')).toMatch(/\(65535\) http 127\.0\.0\.1:8176 /)
})

test('varnish: storage, a name and an admin port of its own, timeouts', async () => {
  expect(await box.ssh('systemctl show --property ExecStart demo-varnish')).toMatch(/-n \/srv\/demo\/var\/varnish -a 127\.0\.0\.1:8175 -T 127\.0\.0\.1:8174 .*malloc,80M/)
  expect(await box.ssh('grep timeout /srv/demo/etc/site.vcl | tr -d " "')).toBe('.connect_timeout=0.4s;\n.first_byte_timeout=300s;\n.between_bytes_timeout=60s;\n')
})

describe('logs', () => {
  test('are in /var/log/zope, by site and Zope', async () => {
    const logs = ['event.log', 'Z2.log'].flatMap((log) => [0, 1, 2].map((zope) => `demo.zope${zope}.${log}`))
    expect((await box.ssh('ls /var/log/zope')).trim().split('\n')).toEqual(expect.arrayContaining([...logs, 'demo.zeo.log', 'demo.varnish.log']))
  })

  test("contained: they are in the site's folder, and the Zopes moved there write nothing else", async () => {
    expect((await site.deploy({ extras: ['contained'] })).output).toMatch(/failed=0/)
    await box.ssh('rm /var/log/zope/demo.zope*')
    for (let visits = 0; visits < 10; visits++) expect((await site.visit(`/?visit=${visits}`)).status).toBe(200)
    expect(await box.ssh('cat /srv/demo/var/log/demo.zope*.Z2.log')).toContain('?visit=9')
    expect(await box.ssh('ls /var/log/zope | grep -c demo.zope || true')).toBe('0\n')
    expect((await site.deploy({ extras: ['contained'] })).output).toMatch(/ changed=0 /)
  })
})
