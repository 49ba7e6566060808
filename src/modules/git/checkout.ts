/** What is at a destination: a repository of git's, where its HEAD is, and whether anything was changed in it. */
import { hostWord } from '../../probe/host-path.ts'
import { pathResource } from '../../probe/resource.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { quote } from '../../shell/quote.ts'

export interface Checkout {
  /** Absolute. */
  readonly path: string
  readonly exists: boolean
  /** The commit; undefined in a repository without any. */
  readonly head: string | undefined
  /** The branch that HEAD is on; undefined when it is on none. */
  readonly branch: string | undefined
  /** The branch that the remote's HEAD was on when it was cloned. */
  readonly defaultBranch: string | undefined
  readonly url: string | undefined
  /** Those that are there, beside those of the remote. */
  readonly branches: readonly string[]
  /** Files that git knows and that differ from HEAD. */
  readonly modified: boolean
  /** What `git submodule status` prints. */
  readonly submodules: string
  /** Why git would not tell. */
  readonly problem: string | undefined
}

export interface CheckoutRequest {
  readonly executable: string
  readonly dest: string
  readonly remote: string
  readonly bare: boolean
}

/** Asks for it. Its exit code is 127 where there is no git. */
export function checkoutRead({ executable, dest, remote, bare }: CheckoutRequest): Read<ShellResult> {
  const git = quote(executable)
  return shellRead(
    `(
command -v ${git} >/dev/null || exit 127
p=${hostWord(dest)}
printf 'path %s\\n' "$p"
cd -- "$p" 2>/dev/null || exit 0
${bare ? '[ -f config ] && [ -f HEAD ]' : '[ -e .git ]'} || exit 0
echo exists
git() { command ${git} ${bare ? '--git-dir=.' : '--git-dir=.git --work-tree=.'} "$@"; }
problem=$(git rev-parse --git-dir 2>&1 >/dev/null) || { printf 'problem %s\\n' "$(printf %s "$problem" | tr '\\n' ' ')"; exit 0; }
printf 'head %s\\n' "$(git rev-parse -q --verify HEAD)"
printf 'branch %s\\n' "$(git symbolic-ref -q --short HEAD)"
printf 'default %s\\n' "$(git symbolic-ref -q --short ${quote(`refs/remotes/${remote}/HEAD`)})"
printf 'url %s\\n' "$(git config --get ${quote(`remote.${remote}.url`)})"
git for-each-ref --format='local %(refname:short)' refs/heads
${bare ? '' : `git status --porcelain | grep -qv '^??' && echo modified
[ ! -f .gitmodules ] || command ${git} submodule status --recursive | sed 's/^/submodule /'`}
:
)`,
    [dest.startsWith('/') ? pathResource(dest) : 'anything', 'package:git'],
  )
}

/** What the question prints of such a checkout. */
export function checkoutAnswer(checkout: Checkout, remote: string): string {
  const { path, head, branch, defaultBranch, url, branches, modified, submodules } = checkout
  const one = (key: string, value: string | undefined): string => `${key} ${value ?? ''}`
  const lines = [one('path', path), 'exists', one('head', head), one('branch', branch), one('default', defaultBranch && `${remote}/${defaultBranch}`), one('url', url), ...branches.map((name) => `local ${name}`), ...(modified ? ['modified'] : []), ...submodules.split('\n').filter((line) => line !== '').map((line) => `submodule ${line}`)]
  return `${lines.join('\n')}\n`
}

export function parseCheckout({ stdout }: ShellResult, remote: string): Checkout {
  const lines = stdout.split('\n')
  const all = (key: string): string[] => lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1))
  const one = (key: string): string | undefined => all(key)[0] || undefined
  return {
    path: one('path') ?? '',
    exists: lines.includes('exists'),
    head: one('head'),
    branch: one('branch'),
    defaultBranch: one('default')?.replace(`${remote}/`, ''),
    url: one('url'),
    branches: all('local'),
    modified: lines.includes('modified'),
    submodules: all('submodule').join('\n'),
    problem: one('problem'),
  }
}
