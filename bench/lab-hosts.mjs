/** Lab hosts for a benchmark or a comparison, taken down at its end. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const lab = join(import.meta.dirname, '../lab/lab')

/**
 * Boots hosts, hands them over, and takes them down however that ends.
 * @param {readonly string[]} names
 * @param {(inventory: string) => void | Promise<void>} use gets the lines of an INI inventory
 * @param {{ readonly python?: boolean, readonly suite?: string, readonly keep?: boolean }} [options] keep: they stay up
 */
export async function withLabHosts(names, use, { python = false, suite = 'trixie', keep = false } = {}) {
  try {
    execFileSync(lab, ['up', ...names, '--suite', suite, ...(python ? ['--python'] : [])], { stdio: ['ignore', 'ignore', 'inherit'] })
    await use(execFileSync(lab, ['inventory', ...names], { encoding: 'utf8' }))
  } finally {
    if (!keep) execFileSync(lab, ['down', ...names], { stdio: 'inherit' })
  }
}
