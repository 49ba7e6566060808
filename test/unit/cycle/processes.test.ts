import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { PACKAGES_SCRIPT, unitsOf, unitsScript } from '../../../src/cycle/processes.ts'
import { temporaryFolder } from '../../support/folder.ts'

/** /proc/PID/stat with the fields that count. */
function stat(pid: number, name: string, parent: number, started: number, pages: number): string {
  return `${pid} (${name}) S ${parent} 1 1 0 -1 4194560 0 0 0 0 1 1 0 0 20 0 1 0 ${started} 1000000 ${pages} 18446744073709551615`
}

const PRINTED = `4096
100
1000.50
unit demo-zope@zope0 active 20
package demo-zope@zope0 products_cmfplone-6.2.2.dist-info /srv/demo/venvs/1/bin/../lib/python3.13
package demo-zope@zope0 zope-6.3.dist-info /srv/demo/venvs/1/bin/../lib/python3.13
unit demo-varnish active 30
unit demo-zeo failed 0
${stat(20, 'runwsgi', 1, 90_000, 1000)}
${stat(30, 'varnishd) S 9', 1, 100_000, 10)}
${stat(31, 'cache-main', 30, 100_010, 500)}
${stat(40, 'sshd', 1, 1, 7)}
`

test('memory is that of a process and of all that come from it, and a name with brackets confuses nothing', () => {
  expect(Object.fromEntries(unitsOf(PRINTED))).toEqual({
    'demo-zope@zope0': { active: 'active', memory: 4_096_000, seconds: 100.5, packages: { products_cmfplone: '6.2.2', zope: '6.3', python: '3.13' } },
    'demo-varnish': { active: 'active', memory: 510 * 4096, seconds: 0.5, packages: {} },
    'demo-zeo': { active: 'failed', packages: {} },
  })
})

test('a host that prints nothing has no units', () => {
  expect([...unitsOf('')]).toEqual([])
})

test('a real shell prints what can be read, for units that there are not too', async () => {
  const { stdout } = await promisify(execFile)('sh', ['-c', unitsScript(['no-such-unit'])], { maxBuffer: 1e8 }).catch((error: unknown) => error as { stdout: string })
  const [pageSize, ticks, uptime] = stdout.split('\n')
  expect([pageSize, ticks].map(Number).every((number) => number > 0)).toBe(true)
  expect(Number(uptime)).toBeGreaterThan(0)
  expect(unitsOf(stdout).has('no-such-unit')).toBe(true)
})

test('packages are known by the names that installers of Python 2 leave as they are written, too', () => {
  const site = (name: string): string => `package demo-zope@zope0 ${name}.dist-info /srv/demo/venvs/1/bin/../lib/python2.7`
  const printed = ['4096', '100', '1.0', 'unit demo-zope@zope0 active 7', site('Products.CMFPlone-5.2.15'), site('Zope-4.8.10')].join('\n')
  expect(unitsOf(printed).get('demo-zope@zope0')?.packages).toEqual({ products_cmfplone: '5.2.15', zope: '4.8.10', python: '2.7' })
})

test('what runs from a buildout is known by the eggs that its script names', async () => {
  const script = join(temporaryFolder(), 'runzope')
  const eggs = ['Zope2-2.13.30-py2.7.egg', 'Products.CMFPlone-4.3.20-py2.7-linux-x86_64.egg', 'zope.event-3.5.2-py2.7.egg']
  writeFileSync(script, ['#!/srv/demo/venvs/1/python/bin/python', 'sys.path[0:0] = [', ...eggs.map((egg) => `  '/srv/demo/eggs/${egg}',`), '  ]'].join('\n'))
  const { stdout } = await promisify(execFile)('sh', ['-c', `${PACKAGES_SCRIPT}\npackages demo-zope@zope0 /srv/demo/venvs/1/python/bin/python ${script}`])
  const printed = ['4096', '100', '1.0', 'unit demo-zope@zope0 active 7', stdout.trim()].join('\n')
  expect(unitsOf(printed).get('demo-zope@zope0')?.packages).toEqual({ products_cmfplone: '4.3.20', zope2: '2.13.30', python: '2.7' })
})
