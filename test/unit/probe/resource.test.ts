import { expect, it } from 'vitest'
import { affects, entryResource, pathResource, type Resource } from '../../../src/probe/resource.ts'

const cases: readonly [write: Resource, read: Resource, expected: boolean][] = [
  // A path stands for everything below it, on either side.
  ['path:/srv/demo', 'path:/srv/demo', true],
  ['path:/srv/demo', 'path:/srv/demo/etc/zope.conf', true],
  ['path:/srv/demo/etc/zope.conf', 'path:/srv/demo', true],
  ['path:/srv/demo', 'path:/srv/demo2', false],
  ['path:/', 'entry:/etc/hosts', true],
  // A file that is written in a folder leaves the folder's own entry alone.
  ['path:/srv/demo/a', 'entry:/srv/demo', false],
  ['path:/srv/demo/a', 'entry:/srv/demo/b', false],
  ['path:/srv/demo', 'entry:/srv/demo/a', true],
  // A folder that is made, or gets another mode, leaves alone what is known about the paths below it.
  ['entry:/srv/demo', 'entry:/srv/demo', true],
  ['entry:/srv/demo', 'entry:/srv/demo/a', false],
  ['entry:/srv/demo', 'path:/srv/demo/a', false],
  ['entry:/srv/demo/a', 'path:/srv/demo', true],
  ['path:/srv/demo/a', pathResource('/srv/demo/b/../a'), true],
  // What files mean.
  ['path:/etc/systemd/system/x.service', 'unit:x.service', true],
  ['entry:/etc/systemd/system/x.service.d', 'unit:x.service', true],
  ['path:/etc', 'account:zope', true],
  ['path:/etc/hosts', 'account:zope', false],
  ['account:zope', 'entry:/home/zope', true],
  ['package:apache2', 'entry:/etc/apache2', true],
  ['package:apache2', 'package:*', true],
  ['package:apache2', 'package:varnish', false],
  ['package:apache2', 'beyond:', false],
  ['anything', 'beyond:', true],
  ['path:/x', 'anything', true],
]

it.each(cases)('a write of %s makes a read of %s stale: %s', (write, read, expected) => {
  expect(affects(write, read)).toBe(expected)
})

it('normalises paths', () => {
  expect([pathResource('/a//b/./c/'), entryResource('/'), pathResource('')]).toEqual(['path:/a/b/c', 'entry:/', 'path:/'])
})
