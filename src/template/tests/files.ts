/** Tests of paths on the controller. */
import { lstatSync, readFileSync, statSync, type Stats } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { text } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'

const stat = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false })
const lstat = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false })

/** A question about a path. It is asked when the task is at its turn, since an earlier one may change the answer. */
function about(kind: string, ask: (path: string) => boolean) {
  return plugin({ path: text }, ({ path }, { once, context }) => once(`${kind} ${path}`, () => ask(isAbsolute(path) ? path : resolve(context.basedir, path))))
}

function isMount(path: string): boolean {
  const own = lstat(path)
  if (!own || own.isSymbolicLink()) return false
  const parent = lstat(resolve(path, '..'))
  return parent !== undefined && (own.dev !== parent.dev || own.ino === parent.ino || dirname(path) === path)
}

const sameFile = plugin({ path: text, other: text }, ({ path, other }) => {
  const [a, b] = [stat(path), stat(other)]
  if (!a || !b) throw new PlonerunError(`same_file: '${a ? other : path}' does not exist`)
  return a.dev === b.dev && a.ino === b.ino
})

const directory = about('directory', (path) => stat(path)?.isDirectory() ?? false)
const file = about('file', (path) => stat(path)?.isFile() ?? false)
const link = about('link', (path) => lstat(path)?.isSymbolicLink() ?? false)
const mount = about('mount', isMount)
const absolute = plugin({ path: text }, ({ path }) => isAbsolute(path))

export const fileTests: Plugins = {
  directory,
  is_dir: directory,
  file,
  is_file: file,
  link,
  is_link: link,
  exists: about('exists', (path) => stat(path) !== undefined),
  link_exists: about('link_exists', (path) => lstat(path) !== undefined),
  abs: absolute,
  is_abs: absolute,
  same_file: sameFile,
  is_same_file: sameFile,
  mount,
  is_mount: mount,
  vaulted_file: about('vaulted_file', (path) => readFileSync(path, 'utf8').startsWith('$ANSIBLE_VAULT;')),
}
