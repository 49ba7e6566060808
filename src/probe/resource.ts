/** What a read depends on and what a change writes, and which writes make which reads stale. */

/**
 * `path:/etc/hosts` (with everything below it), `entry:/etc` (a folder or file itself, whatever is below), `package:*`, `unit:apache2.service`, `account:zope`, `beyond:` (outside the host), or `anything`.
 * A write of `anything` (a command, a package's scripts, a service that starts) makes every read of the host stale.
 */
export type Resource = `path:${string}` | `entry:${string}` | `package:${string}` | `unit:${string}` | `account:${string}` | 'beyond:' | 'anything'

/** The resource of a path and all that is below: normalised, so that `/a//b/`, `/a/c/../b` and `/a/b` are the same. */
export function pathResource(path: string): Resource {
  return `path:${normalised(path)}`
}

/** The resource of a path alone: a file that comes or goes within a folder does not affect the folder's entry. */
export function entryResource(path: string): Resource {
  return `entry:${normalised(path)}`
}

function normalised(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** Folders whose files decide about more than themselves. */
const MEANING: readonly (readonly [folder: string, type: string])[] = [
  ['/etc/systemd', 'unit'],
  ['/usr/lib/systemd', 'unit'],
  ['/lib/systemd', 'unit'],
  ['/run/systemd', 'unit'],
  ['/etc/init.d', 'unit'],
  ['/etc/passwd', 'account'],
  ['/etc/shadow', 'account'],
  ['/etc/group', 'account'],
  ['/etc/gshadow', 'account'],
  ['/etc/apt', 'package'],
  ['/var/lib/apt/extended_states', 'package'],
  ['/etc/yum.repos.d', 'package'],
  ['/var/lib/dpkg', 'package'],
  ['/var/lib/rpm', 'package'],
]

/** Whether a write of the first resource may have changed what a read of the second gives. */
export function affects(write: Resource, read: Resource): boolean {
  if (write === 'anything' || read === 'anything') return true
  const [writeType, readType] = [typeOf(write), typeOf(read)]
  if (isPath(writeType) && isPath(readType)) {
    const [written, asked] = [pathOf(write), pathOf(read)]
    return written === asked || (writeType === 'path' && contains(written, asked)) || (readType === 'path' && contains(asked, written))
  }
  if (writeType === readType) return write === read || write.endsWith(':*') || read.endsWith(':*')
  // A package brings files, units and accounts; an account owns files.
  if (writeType === 'package') return readType !== 'beyond'
  if (writeType === 'account') return isPath(readType)
  if (isPath(writeType))
    return MEANING.some(([folder, type]) => type === readType && (contains(folder, pathOf(write)) || contains(pathOf(write), folder)))
  return false
}

/** Whether any of the writes may have changed what depends on these. */
export function makesStale(writes: readonly Resource[], touched: readonly Resource[]): boolean {
  return writes.some((write) => touched.some((each) => affects(write, each)))
}

function typeOf(resource: Resource): string {
  return resource.slice(0, resource.indexOf(':'))
}

function pathOf(resource: Resource): string {
  return resource.slice(resource.indexOf(':') + 1)
}

function isPath(type: string): boolean {
  return type === 'path' || type === 'entry'
}

function contains(folder: string, path: string): boolean {
  return folder === path || folder === '/' || path.startsWith(`${folder}/`)
}
