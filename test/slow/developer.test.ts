/** A developer's site: one Zope with a file, started by hand, tests of what is developed; and the same site once it serves. */
import { beforeAll, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'

const box = labHost('developer')
const site = ploneSite(box, { developer: true, sources: { 'my.policy': 'file:///srv/git/my.policy@main' }, wrappers: ['count-objects'] })

/** A package with a test and a command. */
const PACKAGE = `
apt-get -qq update && apt-get -qq -y install --no-install-recommends git >/dev/null
mkdir -p /srv/git/my.policy/src/my_policy && cd /srv/git/my.policy
git init -q -b main
cat >pyproject.toml <<'EOF'
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "my.policy"
version = "1.0"
[project.scripts]
count-objects = "my_policy.count:main"
EOF
touch src/my_policy/__init__.py
cat >src/my_policy/count.py <<'EOF'
import sys
def main(app):
    print("objects", len(app.portal.objectIds()), *sys.argv[1:])
EOF
cat >src/my_policy/tests.py <<'EOF'
import unittest
from plone.registry import Registry
class TestPolicy(unittest.TestCase):
    def test_registry(self):
        self.assertEqual(len(Registry().records), 0)
EOF
git add . && git -c user.name=dev -c user.email=dev@example.org commit -q -m first
`

const pid = (): Promise<string> => box.ssh('systemctl show --value --property MainPID demo-zope@zope0')

/** Status and page of the Zope itself; nothing while it is down. */
function ask(path: string): Promise<string> {
  return box.ssh(`$(ls -td /srv/demo/venvs/*/bin/python | head -n 1) -c 'import urllib.request as u; r = u.urlopen("http://127.0.0.1:8080${path}"); print(r.status, r.read().decode())' 2>/dev/null || true`)
}

const awake = (path: string, answer: RegExp): Promise<void> => expect.poll(() => ask(path), { timeout: 180_000, interval: 1000 }).toMatch(answer)

beforeAll(async () => {
  await box.ssh(PACKAGE)
  expect((await site.deploy()).output).toMatch(/failed=0/)
}, 900_000)

test('nothing stands before it, and a second deploy changes nothing', async () => {
  expect(await box.ssh('dpkg-query -W apache2 varnish pound haproxy 2>/dev/null || true')).toBe('')
  expect((await site.deploy()).output).toMatch(/ changed=0 /)
})

test('bin/instance runs it in the foreground, in debug mode', async () => {
  await box.ssh('systemd-run --quiet --unit foreground /srv/demo/bin/instance fg')
  await awake('/portal', /^200 /)
  expect(await box.ssh('ps -o user= -p $(systemctl show --value --property MainPID foreground)')).toBe('demo\n')
  expect(await box.ssh('grep debug-mode /srv/demo/etc/zope0.conf')).toBe('debug-mode on\n')
  await box.ssh('systemctl stop foreground')
})

test('migrate lets the Zope rest while it has the file, and only to change something', async () => {
  await box.ssh('/srv/demo/bin/instance start')
  await awake('/portal', /^200 /)
  const before = await pid()
  const definition = { properties: { 'plone.site_title': 'Worked on' } }
  expect((await site.deploy(definition, '--check')).output).toContain('changed: record plone.site_title: ')
  expect(await box.ssh('/srv/demo/bin/migrate -n')).toBe('unchanged\n')
  expect(await pid()).toBe(before)
  expect((await site.deploy(definition)).output).toContain('changed: record plone.site_title: ')
  expect(await pid()).not.toBe(before)
  await awake('/portal', /<title>Worked on<\/title>/)
})

test('packing keeps what there is', async () => {
  const { code, output } = await site.verb('pack')
  expect(output).toMatch(/packed main from \d+ to \d+ bytes/)
  expect(code).toBe(0)
  await awake('/portal', /<title>Worked on<\/title>/)
})

test('bin/test runs the tests of what is developed', async () => {
  expect(await box.ssh('/srv/demo/bin/test 2>&1')).toMatch(/Ran 1 tests with 0 failures, 0 errors/)
  await box.ssh('sed -i "s/, 0)/, 1)/" /srv/demo/src/my.policy/src/my_policy/tests.py')
  await expect(box.ssh('/srv/demo/bin/test >&2')).rejects.toThrow('0 != 1')
})

test('a deploy leaves what the developer has changed', async () => {
  expect((await site.deploy({ properties: { 'plone.site_title': 'Worked on' } })).output).toMatch(/ changed=0 /)
  expect(await box.ssh('git -C /srv/demo/src/my.policy status --short')).toContain('M src/my_policy/tests.py')
})

test('a wrapper runs with the database open', async () => {
  expect(await box.ssh('/srv/demo/bin/count-objects a "b c" 2>/dev/null')).toMatch(/^objects \d+ a b c\n$/)
})

test('the same file behind the whole chain', async () => {
  await box.ssh('/srv/demo/bin/instance stop')
  const serving = (title: string): object => ({ developer: false, storage: { kind: 'file' }, numzopes: 1, properties: { 'plone.site_title': title } })
  expect((await site.deploy(serving('Worked on'))).output).toMatch(/failed=0/)
  expect((await site.visit('/')).body).toContain('<title>Worked on</title>')
  expect((await site.deploy(serving('Serving'))).output).toContain("changed: record plone.site_title: 'Worked on' -> 'Serving'")
  expect((await site.verb('pack')).output).toMatch(/packed main from/)
  await expect.poll(async () => (await site.visit('/')).body, { timeout: 120_000 }).toContain('<title>Serving</title>')
  // The next deploy wakes the Zope that packing has started; the one after it has nothing to do.
  expect((await site.deploy(serving('Serving'))).output).toMatch(/failed=0/)
  expect((await site.deploy(serving('Serving'))).output).toMatch(/ changed=0 /)
}, 900_000)
