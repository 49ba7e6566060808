/** Keeps the results of a benchmark in docs/benchmarks/, with the date and the machine. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'

/**
 * Prints a table; with `--record` on the command line it is also written to docs/benchmarks/NAME.md.
 * @param {string} name
 * @param {string} what says what was measured, and how
 * @param {readonly (readonly string[])[]} rows the first one has the headings
 * @param {readonly string[]} [measured] what the first column of rows that were measured now may hold; of all others the rows that are kept stay
 */
export function record(name, what, rows, measured) {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
  if (!process.argv.includes('--record')) return
  const [head = '', ...body] = rows.map((row) => `| ${row.join(' | ')} |`)
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`
  const file = join(import.meta.dirname, `../docs/benchmarks/${name}.md`)
  const kept = measured === undefined ? [] : rowsOf(file).filter((row) => !measured.some((first) => row.startsWith(`| ${first} |`)))
  const text = ['<!-- Written by npm run bench:' + name + ' -- --record -->', `# bench:${name}`, '', what, '', head, `|${'---|'.repeat(rows[0]?.length ?? 0)}`, ...kept, ...body, '', `${new Date().toISOString().slice(0, 10)}, ${machine}.`, '']
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text.join('\n'))
}

/**
 * The rows of a table that is kept, as they are written there.
 * @param {string} file
 */
function rowsOf(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line.startsWith('|')) : []
  return lines.slice(2)
}
