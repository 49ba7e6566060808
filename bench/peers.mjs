/** The tools that plonerun is compared with, each set in a virtual environment of its own outside the repository. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Versions are named so that results of two days can be compared. */
export const PYINFRA = 'pyinfra==3.10.0'
export const ANSIBLE_CORE = 'ansible-core==2.19.14'
export const MITOGEN = 'mitogen==0.3.54'
/** ansible-core with the collections that most roles use. */
export const ANSIBLE = 'ansible==12.3.0'

/**
 * Installs packages from the Python package index unless they are there.
 * @param {readonly string[]} packages
 * @returns {string} the folder of the virtual environment
 */
export function peers(packages) {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'plonerun-peers', packages.join('_'))
  const complete = join(folder, 'complete')
  if (existsSync(complete)) return folder
  console.error(`installing ${packages.join(', ')}`)
  mkdirSync(folder, { recursive: true })
  execFileSync('python3', ['-m', 'venv', '--clear', folder], { stdio: 'inherit' })
  execFileSync(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages], { stdio: 'inherit' })
  mkdirSync(complete)
  return folder
}

/**
 * The folder of its Python packages, which ansible's collections are below.
 * @param {string} folder of the virtual environment
 */
export function pythonPackages(folder) {
  return execFileSync(join(folder, 'bin/python'), ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], { encoding: 'utf8' }).trim()
}

/**
 * Where mitogen keeps its strategies for ansible.cfg.
 * @param {string} folder of the virtual environment
 */
export function mitogenStrategies(folder) {
  return execFileSync(join(folder, 'bin/python'), ['-c', 'import ansible_mitogen, os; print(os.path.join(os.path.dirname(ansible_mitogen.__file__), "plugins", "strategy"))'], { encoding: 'utf8' }).trim()
}
