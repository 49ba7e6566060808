/** Memory, processors and uptime, from /proc. */
import { toFloat } from '../values/float.ts'
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

const KIBI_PER_MEBI = 1024

export const hardware: FactSection = {
  name: 'hardware',
  facts: [
    'memtotal_mb', 'memfree_mb', 'swaptotal_mb', 'swapfree_mb', 'memory_mb', 'processor', 'processor_count', 'processor_cores', 'processor_threads_per_core',
    'processor_vcpus', 'processor_nproc', 'flags', 'uptime_seconds', 'loadavg',
  ],
  files: ['/proc/meminfo', '/proc/cpuinfo', '/proc/uptime', '/proc/loadavg', '/proc/self/status'],
  parse(files) {
    const memory = new Map([...(files.get('/proc/meminfo') ?? '').matchAll(/^(\w+):\s+(\d+) kB$/gm)].map(([, key, value]) => [key!, Math.floor(Number(value) / KIBI_PER_MEBI)]))
    const of = (key: string): number => memory.get(key) ?? 0
    const nocache = of('MemFree') + of('Cached') + of('Buffers')
    return {
      memtotal_mb: of('MemTotal'),
      memfree_mb: of('MemFree'),
      swaptotal_mb: of('SwapTotal'),
      swapfree_mb: of('SwapFree'),
      memory_mb: {
        real: { total: of('MemTotal'), free: of('MemFree'), used: of('MemTotal') - of('MemFree') },
        nocache: { free: nocache, used: of('MemTotal') - nocache },
        swap: { total: of('SwapTotal'), free: of('SwapFree'), used: of('SwapTotal') - of('SwapFree'), cached: of('SwapCached') },
      },
      ...processors(files.get('/proc/cpuinfo') ?? '', allowedProcessors(files.get('/proc/self/status') ?? '')),
      uptime_seconds: Math.floor(Number((files.get('/proc/uptime') ?? '0').split(' ')[0])),
      ...loads(files.get('/proc/loadavg')),
    }
  },
}

function loads(text: string | undefined): Record<string, Plain> {
  if (text === undefined) return {}
  const [one = null, five = null, fifteen = null] = text.split(' ').map((load) => toFloat(Number(load)))
  return { loadavg: { '1m': one, '5m': five, '15m': fifteen } }
}

function processors(cpuinfo: string, available: number): Record<string, number | string[]> {
  const blocks = cpuinfo.split('\n\n').filter((block) => /^processor\s*:/m.test(block))
  const field = (block: string, name: string): string | undefined => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(block)?.[1]
  const sockets = new Set(blocks.map((block) => field(block, 'physical id')).filter((id) => id !== undefined)).size || blocks.length || 1
  const cores = Number(blocks[0] === undefined ? 1 : (field(blocks[0], 'cpu cores') ?? 1))
  const siblings = Number(blocks[0] === undefined ? cores : (field(blocks[0], 'siblings') ?? cores))
  return {
    processor: blocks.flatMap((block) => ['processor', 'vendor_id', 'model name'].map((name) => field(block, name)).filter((value) => value !== undefined)),
    processor_count: sockets,
    processor_cores: cores,
    processor_threads_per_core: Math.max(1, Math.round(siblings / cores)),
    processor_vcpus: blocks.length || 1,
    processor_nproc: available,
    flags: (field(blocks[0] ?? '', 'flags') ?? '').split(' ').filter((flag) => flag !== ''),
  }
}

/** How many processors a process may run on: the bits of its mask. */
function allowedProcessors(status: string): number {
  const mask = /^Cpus_allowed:\s*([0-9a-f,]+)$/m.exec(status)?.[1] ?? '1'
  return BigInt(`0x${mask.replaceAll(',', '')}`).toString(2).replaceAll('0', '').length
}
