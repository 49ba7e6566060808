import { describe, expect, test } from 'vitest'
import { contentOf } from '../../../src/plonestack/content.ts'

const bare: Parameters<typeof contentOf>[0] = {
  pre_extras: [],
  post_extras: [],
  mount_points: new Map(),
  zodb_cache: 10_000,
  storage: { kind: 'zeo', host: undefined, blobs: undefined, blob_cache: '100MB', password: undefined, dsn: undefined },
}
const read = (file: string): string => `# ${file}\n`
const catalog = new Map([['catalog', { path: '/portal/portal_catalog', zodb_cache: 50_000 }]])

describe('scripts', () => {
  test('are read on the controller', () => {
    expect(contentOf({ ...bare, pre_extras: ['scripts/before.py'], post_extras: ['after.py'] }, read, 'site')).toMatchObject({
      pre_extras: [{ name: 'before.py', text: '# scripts/before.py\n' }],
      post_extras: [{ name: 'after.py', text: '# after.py\n' }],
    })
  })

  test('have names of their own, by which migrate knows what it has run', () => {
    expect(() => contentOf({ ...bare, pre_extras: ['a/fix.py'], post_extras: ['b/fix.py'] }, read, "site 'demo'")).toThrow("site 'demo': two scripts of pre_extras and post_extras are called fix.py")
  })
})

describe('databases', () => {
  test('one, and those of mount points', () => {
    expect(contentOf({ ...bare, mount_points: catalog }, read, 'site').databases).toEqual([
      { name: 'main', file: 'Data.fs', storage: '1', mount: '/', zodb_cache: 10_000 },
      { name: 'catalog', file: 'catalog.fs', storage: 'catalog', mount: '/portal/portal_catalog:/portal_catalog', zodb_cache: 50_000 },
    ])
  })

  test('PostgreSQL has no place for mount points', () => {
    expect(() => contentOf({ ...bare, mount_points: catalog, storage: { ...bare.storage, kind: 'relstorage' } }, read, "site 'demo'")).toThrow("site 'demo': mount_points are for files (storage: zeo or file), and its storage is relstorage")
  })

  test('main is taken', () => {
    expect(() => contentOf({ ...bare, mount_points: new Map([['main', { path: '/portal/news', zodb_cache: 1 }]]) }, read, "site 'demo'")).toThrow('main is the database of all other objects')
  })
})
