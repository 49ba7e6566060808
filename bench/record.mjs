/** Keeps the results of a benchmark in docs/benchmarks/, with the date and the machine. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

/**
 * Prints a table; with `--record` on the command line it is also written to docs/benchmarks/NAME.md.
 * @param {string} name
 * @param {string} what says what was measured, and how
 * @param {readonly (readonly string[])[]} rows the first one has the headings
 */
export function record(name, what, rows) {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
  if (!process.argv.includes('--record')) return
  const [head = [], ...body] = rows.map((row) => `| ${row.join(' | ')} |`)
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`
  const text = ['<!-- Written by npm run bench:' + name + ' -- --record -->', `# bench:${name}`, '', what, '', head, `|${'---|'.repeat(rows[0]?.length ?? 0)}`, ...body, '', `${new Date().toISOString().slice(0, 10)}, ${machine}.`, '']
  const folder = join(import.meta.dirname, '../docs/benchmarks')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.md`), text.join('\n'))
}
