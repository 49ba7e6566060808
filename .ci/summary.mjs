/** Prints how many tests passed, failed and were skipped, from vitest's JSON; fails when any was skipped or none ran. */
import { readFileSync } from 'node:fs'

const { numPassedTests: passed, numFailedTests: failed, numFailedTestSuites: failedSuites, testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const skipped = testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo')
for (const { fullName } of skipped) console.log(`skipped: ${fullName}`)
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`)
process.exitCode = failed > 0 || failedSuites > 0 || skipped.length > 0 || passed === 0 ? 1 : 0
