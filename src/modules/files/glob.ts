/** Shell patterns for names, as Python's fnmatch has them: * and ? also match a dot at the start and a slash. */

/** A test of names. */
export function glob(pattern: string): RegExp {
  const source = pattern.replace(/\[(!?)(\]?[^\]]*)\]|[\\^$.*+?()[\]{}|/]/g, (piece, not: string | undefined, set: string | undefined) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\^[\]]/g, '\\$&')}]`
    return piece === '*' ? '[^]*' : piece === '?' ? '[^]' : `\\${piece}`
  })
  return new RegExp(`^${source}$`, 'u')
}
