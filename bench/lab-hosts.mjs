/** Lab hosts for a benchmark or a comparison, taken down at its end. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const lab = join(import.meta.dirname, '../lab/lab')

/**
 * Boots hosts, hands them over, and takes them down however that ends.
 * @template T
 * @param {readonly string[]} names
 * @param {(inventory: string) => T | Promise<T>} use gets the lines of an INI inventory
 * @param {{ readonly python?: boolean, readonly suite?: string, readonly keep?: boolean }} [options] keep: they stay up
 * @returns {Promise<T>}
 */
export async function withLabHosts(names, use, { python = false, suite = 'trixie', keep = false } = {}) {
  try {
    execFileSync(lab, ['up', ...names, '--suite', suite, ...(python ? ['--python'] : [])], { stdio: ['ignore', 'ignore', 'inherit'] })
    return await use(execFileSync(lab, ['inventory', ...names], { encoding: 'utf8' }))
  } finally {
    if (!keep) execFileSync(lab, ['down', ...names], { stdio: 'inherit' })
  }
}
