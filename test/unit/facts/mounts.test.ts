/** What is mounted, with sizes, binds and the names of file systems. */
import { expect, test } from 'vitest'
import { mounts } from '../../../src/facts/mounts.ts'

const PRINTED = `mount\t/dev/vda1\t/\text4\trw,relatime\t0\t1\t4096 4096 100 40 20 5
mount\t/dev/vda1\t/srv/a b\text4\trw,relatime\t0\t0\t4096 4096 100 40 20 5
mount\tfiles:/export\t/mnt\tnfs4\trw\t0\t0\t
mount\t/dev/vdb\t/mnt\txfs\tro\t0\t0\t4096 4096 10 10 0 0
bind\t/srv/a b
uuid\t/dev/vda1\t9b8c-11
`

test('mounts', () => {
  const sizes = { size_total: 409600, size_available: 163840, block_size: 4096, block_total: 100, block_available: 40, block_used: 60, inode_total: 20, inode_available: 5, inode_used: 15 }
  expect(mounts.parse(new Map(), PRINTED)).toEqual({
    mounts: [
      { mount: '/', device: '/dev/vda1', fstype: 'ext4', options: 'rw,relatime', dump: 0, passno: 1, ...sizes, uuid: '9b8c-11' },
      { mount: '/srv/a b', device: '/dev/vda1', fstype: 'ext4', options: 'rw,relatime,bind', dump: 0, passno: 0, ...sizes, uuid: '9b8c-11' },
      expect.objectContaining({ mount: '/mnt', device: '/dev/vdb', fstype: 'xfs', options: 'ro', uuid: 'N/A' }),
    ],
  })
})

test('a file system that does not answer has no sizes', () => {
  expect(mounts.parse(new Map(), 'mount\tfiles:/export\t/mnt\tnfs4\trw\t0\t0\t\n')).toEqual({ mounts: [{ mount: '/mnt', device: 'files:/export', fstype: 'nfs4', options: 'rw', dump: 0, passno: 0, uuid: 'N/A' }] })
})
