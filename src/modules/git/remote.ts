/** What a remote repository says about a version: a branch, a tag, or something that only a checkout can tell. */
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { quote } from '../../shell/quote.ts'

export interface Target {
  readonly kind: 'branch' | 'tag' | 'other'
  /** A branch's or tag's name; for `HEAD` that of the branch it is on. */
  readonly name: string
  /** The commit, as far as it is known. */
  readonly commit: string | undefined
  /** An annotated tag, which has a signature of its own. */
  readonly annotated: boolean
  /** The remote's own HEAD is on this branch. */
  readonly isDefault: boolean
}

/** Asks a remote without touching anything, not even known_hosts. */
export function remoteRead(executable: string, repo: string, names: readonly string[], sshCommand: string): Read<ShellResult> {
  const patterns = names.flatMap((name) => (name === 'HEAD' ? [] : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/tags/${name}^{}`]))
  return shellRead(`GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND=${quote(sshCommand)} ${[executable, 'ls-remote', '--symref', '--', repo, 'HEAD', ...patterns].map(quote).join(' ')} 2>&1`, ['beyond:'])
}

/**
 * The version as the remote knows it.
 * @param branch the branch that HEAD means where the local one is on a branch
 */
export function parseRemote({ stdout }: ShellResult, version: string, branch: string | undefined): Target {
  const refs = new Map(Array.from(stdout.matchAll(/^([0-9a-f]{40,64})\t(\S+)$/gm), ([, commit, ref]) => [ref!, commit!]))
  const remoteDefault = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(stdout)?.[1]
  const name = version === 'HEAD' ? (branch ?? remoteDefault ?? 'HEAD') : version
  const head = refs.get(`refs/heads/${name}`) ?? (version === 'HEAD' ? refs.get('HEAD') : undefined)
  if (head !== undefined || version === 'HEAD') return { kind: 'branch', name, commit: head, annotated: false, isDefault: name === remoteDefault }
  const tag = refs.get(`refs/tags/${name}`)
  const peeled = refs.get(`refs/tags/${name}^{}`)
  if (tag !== undefined) return { kind: 'tag', name, commit: peeled ?? tag, annotated: peeled !== undefined, isDefault: false }
  return { kind: 'other', name, commit: /^[0-9a-f]{40,64}$/.test(name) ? name : undefined, annotated: false, isDefault: false }
}

/** How ssh is called for git: never asking. */
export function sshCommand({ key_file: key, ssh_opts: options }: { readonly key_file: string | undefined; readonly ssh_opts: string | undefined }, hostKeys: string | undefined): string {
  return ['ssh -o BatchMode=yes', ...(key === undefined ? [] : [`-i ${quote(key)} -o IdentitiesOnly=yes`]), ...(options === undefined ? [] : [options]), ...(hostKeys === undefined ? [] : [hostKeys])].join(' ')
}
