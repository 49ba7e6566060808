/** Prints how many tests passed, failed and were skipped, from the JSON of vitest's runs; fails when any was skipped or a run had none. */
import { readFileSync } from 'node:fs'

const runs = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')))
const sum = (count) => runs.reduce((total, run) => total + run[count], 0)
const skipped = runs.flatMap(({ testResults }) => testResults.flatMap(({ assertionResults }) => assertionResults)).filter(({ status }) => ['skipped', 'pending', 'todo'].includes(status))
for (const { fullName } of skipped) console.log(`skipped: ${fullName}`)
console.log(`${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed, ${skipped.length} skipped`)
const ranNone = runs.some(({ numPassedTests }) => numPassedTests === 0)
process.exitCode = sum('numFailedTests') > 0 || sum('numFailedTestSuites') > 0 || skipped.length > 0 || ranNone ? 1 : 0
