import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 10_000 } },
      { test: { name: 'lab', include: ['test/lab/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: true, maxWorkers: 3 } },
    ],
  },
})
