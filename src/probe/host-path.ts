/** Paths as words of a probe's script: quoted, with `~` and `$NAME` expanded by the host. */
import { quote } from '../shell/quote.ts'

/** What is never there, and cannot be made. */
const NOWHERE = '/dev/null/'

/**
 * A path as a word: `~`, `~user`, `$NAME` and `${NAME}` are expanded as Ansible does for its paths
 * (names that are not set stay as written), and a relative path starts from the session's folder.
 */
export function hostWord(path: string): string {
  // An empty path names nothing, and above all not the session's folder.
  if (path === '') return NOWHERE
  const home = /^~[A-Za-z0-9._-]*(\/|$)/.exec(path)
  if (home) return home[0] + withVariables(path.slice(home[0].length))
  if (path.startsWith('/') || path.startsWith('$')) return withVariables(path)
  return `"$PWD"/${withVariables(path)}`
}

function withVariables(text: string): string {
  if (!text.includes('$')) return text === '' ? '' : quote(text)
  return text
    .split(/(\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\})/)
    .map((part, index) => {
      if (index % 2 === 0) return part === '' ? '' : quote(part)
      const name = part.replace(/[${}]/g, '')
      return `"\${${name}-${part.replace(/[$}]/g, '\\$&')}}"`
    })
    .join('')
}

/** The folders that a path leaves again with `..`: it leads nowhere unless they are there. */
export function leftFolders(path: string): readonly string[] {
  return [...path.matchAll(/\/\.\.(?=\/|$)/g)].map(({ index }) => path.slice(0, index)).filter((folder) => folder !== '')
}

/** Without doubled slashes, `.` between them, and a slash at the end, so that one path has one name. */
export function tidyPath(path: string): string {
  return path.replace(/\/(\.?\/)+/g, '/').replace(/(?<=[^/])\/\.?$/, '')
}

/** Prints the paths that are the shell's arguments without any link, NUL behind each; what is not there may be part of one. `-m` and `-z` are GNU's, with a slower way for busybox. */
export const REAL_PATHS = `readlink -mz -- "$@" 2>/dev/null || for p do x=$(readlink -f -- "$p"; printf .); x=\${x%.}; printf '%s\\0' "\${x%?}"; done`
