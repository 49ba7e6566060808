/** Processors and memory, from what the kernel shows. */
import { expect, test } from 'vitest'
import { hardware } from '../../../src/facts/hardware.ts'
import { Float } from '../../../src/values/float.ts'

test.each([
  ['1', 1],
  ['f', 4],
  ['ff,ffffffff', 40],
  ['00000000,00000005', 2],
])('a process that may run on the processors of the mask %s', (mask, count) => {
  expect(hardware.parse(new Map([['/proc/self/status', `Cpus_allowed:\t${mask}\nCpus_allowed_list:\t0\n`]]), '')).toMatchObject({ processor_nproc: count })
})

test('memory in MiB', () => {
  expect(hardware.parse(new Map([['/proc/meminfo', 'MemTotal:       24576000 kB\nMemFree:         1024000 kB\n']]), '')).toMatchObject({ memtotal_mb: 24000, memory_mb: { real: { total: 24000, free: 1000, used: 23000 } } })
})

test('loads, which are floats also where they are whole', () => {
  expect(hardware.parse(new Map([['/proc/loadavg', '0.58 2.00 1.51 1/700 44\n']]), '')['loadavg']).toEqual({ '1m': 0.58, '5m': new Float(2), '15m': 1.51 })
})
