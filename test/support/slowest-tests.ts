/** Prints the tests that took longest, so that the suite stays quick. */
import type { Reporter, TestModule } from 'vitest/node'

export default class SlowestTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules
      .flatMap((module) => [...module.children.allTests()])
      .map((test) => ({ name: `${test.module.relativeModuleId} > ${test.fullName}`, seconds: (test.diagnostic()?.duration ?? 0) / 1000 }))
      .filter(({ seconds }) => seconds >= 2)
      .sort((one, other) => other.seconds - one.seconds)
      .slice(0, 10)
    if (tests.length > 0) console.log(['\nSlowest tests:', ...tests.map(({ name, seconds }) => `  ${seconds.toFixed(1).padStart(6)} s  ${name}`)].join('\n'))
  }
}
