/** What benchmarks share: times and medians. */

/**
 * Seconds that a function takes.
 * @param {() => void} run
 */
export function timed(run) {
  const start = process.hrtime.bigint()
  run()
  return Number(process.hrtime.bigint() - start) / 1e9
}

/**
 * The value in the middle.
 * @param {readonly number[]} values
 */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
