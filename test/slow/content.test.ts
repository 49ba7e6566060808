/** What a definition says of the content: scripts, what check mode foretells, objects with a database of their own, packages by url. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'

const box = labHost('content')
const site = ploneSite(box, { numzopes: 2 })
const scripts = mkdtempSync(join(tmpdir(), 'plonestack-scripts-'))
afterAll(() => rmSync(scripts, { recursive: true }))

function script(name: string, text: string): string {
  const file = join(scripts, name)
  writeFileSync(file, text)
  return file
}

/** What the web has: a package with a command, and a program in Solr's place that listens where Solr is told to. */
const WEB = `
mkdir -p /srv/www/my.tool-1.0 /srv/www/solr-9/bin && cd /srv/www
printf '[project]\\nname = "my.tool"\\nversion = "1.0"\\n[project.scripts]\\ncount-objects = "my_tool:main"\\n[build-system]\\nrequires = ["setuptools"]\\nbuild-backend = "setuptools.build_meta"\\n[tool.setuptools]\\npy-modules = ["my_tool"]\\n' >my.tool-1.0/pyproject.toml
printf 'def main():\\n    print("objects", len(app.portal.objectIds()))\\n' >my.tool-1.0/my_tool.py
printf '#!/bin/sh\\nexec python3 -m http.server --bind 127.0.0.1 --directory "$6" "$4"\\n' >solr-9/bin/solr
chmod 755 solr-9/bin/solr
tar czf my.tool-1.0.tar.gz my.tool-1.0
tar czf solr-9.tgz solr-9
systemd-run --quiet --unit www python3 -m http.server --bind 127.0.0.1 --directory /srv/www 8000`

beforeAll(async () => {
  expect((await site.deploy()).output).toMatch(/failed=0/)
  await box.ssh(WEB)
}, 900_000)

const pids = (): Promise<string> => box.ssh('systemctl show --value --property MainPID demo-zope@zope0 demo-zope@zope1')

describe('scripts', () => {
  const before = 'portal.manage_addProperty("steps", "before", "string")\n'
  const after = 'portal.manage_changeProperties(steps=portal.getProperty("steps") + " after " + str(portal.getProperty("between")))\n'

  function definition(text = after): object {
    return { pre_extras: script('before.py', before), properties: { between: 1 }, post_extras: [script('after.py', text)] }
  }

  test('run before and after all else, once; check mode names them and runs none', async () => {
    const foreseen = await site.deploy(definition(), '--check')
    for (const change of ['script before.py', 'property between: 1', 'script after.py']) expect(foreseen.output).toContain(`changed: ${change}`)
    expect((await site.verb('migrate', '--check')).output).toContain('changed: script before.py')
    expect(await box.ssh('/srv/demo/bin/migrate -n')).toBe('unchanged\n')
    expect((await site.deploy(definition())).output).toMatch(/failed=0/)
    expect(await site.zopeU('print(portal.getProperty("steps"))')).toBe('before after 1\n')
    expect((await site.deploy(definition())).output).toMatch(/ changed=0 /)
    expect(await box.ssh('/srv/demo/bin/migrate')).toBe('unchanged\n')
  })

  test('one that fails changes nothing, and is named', async () => {
    const { code, output } = await site.deploy(definition('portal.title = "broken"\nportal.no_such_method()\n'))
    expect(code).toBe(2)
    expect(output).toMatch(/script after\.py: AttributeError: .*no_such_method/)
    expect((await site.visit('/')).body).toContain('<title>Demo</title>')
  })

  test('one that has changed runs again', async () => {
    expect((await site.deploy(definition(`${after}# again\n`))).output).toContain('changed: script after.py')
    expect(await site.zopeU('print(portal.getProperty("steps"))')).toBe('before after 1 after 1\n')
  })
})

test('check mode says from what to what, and the Zopes do not notice', async () => {
  await site.deploy({ properties: { 'plone.available_languages': ['en', 'de'], motto: 'old' } })
  const before = await pids()
  const { output } = await site.deploy({ properties: { 'plone.available_languages': ['en'], motto: 'new' } }, '--check')
  expect(output).toContain("changed: record plone.available_languages: ['en', 'de'] -> ['en']")
  expect(output).toContain("changed: property motto: 'old' -> 'new'")
  expect(await pids()).toBe(before)
  expect(await site.zopeU('print(portal.getProperty("motto"))')).toBe('old\n')
})

test('what a script changes under zopeU try is forgotten, even if it commits', async () => {
  await box.ssh(`printf 'import transaction\\napp.portal.title = "Tried"\\ntransaction.commit()\\nprint(app.portal.title)\\n' >/tmp/try.py`)
  expect(await box.ssh('/srv/demo/bin/zopeU try /tmp/try.py 2>/dev/null')).toBe('Tried\n')
  expect(await site.zopeU('print(portal.title)')).toContain('Demo')
})

describe('a package by its url, and a wrapper', () => {
  test('is installed, and its command runs with the database open', async () => {
    const { output } = await site.deploy({ eggs: ['http://127.0.0.1:8000/my.tool-1.0.tar.gz'], wrappers: ['count-objects'] })
    expect(output).toMatch(/failed=0/)
    expect(await box.ssh('/srv/demo/bin/count-objects 2>/dev/null')).toMatch(/^objects \d+\n$/)
  }, 600_000)
})

test('a Solr runs from its archive, starts and stops with the Zopes, and goes when the site asks for none', async () => {
  const definition = { solr: { url: 'http://127.0.0.1:8000/solr-9.tgz', java: 'python3' } }
  expect((await site.deploy(definition)).output).toMatch(/failed=0/)
  const active = (): Promise<string> => box.ssh('systemctl is-active demo-solr || true')
  expect(await active()).toBe('active\n')
  expect(await box.ssh('ss -ltnH sport = :8073')).toContain('127.0.0.1:8073')
  expect((await site.deploy(definition)).output).toMatch(/ changed=0 /)
  expect((await site.verb('stop', '--part', 'zope')).code).toBe(0)
  expect(await active()).toBe('inactive\n')
  expect((await site.verb('start', '--part', 'zope')).code).toBe(0)
  expect(await active()).toBe('active\n')
  expect((await site.deploy()).output).toMatch(/failed=0/)
  expect(await box.ssh('ls /etc/systemd/system/demo-solr.service 2>&1 || true')).toContain('No such file')
}, 600_000)

describe('a catalog with a database of its own', () => {
  const definition = { mount_points: { catalog: { path: '/portal/portal_catalog', zodb_cache: 30_000 } } }
  const LOOK = `
from zope.component import getUtility
from Products.CMFCore.interfaces import ICatalogTool
catalog = portal.portal_catalog
print(catalog._p_jar.db().database_name, portal._p_jar.db().database_name, getUtility(ICatalogTool)._p_jar.db().database_name, catalog._p_jar.db()._cache_size)
print(sorted(brain.getPath() for brain in catalog.unrestrictedSearchResults(portal_type="Document")))`

  test('is moved there with all that it knows, and what is written later goes there', async () => {
    await site.api('POST', '/', { '@type': 'Document', id: 'written-before', title: 'Before' })
    const [, known] = (await site.zopeU(LOOK)).trim().split('\n').slice(-2)
    expect(known).toContain('/portal/written-before')
    expect((await site.deploy(definition)).output).toMatch(/failed=0/)
    expect((await site.zopeU(LOOK)).trim().split('\n').slice(-2)).toEqual(['catalog main catalog 30000', known])
    await site.api('POST', '/', { '@type': 'Document', id: 'written-after', title: 'After' })
    const found = await site.api('GET', '/@search?Title=After')
    expect(found.body).toContain('/written-after')
    expect((await site.deploy(definition)).output).toMatch(/ changed=0 /)
  }, 600_000)

  test('is restored with the rest', async () => {
    expect((await site.verb('backup')).output).toMatch(/backup \d{4}-/)
    await site.api('DELETE', '/written-after')
    expect((await site.api('GET', '/@search?Title=After')).body).not.toContain('/written-after')
    expect((await site.verb('restore')).code).toBe(0)
    expect((await site.api('GET', '/@search?Title=After')).body).toContain('/written-after')
    expect((await site.deploy(definition)).output).toMatch(/ changed=0 /)
  }, 600_000)

  test('is packed with the rest', async () => {
    expect((await site.verb('pack')).output).toMatch(/packed catalog from \d+ to \d+ bytes/)
    expect((await site.api('GET', '/@search?Title=After')).body).toContain('/written-after')
  })
})
