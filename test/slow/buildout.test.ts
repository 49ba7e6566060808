/** Packages by zc.buildout: a site deployed from a generated one and from its own, and what is written for Plone 3. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { labHost } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'
import { plonerun } from '../support/plonerun.ts'

const box = labHost('buildout', { suite: 'bullseye' })
const site = ploneSite(box, { plone: '4.3', numzopes: 2, buildout: 'generated' })

describe('Plone 4.3 by buildout', () => {
  test('serves through the whole chain, and a second deploy changes nothing', async () => {
    expect((await site.deploy()).output).toMatch(/failed=0/)
    expect((await site.visit('/')).status).toBe(200)
    expect(await box.ssh('ls /srv/demo/eggs')).toContain('\nPlone-4.3.20-py2.7.egg\n')
    expect((await site.deploy()).output).toMatch(/ changed=0 /)
  }, 3_000_000)

  test('migrate, zopeU, backups and status work as with pip', async () => {
    expect((await site.deploy({ properties: { mybool: true } })).output).toContain('changed: property mybool: True')
    expect(await site.zopeU('print(portal.getProperty("mybool"))')).toBe('True\n')
    expect((await site.verb('pack')).code).toBe(0)
    expect((await site.verb('backup')).output).toMatch(/backup \d{4}-/)
    expect((await site.verb('status')).output).toMatch(/zope0 .* 4\.3\.20 +2\.13\.30 +2\.7\n/)
  }, 900_000)

  test("the site's own buildout says eggs and versions, and is checked like all else before it replaces what runs", async () => {
    const folder = join(site.inventory, 'buildouts')
    mkdirSync(join(folder, 'base'), { recursive: true })
    writeFileSync(join(folder, 'base/versions.cfg'), `[versions]\n${(await box.ssh("sed -n '/^[[]versions]/,$p' /srv/demo/etc/buildout.cfg | sed 1d"))}collective.monkeypatcher = 1.1.6\n`)
    const write = (egg: string): void => writeFileSync(join(folder, 'buildout.cfg'), `[buildout]\nextends = base/versions.cfg\nparts = instance\n\n[instance]\neggs =\n    Plone\n    ${egg}\n`)

    write('no.such.egg.of.ours')
    const failed = await site.deploy({ plone: '4.3.20', buildout: join(folder, 'buildout.cfg') })
    expect(failed.code).not.toBe(0)
    expect(failed.output).toContain('no.such.egg.of.ours')
    expect((await site.visit('/')).status).toBe(200)

    write('collective.monkeypatcher')
    expect((await site.deploy({ plone: '4.3.20', buildout: join(folder, 'buildout.cfg') })).output).toMatch(/failed=0/)
    expect((await site.visit('/')).status).toBe(200)
    expect(await site.zopeU('import collective.monkeypatcher, pkg_resources; print(pkg_resources.get_distribution("collective.monkeypatcher").version)')).toBe('1.1.6\n')
  }, 1_800_000)
})

// Python 2.4 is not to be had: what is written is checked with zc.buildout, Zope 2.13's schema and iw.fss's.
test('what is written for Plone 3 is what zc.buildout, Zope and iw.fss read', async () => {
  site.define({
    name: 'old',
    baseport: 9080,
    domain: 'old.example',
    plone: '3.3.6',
    python: '2.4',
    interpreter: '/opt/python2.4/bin/python',
    versions: join(site.inventory, 'plone3.txt'),
    buildout: 'generated',
    zope_url: 'https://example.org/Zope-2.10.13-final.tgz',
    distros: ['https://example.org/PloneFormGen-1.2.5.tgz'],
    extras: ['fss'],
    numzopes: 3,
  })
  writeFileSync(join(site.inventory, 'plone3.txt'), 'Plone==3.3.6\nProducts.CMFPlone==3.3.6\niw.fss==2.7.6\n')
  const play = join(temporaryFolder(), 'write.yml')
  const roles = [['zope', 'main'], ['zope', 'configure'], ['plone', 'buildout']]
  writeFileSync(play, JSON.stringify([{
    hosts: 'plone',
    vars: { box_tools: '/opt/plonerun' },
    tasks: [
      { 'plonerun.sites': { sites: '{{ sites }}', release: 'bullseye', stack: process.cwd() } },
      ...roles.map(([name, tasks_from]) => ({ 'ansible.builtin.include_role': { name: join(process.cwd(), 'roles', name!), tasks_from }, vars: { site: '{{ plonestack_sites[0] }}' } })),
      { 'ansible.builtin.template': { src: join(process.cwd(), 'roles/zeo/templates/zeo.conf.j2'), dest: '/srv/old/etc/zeo.conf' }, vars: { site: '{{ plonestack_sites[0] }}' } },
    ],
  }]))
  expect((await plonerun('run', play, '-i', site.inventory, '--output', 'lines')).output).toMatch(/failed=0/)

  const python = '$(ls -d /srv/demo/venvs/*/python | head -n 1)/bin/python'
  const annotated = await box.ssh(`mkdir -p $(sed -n 's/^directory = //p' /srv/old/etc/buildout.cfg)/parts/productdistros && cd /srv/old/etc && ${python} -c 'from zc.buildout.buildout import main; main()' -c buildout.cfg annotate`)
  expect(annotated).toMatch(/\[plonestack\][^]*eggs= [^]*Plone\n[^]*iw\.fss\n/)
  expect(annotated).toMatch(/\[zope2\][^]*recipe= plone\.recipe\.zope2install[^]*url= https:\/\/example\.org\/Zope-2\.10\.13-final\.tgz/)
  expect(annotated).toMatch(/\[productdistros\][^]*PloneFormGen-1\.2\.5\.tgz/)

  // Zope 2.13 reads what Zope 2.10 does, so an option that neither knows is found. It wants the folder of products, which a buildout makes.
  const read = await box.ssh(`cat >/tmp/read.py <<'PYTHON'
import ZConfig, os, Zope2.Startup
schema = ZConfig.loadSchema(os.path.join(os.path.dirname(Zope2.Startup.__file__), "zopeschema.xml"))
config, handlers = ZConfig.loadConfig(schema, "/srv/old/etc/zope0.conf")
print(config.servers[0].port, config.databases[0].name)
PYTHON
$(ls -d /srv/demo/venvs/*/bin/python | head -n 1) /tmp/read.py && rm /tmp/read.py`)
  expect(read).toBe("(9080, 'main')\n")

  await box.ssh(`cd /tmp && ${python} -m pip download --quiet --no-deps --no-binary :all: --no-build-isolation iw.fss==2.8.0rc5 && tar xzf iw.fss-2.8.0rc5.tar.gz`)
  const fss = await box.ssh(`cd /tmp/iw.fss-2.8.0rc5 && cat >read.py <<'PYTHON'
import sys, types, ZConfig
# Its schema wants types that stand beside it, and nothing of Plone.
for name in ["iw", "iw.fss"]:
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [name.replace(".", "/")]
from iw.fss.configuration.schema import fssSchema
config, handlers = ZConfig.loadConfig(fssSchema, "/srv/old/etc/plone-filesystemstorage.conf")
print(config.storage_path, config.storage_strategy)
PYTHON
$(ls -d /srv/demo/venvs/*/bin/python | head -n 1) read.py; rm -rf /tmp/iw.fss-2.8.0rc5*`)
  expect(fss).toBe("('/srv/old/var/fss_storage', 'directory')\n")
}, 600_000)
