/** What the firmware says of the machine: its maker, model and serial numbers. */
import type { FactSection } from './section.ts'

const FOLDER = '/sys/devices/virtual/dmi/id'

/** Facts, and the files that hold them. */
const FILES: Readonly<Record<string, string>> = {
  bios_date: 'bios_date',
  bios_vendor: 'bios_vendor',
  bios_version: 'bios_version',
  board_asset_tag: 'board_asset_tag',
  board_name: 'board_name',
  board_serial: 'board_serial',
  board_vendor: 'board_vendor',
  board_version: 'board_version',
  chassis_asset_tag: 'chassis_asset_tag',
  chassis_serial: 'chassis_serial',
  chassis_vendor: 'chassis_vendor',
  chassis_version: 'chassis_version',
  form_factor: 'chassis_type',
  product_name: 'product_name',
  product_serial: 'product_serial',
  product_uuid: 'product_uuid',
  product_version: 'product_version',
  system_vendor: 'sys_vendor',
}

/** Types of a chassis by their numbers, table 17 of SMBIOS (DSP0134), in Ansible's spelling. */
const FORM_FACTORS = `Unknown,Other,Unknown,Desktop,Low Profile Desktop,Pizza Box,Mini Tower,Tower,Portable,Laptop,Notebook,Hand Held,Docking Station,All In One,Sub Notebook,Space-saving,Lunch Box,Main Server Chassis,Expansion Chassis,Sub Chassis,Bus Expansion Chassis,Peripheral Chassis,RAID Chassis,Rack Mount Chassis,Sealed-case PC,Multi-system,CompactPCI,AdvancedTCA,Blade,Blade Enclosure,Tablet,Convertible,Detachable,IoT Gateway,Embedded PC,Mini PC,Stick PC`.split(',')

/** A machine that has no such firmware, and what only root may read of it for anybody else, is NA. */
export const firmware: FactSection = {
  name: 'firmware',
  facts: Object.keys(FILES),
  files: Object.values(FILES).map((file) => `${FOLDER}/${file}`),
  parse(files) {
    return Object.fromEntries(Object.entries(FILES).map(([fact, file]) => {
      const text = files.get(`${FOLDER}/${file}`)?.trim() ?? ''
      if (text === '') return [fact, 'NA']
      return [fact, fact === 'form_factor' ? (FORM_FACTORS[Number(text)] ?? `unknown (${text})`) : text]
    }))
  },
}
