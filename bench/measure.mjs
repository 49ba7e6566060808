/** What the benchmarks share: times, medians, and the sections of docs/benchmarks.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

const PAGE = join(import.meta.dirname, '../docs/benchmarks.md')
const OPENING = `# Benchmarks

Each section is written by the command it names, on the machine it describes. Seconds differ between machines; the ratios are what counts.
`

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

/**
 * Rows of cells as a Markdown table.
 * @param {readonly [head: readonly string[], ...body: readonly (readonly string[])[]]} rows
 */
export function table(rows) {
  const [head, ...body] = rows
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** When and on what a benchmark ran. */
export function circumstances() {
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, ${memory} GiB of memory, Node.js ${process.versions.node}`
}

/**
 * Puts a section into docs/benchmarks.md, in place of what a run before wrote under the same title.
 * @param {string} title
 * @param {string} text
 */
export function publish(title, text) {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : OPENING
  const sections = page.split(/^(?=## )/m).filter((section) => !section.startsWith(`## ${title}\n`))
  writeFileSync(PAGE, [...sections.map((section) => section.trimEnd()), `## ${title}\n\n${text.trimEnd()}`].join('\n\n') + '\n')
}
