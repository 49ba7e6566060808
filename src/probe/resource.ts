/** What a read depends on and what a change writes, and which writes make which reads stale. */

/**
 * `path:/etc/hosts`, `package:*`, `unit:apache2.service`, `account:zope`, `beyond:` (outside the host), or `anything`.
 * A write of `anything` (a command, a package's scripts, a service that starts) makes every read of the host stale.
 */
export type Resource = `path:${string}` | `package:${string}` | `unit:${string}` | `account:${string}` | 'beyond:' | 'anything'

/** The resource of a path: normalised, so that `/a//b/` and `/a/b` are the same. */
export function pathResource(path: string): Resource {
  return `path:/${path.split('/').filter((part) => part !== '' && part !== '.').join('/')}`
}

/** Folders whose files decide about more than themselves. */
const MEANING: readonly (readonly [folder: string, type: string])[] = [
  ['path:/etc/systemd', 'unit'],
  ['path:/usr/lib/systemd', 'unit'],
  ['path:/lib/systemd', 'unit'],
  ['path:/run/systemd', 'unit'],
  ['path:/etc/init.d', 'unit'],
  ['path:/etc/passwd', 'account'],
  ['path:/etc/shadow', 'account'],
  ['path:/etc/group', 'account'],
  ['path:/etc/gshadow', 'account'],
  ['path:/etc/apt', 'package'],
  ['path:/etc/yum.repos.d', 'package'],
  ['path:/var/lib/dpkg', 'package'],
  ['path:/var/lib/rpm', 'package'],
]

/** Whether a write of the first resource may have changed what a read of the second gives. */
export function affects(write: Resource, read: Resource): boolean {
  if (write === 'anything' || read === 'anything') return true
  const [writeType, readType] = [typeOf(write), typeOf(read)]
  if (writeType === 'path' && readType === 'path') return contains(write, read) || contains(read, write)
  if (writeType === readType) return write === read || write.endsWith(':*') || read.endsWith(':*')
  // A package brings files, units and accounts; an account owns files.
  if (writeType === 'package') return readType !== 'beyond'
  if (writeType === 'account') return readType === 'path'
  if (writeType === 'path') return MEANING.some(([folder, type]) => type === readType && (contains(folder, write) || contains(write, folder)))
  return false
}

function typeOf(resource: Resource): string {
  return resource.slice(0, resource.indexOf(':'))
}

function contains(folder: string, path: string): boolean {
  return folder === path || folder === 'path:/' || path.startsWith(`${folder}/`)
}
