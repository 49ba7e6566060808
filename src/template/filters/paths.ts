/** Filters of paths, as Python's os.path treats them. */
import { existsSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { typeName } from '../../values/python.ts'
import { isList, tuple } from '../../values/tuple.ts'
import { globFiles } from '../glob.ts'
import { anything, list, optional, string, text } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'

/** The folder part of a path, without its slashes at the end. */
function dirname(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1)
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '')
}

/** A path with `~` and `~user` replaced by home folders. */
function expandUser(path: string): string {
  return path.replace(/^~(?=\/|$)/, () => process.env['HOME'] ?? homedir())
}

function splitExtension(path: string): [string, string] {
  const [, leading = '', rest = ''] = /^(\.*)([\s\S]*)$/.exec(path.slice(path.lastIndexOf('/') + 1)) ?? []
  const dot = rest.lastIndexOf('.')
  if (dot < 0) return [path, '']
  const cut = path.length - leading.length - rest.length + leading.length + dot
  return [path.slice(0, cut), path.slice(cut)]
}

/** Joins as os.path.join: an absolute part starts anew. */
function join(parts: readonly string[]): string {
  return parts.reduce((path, part) => (part.startsWith('/') ? part : path === '' || path.endsWith('/') ? path + part : `${path}/${part}`))
}

/** The path with `.`, `..` and double slashes resolved, without looking at the file system. */
function normalise(path: string): string {
  if (path === '') return '.'
  const normal = posix.normalize(path)
  const trimmed = normal.length > 1 ? normal.replace(/\/$/, '') : normal
  return /^\/\/(?!\/)/.test(path) ? `/${trimmed}` : trimmed
}

/** The real path as far as it exists. */
function realPath(path: string): string {
  const absolute = posix.resolve(path)
  if (existsSync(absolute)) return realpathSync(absolute)
  const parent = posix.dirname(absolute)
  return parent === absolute ? absolute : posix.join(realPath(parent), posix.basename(absolute))
}

function commonPath(paths: readonly string[]): string {
  if (!paths.length) throw new PlonerunError('commonpath() arg is an empty sequence')
  const absolute = paths.filter((path) => path.startsWith('/')).length
  if (absolute !== 0 && absolute !== paths.length) throw new PlonerunError("Can't mix absolute and relative paths")
  const split = paths.map((path) => path.split('/').filter((part) => part !== '' && part !== '.'))
  const first = split[0]!
  let length = 0
  while (length < first.length && split.every((parts) => parts[length] === first[length])) length++
  return (absolute ? '/' : '') + first.slice(0, length).join('/')
}

const value = { value: text }

export const paths: Plugins = {
  basename: plugin(value, ({ value }) => value.slice(value.lastIndexOf('/') + 1)),
  dirname: plugin(value, ({ value }) => dirname(value)),
  expanduser: plugin(value, ({ value }) => expandUser(value)),
  expandvars: plugin(value, ({ value }) => value.replace(/\$(?:\{([^}]*)\}|(\w+))/g, (whole, braced?: string, plain?: string) => process.env[braced ?? plain!] ?? whole)),
  realpath: plugin(value, ({ value }) => realPath(value)),
  normpath: plugin(value, ({ value }) => normalise(value)),
  relpath: plugin({ ...value, start: optional(string) }, ({ value, start }) => posix.relative(posix.resolve(start ?? '.'), posix.resolve(value)) || '.'),
  splitext: plugin(value, ({ value }) => tuple(...splitExtension(value))),
  path_join: plugin({ paths: anything }, ({ paths }) => {
    if (typeof paths === 'string') return paths
    if (!isList(paths)) throw new PlonerunError(`path_join expects a text or a list, got ${typeName(paths)}`)
    return join(paths.map(str))
  }),
  commonpath: plugin({ paths: list }, ({ paths }) => commonPath(paths.map(str))),
  win_basename: plugin(value, ({ value }) => value.slice(Math.max(value.lastIndexOf('\\'), value.lastIndexOf('/'), value.indexOf(':')) + 1)),
  win_dirname: plugin(value, ({ value }) => win32.dirname(value).replace(/^\.$/, '')),
  win_splitdrive: plugin(value, ({ value }) => {
    const drive = /^(?:[A-Za-z]:|[\\/]{2}[^\\/]+[\\/][^\\/]+)?/.exec(value)![0]
    return tuple(drive, value.slice(drive.length))
  }),
  fileglob: plugin(value, ({ value }) => globFiles(value)),
}
