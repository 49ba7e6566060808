/** Packs the plonestack (roles, playbooks, version lists) as an npm package: dist/plonestack-VERSION.tgz. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
mkdirSync(dist, { recursive: true })
const folder = mkdtempSync(join(dist, '.stack-'))
try {
  cpSync(join(root, 'stack'), folder, { recursive: true })
  for (const name of ['roles', 'playbooks']) cpSync(join(root, name), join(folder, name), { recursive: true, filter: (path) => !/bootstrap(\.yml)?$/.test(path) })
  execFileSync('npm', ['pack', '--silent', '--pack-destination', dist], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
} finally {
  rmSync(folder, { recursive: true })
}
