/** Facts of disks, from what a host printed. */
import { expect, test } from 'vitest'
import { devices } from '../../../src/facts/devices.ts'
import { lvm } from '../../../src/facts/lvm.ts'
import { filesOf } from '../../../src/facts/section.ts'

const PRINTED = `/dev/disk/by-id/:
total 0
lrwxrwxrwx 1 root root  9 Nov 28 15:35 ata-DISK_1 -> ../../sda
lrwxrwxrwx 1 root root  9 Nov 28 15:35 wwn-0x5000 -> ../../sda
lrwxrwxrwx 1 root root 10 Nov 28 15:35 ata-DISK_1-part1 -> ../../sda1

/dev/disk/by-uuid/:
total 0
lrwxrwxrwx 1 root root 10 Nov 28 15:35 c0ffee -> ../../sda1

/sys/block/:
total 0
lrwxrwxrwx 1 root root 0 Nov 28 15:35 dm-0 -> ../devices/virtual/block/dm-0
lrwxrwxrwx 1 root root 0 Nov 28 15:35 sda -> ../devices/pci0000:00/0000:00:1f.2/ata1/host0/block/sda
/sys/block/dm-0/slaves/sda1
/sys/block/sda/sda1/holders/dm-0
0000:00:1f.2 SATA controller: Intel AHCI
`

const FILES = `==> /sys/block/sda/device/vendor <==
ATA     

==> /sys/block/sda/device/model <==


==> /sys/block/sda/removable <==
0

==> /sys/block/sda/size <==
2097152

==> /sys/block/sda/queue/rotational <==
1

==> /sys/block/sda/queue/scheduler <==
none [mq-deadline] kyber

==> /sys/block/sda/queue/logical_block_size <==
4096

==> /sys/block/sda/queue/discard_granularity <==
4096

==> /sys/block/sda/queue/discard_max_hw_bytes <==
0

==> /sys/block/sda/sda1/start <==
2048

==> /sys/block/sda/sda1/size <==
1179648

==> /sys/block/dm-0/dm/name <==
vg-root
`

test('a disk, its partition and what is built on that', () => {
  const none = { ids: [], uuids: [], labels: [], masters: [] }
  const found = devices.parse(filesOf(FILES), PRINTED)
  expect(found['devices']).toMatchObject({
    'dm-0': { links: none, partitions: {}, size: '0.00 Bytes', host: '' },
    sda: {
      virtual: 1, vendor: 'ATA', model: null, removable: '0', rotational: '1', scheduler_mode: 'mq-deadline', support_discard: '0', wwn: '0x5000',
      sectorsize: '4096', sectors: 262144, size: '1.00 GB', host: 'SATA controller: Intel AHCI', holders: [],
      links: { ...none, ids: ['ata-DISK_1', 'wwn-0x5000'] },
      partitions: { sda1: { start: '2048', sectors: 1179648, sectorsize: 512, size: '576.00 MB', uuid: 'c0ffee', holders: ['vg-root'], links: { ids: ['ata-DISK_1-part1'], uuids: ['c0ffee'], labels: [], masters: ['dm-0'] } } },
    },
  })
  expect(found['device_links']).toEqual({ ids: { sda: ['ata-DISK_1', 'wwn-0x5000'], sda1: ['ata-DISK_1-part1'] }, uuids: { sda1: ['c0ffee'] }, labels: {}, masters: { sda1: ['dm-0'] } })
})

test('logical volumes', () => {
  const printed = '==> /vgs <==\n  vg,1,2,0,wz--n-,10.00,2.50\n==> /lvs <==\n  root,vg,-wi-ao----,7.50,,,,,,,,\n==> /pvs <==\n  /dev/sda1,vg,lvm2,a--,10.00,2.50\n'
  expect(lvm.parse(new Map(), printed)).toEqual({
    lvm: {
      vgs: { vg: { size_g: '10.00', free_g: '2.50', num_lvs: '2', num_pvs: '1' } },
      lvs: { root: { size_g: '7.50', vg: 'vg' } },
      pvs: { '/dev/sda1': { size_g: '10.00', free_g: '2.50', vg: 'vg' } },
    },
  })
  expect(lvm.parse(new Map(), '\n')).toEqual({ lvm: 'N/A' })
})
