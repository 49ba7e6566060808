/** Block devices and their partitions, from /sys/block and /dev/disk. */
import { readableSize } from '../values/size.ts'
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

/** What is read of a device, below its folder. */
const ABOUT = ['device/vendor', 'device/model', 'device/sas_address', 'device/sas_device_handle', 'device/serial', 'removable', 'size', 'queue/rotational', 'queue/scheduler', 'queue/logical_block_size', 'queue/discard_granularity', 'queue/discard_max_hw_bytes']
const OF_PARTITIONS = ['start', 'size']

/** /sys counts in these, whatever the device does. */
const SYS_SECTOR = 512

const LINKS = { ids: '/dev/disk/by-id', uuids: '/dev/disk/by-uuid', labels: '/dev/disk/by-label' } as const

/** For each kind of link, the names of a device by it. */
type Links = Readonly<Record<keyof typeof LINKS | 'masters', Readonly<Record<string, readonly string[]>>>>

export const devices: FactSection = {
  name: 'devices',
  facts: ['devices', 'device_links'],
  files: [...ABOUT.map((name) => `/sys/block/*/${name}`), ...OF_PARTITIONS.map((name) => `/sys/block/*/*/${name}`), '/sys/block/dm-*/dm/name'],
  script: `
ls -l /sys/block/ ${Object.values(LINKS).map((folder) => `${folder}/`).join(' ')} 2>/dev/null
ls -d /sys/block/*/slaves/* /sys/block/*/holders/* /sys/block/*/*/holders/* 2>/dev/null
lspci -D 2>/dev/null
:`,
  parse(files, output) {
    const folders = linksIn(output)
    const related = (relation: string): readonly (readonly string[])[] => [...output.matchAll(new RegExp(`^/sys/block/(?:\\S+/)?([^/\\s]+)/${relation}/(\\S+)$`, 'gm'))].map(([, device, other]) => [device!, other!])
    const links: Links = {
      ids: named(folders.get(LINKS.ids)),
      uuids: named(folders.get(LINKS.uuids)),
      labels: named(folders.get(LINKS.labels)),
      masters: grouped(related('slaves').map(([device = '', slave = '']) => [slave, device])),
    }
    const about: About = { files, links, holders: related('holders'), pci: new Map([...output.matchAll(/^([\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.\d) (.*)$/gm)].map(([, id, text]) => [id!, text!])) }
    return { devices: Object.fromEntries((folders.get('/sys/block') ?? []).map(({ name, target }) => [name, device(name, target, about)])), device_links: links }
  },
}

interface About {
  readonly files: ReadonlyMap<string, string>
  readonly links: Links
  readonly holders: readonly (readonly string[])[]
  /** The names of PCI devices by their addresses. */
  readonly pci: ReadonlyMap<string, string>
}

/** @param path where /sys has it */
function device(name: string, path: string, about: About): Plain {
  const content = contentIn(`/sys/block/${name}`, about)
  const serial = content('device/serial')
  const wwn = about.links.ids[name]?.findLast((id) => id.startsWith('wwn-'))?.slice('wwn-'.length)
  const address = /\/([\da-f]{4}:[\da-f]{2}:[01][\da-f]\.[0-7])\//.exec(path)?.[1]
  const partitions = [...about.files.keys()].flatMap((file) => new RegExp(`^/sys/block/${name}/(${name}p?\\d+)/start$`).exec(file)?.[1] ?? [])
  return {
    virtual: 1,
    links: linksOf(name, about),
    ...Object.fromEntries(['vendor', 'model', 'sas_address', 'sas_device_handle'].map((key) => [key, content(`device/${key}`)])),
    ...(serial !== null && { serial }),
    removable: content('removable'),
    support_discard: content('queue/discard_max_hw_bytes') === '0' ? '0' : content('queue/discard_granularity'),
    ...(wwn !== undefined && { wwn }),
    partitions: Object.fromEntries(partitions.map((partition) => [partition, partitionOf(name, partition, about)])),
    rotational: content('queue/rotational'),
    scheduler_mode: /\[(.*)\]/.exec(content('queue/scheduler') ?? '')?.[1] ?? '',
    ...sizes(content('size'), content('queue/logical_block_size') ?? String(SYS_SECTOR)),
    host: (address === undefined ? undefined : about.pci.get(address)) ?? '',
    holders: holdersOf(name, about),
  }
}

function partitionOf(disk: string, name: string, about: About): Plain {
  const content = contentIn(`/sys/block/${disk}/${name}`, about)
  return {
    links: linksOf(name, about),
    start: content('start') ?? 0,
    ...sizes(content('size'), SYS_SECTOR),
    uuid: about.links.uuids[name]?.[0] ?? null,
    holders: holdersOf(name, about),
  }
}

function sizes(sysSectors: string | null, sectorsize: string | number): Record<string, Plain> {
  const sectors = Math.floor((Number(sysSectors ?? 0) * SYS_SECTOR) / Number(sectorsize))
  return { sectorsize, sectors, size: readableSize(sectors * Number(sectorsize)) }
}

/** Reads a file of a folder; null where there is none, or nothing in it. */
function contentIn(folder: string, { files }: About): (name: string) => string | null {
  return (name) => files.get(`${folder}/${name}`)?.trim() || null
}

function linksOf(name: string, { links }: About): Plain {
  return Object.fromEntries(Object.entries(links).map(([kind, names]) => [kind, [...(names[name] ?? [])]]))
}

/** Of what is built on a device, the device mapper's by the names that it gave. */
function holdersOf(name: string, { holders, files }: About): Plain {
  return holders.flatMap(([device, holder = '']) => (device === name && holder.startsWith('dm-') ? [files.get(`/sys/block/${holder}/dm/name`)?.trim() || holder] : []))
}

/** The symbolic links in each folder that `ls -l` listed. */
function linksIn(output: string): ReadonlyMap<string, readonly Link[]> {
  return new Map(output.split(/^(?=\/\S*\/:$)/m).map((listing) => {
    const folder = /^(\/\S*)\/:$/m.exec(listing)?.[1] ?? ''
    return [folder, [...listing.matchAll(/^l.* (\S+) -> (\S+)$/gm)].map(([, name = '', target = '']) => ({ name, target }))]
  }))
}

interface Link {
  readonly name: string
  readonly target: string
}

/** The names of each device that links lead to. */
function named(links: readonly Link[] = []): Readonly<Record<string, readonly string[]>> {
  return grouped(links.map(({ name, target }) => [target.slice(target.lastIndexOf('/') + 1), name]))
}

function grouped(pairs: readonly (readonly string[])[]): Readonly<Record<string, readonly string[]>> {
  const groups = new Map<string, string[]>()
  for (const [key = '', value = ''] of pairs) groups.set(key, [...(groups.get(key) ?? []), value].sort())
  return Object.fromEntries(groups)
}
