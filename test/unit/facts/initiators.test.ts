/** Names on networks of storage. */
import { expect, test } from 'vitest'
import { initiators } from '../../../src/facts/initiators.ts'

test('what the files say', () => {
  const files = new Map([
    ['/etc/iscsi/initiatorname.iscsi', '## DO NOT EDIT\nInitiatorName=iqn.1993-08.org.debian:01:abc\n'],
    ['/etc/nvme/hostnqn', 'nqn.2014-08.org.nvmexpress:uuid:1\n'],
    ['/sys/class/fc_host/host3/port_name', '0x21000014ff52a9bb\n'],
  ])
  expect(initiators.parse(files, '')).toEqual({ iscsi_iqn: 'iqn.1993-08.org.debian:01:abc', hostnqn: 'nqn.2014-08.org.nvmexpress:uuid:1', fibre_channel_wwn: ['21000014ff52a9bb'] })
  expect(initiators.parse(new Map(), '')).toEqual({ iscsi_iqn: '', hostnqn: '', fibre_channel_wwn: [] })
})
