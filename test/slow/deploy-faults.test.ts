/** Deploys that go wrong: each says what and where, the site serves on, and the next good deploy heals it. */
import { beforeAll, describe, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'
import type { Finished } from '../support/plonerun.ts'
import { unnoticed } from '../support/unnoticed.ts'

const box = labHost('faults')
const site = ploneSite(box, { numzopes: 2 })

beforeAll(async () => {
  // A disk of its own that can be filled.
  await box.ssh('mkdir -p /srv/demo && mount -t tmpfs -o size=3g tmpfs /srv/demo && chmod 755 /srv/demo')
  const { output } = await site.deploy()
  expect(output).toMatch(/failed=0/)
}, 900_000)

async function heals(): Promise<void> {
  const { code, output } = await site.deploy()
  expect(output).toMatch(/failed=0/)
  expect(code).toBe(0)
  expect((await site.deploy()).output).toMatch(/ changed=0 /)
}

/** A deploy that fails while the site serves, and one after it that heals. */
async function failsAndHeals(definition: object, undo = 'true'): Promise<Finished> {
  const failed = await unnoticed(box, () => site.deploy(definition))
  expect(failed.code).toBe(2)
  await box.ssh(undo)
  await unnoticed(box, heals)
  return failed
}

describe('configuration', () => {
  test('VCL that does not compile', async () => {
    const { output } = await failsAndHeals({ varnish: { recv: 'set oops;' } })
    expect(output).toContain("Symbol not found: 'oops'")
    expect(output).toMatch(/roles\/varnish\/tasks\/main\.yml:\d+:\d+/)
  })

  test('a directive that Apache does not know', async () => {
    const { output } = await failsAndHeals({ apache: { config: 'Nonsense on' } })
    expect(output).toContain("Invalid command 'Nonsense'")
    expect(output).toMatch(/roles\/apache\/tasks\/main\.yml:\d+:\d+/)
  })

  test("another site's file that Apache does not understand does not keep this one from its deploy", async () => {
    await box.ssh('echo Rubbish >/etc/apache2/sites-enabled/other.conf')
    const { code, output } = await unnoticed(box, () => site.deploy({ apache: { headers: { 'X-Deployed': 'yes' } } }))
    expect(code).toBe(0)
    expect(output).toMatch(/other\.conf is broken, and left out: .*Rubbish/)
    expect((await site.visit()).headers['x-deployed']).toBe('yes')
    await box.ssh('rm /etc/apache2/sites-enabled/other.conf.broken')
    await unnoticed(box, heals)
  })

  test('a version of Plone that does not exist', async () => {
    const { output } = await failsAndHeals({ plone: '6.2.99' })
    expect(output).toContain('6.2.99')
    expect(output).toMatch(/host_vars\/\S+\.yml:\d+:\d+/)
  })

  test('a version of Plone that this distribution has no Python for', async () => {
    const { output } = await failsAndHeals({ plone: '4.3.20' })
    expect(output).toMatch(/there is no version list for Plone 4\.3\.20 on Python 3\.13 \(trixie\)/)
  })
})

describe('ports', () => {
  const squat = (port: number): Promise<string> =>
    box.ssh(`systemd-run --quiet --unit squatter $(ls -d /srv/demo/venvs/*/bin/python | head -n 1) -m http.server --bind 127.0.0.1 ${port}; until ss -Hltn | grep -q ':${port} '; do sleep 0.1; done`)

  test('a port of a new Zope that another program has', async () => {
    await squat(8084)
    const { output } = await failsAndHeals({ numzopes: 5 }, 'systemctl stop squatter')
    expect(output).toMatch(/port 8084, which is to be zope4 of demo, is taken by python\S* \(process \d+\)/)
  })
})

describe('packages', () => {
  const addOn = (code: string): Promise<string> =>
    box.ssh(`rm -rf /opt/addon && mkdir -p /opt/addon/addon && cd /opt/addon && cat >pyproject.toml <<'EOF'
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "addon"
version = "1.0"
[tool.setuptools]
packages = ["addon"]
package-data = {addon = ["*.zcml"]}
EOF
echo ${JSON.stringify(code)} >addon/__init__.py && echo '<configure xmlns="http://namespaces.zope.org/zope" />' >addon/configure.zcml`)

  test('an add-on that does not import', async () => {
    await addOn('import no_such_module')
    const { output } = await failsAndHeals({ eggs: ['addon @ file:///opt/addon'], zcml: ['addon'] })
    expect(output).toContain("No module named 'no_such_module'")
  })
})

describe('a full disk', () => {
  /** A command that leaves so many megabytes of the site's disk. */
  const fill = (left: number): string => `fallocate -l $(($(df --output=avail -B1 /srv/demo | tail -n 1) - ${left} * 1048576)) /srv/demo/filler`

  test('is told before anything is touched', async () => {
    await box.ssh(fill(100))
    const { output } = await failsAndHeals({ eggs: ['toml'], zodb_cache: 20_000 }, '! grep 20000 /srv/demo/etc/zope0.conf && rm /srv/demo/filler')
    expect(output).toMatch(/\/srv\/demo has \d+ MB of free space, and the deploy needs about \d+/)
  })

  test('that fills up while packages are installed: what was installed goes, and the site can write', async () => {
    const filling = box.ssh(`before=$(ls /srv/demo/venvs); while [ "$(ls /srv/demo/venvs)" = "$before" ]; do sleep 0.1; done; ${fill(20)}`)
    const { code, output } = await unnoticed(box, () => site.deploy({ eggs: ['toml'] }))
    await filling
    expect(code).toBe(2)
    expect(output).toMatch(/[Nn]o space left on device/)
    expect(Number(await box.ssh('df --output=avail -BM /srv/demo | tail -n 1 | tr -dc 0-9'))).toBeGreaterThan(10)
    await site.api('PATCH', '/', { description: 'written' })
    await box.ssh('rm /srv/demo/filler')
    await unnoticed(box, heals)
  })
})

describe('ZEO', () => {
  test('one that is down is started by the next deploy', async () => {
    await box.ssh('systemctl stop demo-zeo')
    await heals()
    expect((await site.visit()).status).toBe(200)
  })

  test('one that does not start fails the deploy with the reason, and so does the next one heal', async () => {
    await box.ssh('systemctl stop demo-zeo && chown root: /srv/demo/var/filestorage/Data.fs && chmod 600 /srv/demo/var/filestorage/Data.fs')
    const { code, output } = await site.deploy({ zodb_cache: 20_000 })
    expect(code).toBe(2)
    expect(output).toMatch(/demo-zeo[^]*Permission denied: '\/srv\/demo\/var\/filestorage\/Data\.fs'/)
    await box.ssh('chown demo: /srv/demo/var/filestorage/Data.fs')
    await heals()
    expect((await site.visit()).status).toBe(200)
  })
})
