import { defineConfig } from 'vitest/config'
import { writeRegistry } from './build/registry.mjs'

writeRegistry()

/** Tests on lab hosts: booting one may first have to build its image. */
const onHosts = { testTimeout: 300_000, hookTimeout: 600_000, maxWorkers: 3, globalSetup: 'test/support/lab-run.ts' }

export default defineConfig({
  test: {
    reporters: ['default', './test/support/slowest-tests.ts'],
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 10_000, sequence: { groupOrder: 0 } } },
      { test: { name: 'lab', include: ['test/lab/**/*.test.ts'], ...onHosts, sequence: { groupOrder: 1 } } },
      { test: { name: 'slow', include: ['test/slow/**/*.test.ts'], ...onHosts, sequence: { groupOrder: 2 } } },
      { test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], ...onHosts, sequence: { groupOrder: 3 } } },
    ],
  },
})
