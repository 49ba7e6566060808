/** The names that the host has on networks of storage. */
import type { FactSection } from './section.ts'

const ISCSI = '/etc/iscsi/initiatorname.iscsi'
const NVME = '/etc/nvme/hostnqn'
const FIBRE_CHANNEL = /^\/sys\/class\/fc_host\/[^/]+\/port_name$/

export const initiators: FactSection = {
  name: 'initiators',
  facts: ['iscsi_iqn', 'hostnqn', 'fibre_channel_wwn'],
  files: [ISCSI, NVME, '/sys/class/fc_host/*/port_name'],
  parse: (files) => ({
    iscsi_iqn: /^InitiatorName=(.*)$/m.exec(files.get(ISCSI) ?? '')?.[1]?.trim() ?? '',
    hostnqn: files.get(NVME)?.trim() ?? '',
    fibre_channel_wwn: [...files].filter(([path]) => FIBRE_CHANNEL.test(path)).map(([, name]) => name.trim().replace(/^0x/, '')),
  }),
}
