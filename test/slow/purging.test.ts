/** plone.app.caching takes pages out of Varnish when they change. */
import { beforeAll, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { ploneSite } from '../support/plone-site.ts'

const box = labHost('purging')
const site = ploneSite(box, {
  numzopes: 1,
  varnish: { verbose_headers: true },
  products: ['plone.app.caching'],
  profiles: ['plone.app.caching:with-caching-proxy'],
  properties: {
    'plone.caching.interfaces.ICacheSettings.enabled': true,
    // Pages are kept, and purged, which no profile has.
    'plone.app.caching.interfaces.IPloneCacheSettings.purgedContentTypes': ['Document'],
    'plone.caching.interfaces.ICacheSettings.operationMapping': { 'plone.content.itemView': 'plone.app.caching.moderateCaching' },
    'plone.cachepurging.interfaces.ICachePurgingSettings.enabled': true,
    'plone.cachepurging.interfaces.ICachePurgingSettings.cachingProxies': ['http://127.0.0.1:8075'],
    'plone.cachepurging.interfaces.ICachePurgingSettings.virtualHosting': true,
  },
})

beforeAll(async () => {
  const { output } = await site.deploy()
  expect(output).toMatch(/failed=0/)
  await site.api('POST', '/', { '@type': 'Document', id: 'page', title: 'page', description: 'as it was' })
  await site.api('POST', '/', { '@type': 'Document', id: 'other', title: 'other', description: 'left alone' })
  for (const id of ['page', 'other']) await site.api('POST', `/${id}/@workflow/publish`, {})
}, 900_000)

const cached = async (path: string): Promise<string> => String((await site.visit(path)).headers['x-cache'])

test('a page is kept, and anew when it was edited; another page stays', async () => {
  for (const path of ['/page', '/other']) {
    await site.visit(path)
    expect(await cached(path)).toBe('HIT')
  }
  await site.api('PATCH', '/page', { description: 'as it is' })
  await expect.poll(async () => (await site.visit('/page')).body, { timeout: 20_000 }).toContain('as it is')
  expect(await cached('/page')).toBe('HIT')
  expect(await cached('/other')).toBe('HIT')
})
