/** Shell patterns over the controller's files: `*`, `?` and `[a-z]`, within one folder each. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The paths that a pattern matches, sorted. A name that starts with a dot is matched only by a pattern that does. */
function glob(pattern: string): string[] {
  const parts = pattern.split('/').filter(Boolean)
  let found = [pattern.startsWith('/') ? '/' : '']
  for (const part of parts) found = found.flatMap((folder) => matchesIn(folder, part))
  return found.sort()
}

/** The regular files that a pattern matches. */
export function globFiles(pattern: string): string[] {
  return glob(pattern).filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}

function matchesIn(folder: string, part: string): string[] {
  if (!/[*?[]/.test(part)) {
    const path = join(folder, part)
    return statSync(path, { throwIfNoEntry: false }) ? [path] : []
  }
  const regex = toRegex(part)
  return namesIn(folder || '.')
    .filter((name) => regex.test(name) && (part.startsWith('.') || !name.startsWith('.')))
    .map((name) => join(folder, name))
}

function namesIn(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : []
}

function toRegex(part: string): RegExp {
  const body = part.replace(/\[(!?)(\]?[^\]]*)\]|[*?]|[\\^$.+(){}|[\]]/g, (mark, negated?: string, content?: string) => {
    if (content !== undefined) return `[${negated ? '^' : ''}${content.replaceAll('\\', '\\\\')}]`
    return mark === '*' ? '[^/]*' : mark === '?' ? '[^/]' : `\\${mark}`
  })
  return new RegExp(`^${body}$`)
}
