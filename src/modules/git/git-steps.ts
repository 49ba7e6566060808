/** The calls of git that clone a repository, or bring a checkout to a version. */
import { dirname } from 'node:path/posix'
import { sh, type Step } from '../contract/change.ts'
import type { Checkout } from './checkout.ts'
import { repoUrl, type GitInput } from './git-options.ts'
import type { Target } from './remote.ts'

function caller({ executable }: GitInput, path: string): (...words: readonly string[]) => Step {
  return (...words) => ({ argv: [executable, '-C', path, ...words] })
}

/** Makes the checkout. The last step prints the commit, then the submodules. */
export function cloneSteps(input: GitInput, path: string, target: Target): readonly Step[] {
  const { executable, remote, bare, depth, version, refspec, reference, single_branch: single, separate_git_dir: gitDir } = input
  const git = caller(input, path)
  const named = target.kind !== 'other' && version !== 'HEAD'
  const shallow = depth !== undefined && (named || version === 'HEAD' || refspec !== undefined)
  const branch = named && ((shallow && refspec === undefined) || single)
  const words = [
    'clone',
    ...(bare ? ['--bare'] : ['--origin', remote]),
    ...(shallow ? ['--depth', String(depth)] : []),
    ...(reference === undefined ? [] : ['--reference', reference]),
    ...(single ? ['--single-branch'] : []),
    ...(branch ? ['--branch', version] : []),
    ...(gitDir === undefined ? [] : [`--separate-git-dir=${gitDir}`]),
  ]
  return [
    { argv: ['mkdir', '-p', '--', dirname(path)] },
    { argv: [executable, ...words, '--', repoUrl(input), path] },
    ...(bare && remote !== 'origin' ? [git('remote', 'add', remote, repoUrl(input))] : []),
    ...(refspec === undefined ? [] : [git('fetch', ...(depth === undefined ? [] : ['--depth', String(depth)]), remote, refspec)]),
    ...(bare || version === 'HEAD' ? [] : switchSteps(input, path, target, target.kind === 'branch' && (target.isDefault || branch))),
    ...finish(input, path, target),
  ]
}

/** Fetches and switches. The last step prints the commit, then the submodules. */
export function updateSteps(input: GitInput, checkout: Checkout, target: Target, moved: boolean): readonly Step[] {
  const { remote, bare } = input
  const git = caller(input, checkout.path)
  const local = target.kind === 'branch' && (checkout.branch === target.name || checkout.branches.includes(target.name) || (input.depth !== undefined && checkout.branch !== target.name))
  return [
    ...(checkout.modified ? [git('reset', '--hard', 'HEAD', '--')] : []),
    ...(checkout.url === undefined ? [git('remote', 'add', remote, repoUrl(input))] : moved ? [git('remote', 'set-url', remote, repoUrl(input))] : []),
    git('fetch', ...fetchWords(input, checkout, target)),
    ...(bare ? [] : switchSteps(input, checkout.path, target, local)),
    ...finish(input, checkout.path, target),
  ]
}

/** With a depth only what is wanted; otherwise everything. */
function fetchWords({ remote, depth, refspec, bare, force }: GitInput, { branch }: Checkout, { kind, name }: Target): readonly string[] {
  const forced = force ? ['--force'] : []
  if (depth !== undefined) {
    const wanted =
      refspec !== undefined
        ? [refspec]
        : kind === 'branch'
          ? [...(branch === name ? [] : [`+refs/heads/${name}:refs/heads/${name}`]), `+refs/heads/${name}:refs/remotes/${remote}/${name}`]
          : kind === 'tag'
            ? [`+refs/tags/${name}:refs/tags/${name}`]
            : []
    if (wanted.length > 0) return ['--depth', String(depth), ...forced, remote, ...wanted]
  }
  const everything = bare ? [...forced, remote, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'] : ['--tags', ...forced, remote]
  return [...everything, ...(refspec === undefined ? [] : [refspec])]
}

/** @param local whether the branch is there already */
function switchSteps(input: GitInput, path: string, { kind, name }: Target, local: boolean): readonly Step[] {
  const git = caller(input, path)
  if (kind !== 'branch') return [git('checkout', '--force', name, '--')]
  if (!local) return [git('checkout', '--force', '--track', '-b', name, `${input.remote}/${name}`)]
  return [git('checkout', '--force', name, '--'), git('reset', '--hard', `${input.remote}/${name}`, '--')]
}

function finish(input: GitInput, path: string, { annotated }: Target): readonly Step[] {
  const { executable, version, verify_commit: verify, gpg_allowlist: keys, recursive, bare, track_submodules: track, force } = input
  const submodules = recursive && !bare
  return [
    ...(verify ? [sh(VERIFY, executable, path, annotated ? 'verify-tag' : 'verify-commit', version, ...keys)] : []),
    ...(submodules ? [sh(SUBMODULES, executable, path, ...(track ? ['--remote'] : []), ...(force ? ['--force'] : []))] : []),
    sh('"$1" -C "$2" rev-parse -q --verify HEAD || echo; [ ! -f "$2/.gitmodules" ] || "$1" -C "$2" submodule status --recursive', executable, path),
  ]
}

/** The signature must be good, and where keys are named, made by one of them. */
const VERIFY = `git=$1 path=$2 verb=$3 version=$4; shift 4
said=$("$git" -C "$path" "$verb" --raw "$version" 2>&1) || { printf 'Failed to verify GPG signature of commit/tag "%s"\\n%s\\n' "$version" "$said" >&2; exit 1; }
[ $# -gt 0 ] || exit 0
key=$(printf '%s\\n' "$said" | sed -n 's/^\\[GNUPG:\\] VALIDSIG \\([0-9A-F]*\\).*/\\1/p')
for each do [ "$each" != "$key" ] || exit 0; done
printf 'The gpg_allowlist does not include the public key "%s" for this commit\\n' "$key" >&2
exit 1`

const SUBMODULES = `git=$1; cd -- "$2" || exit; shift 2
[ -f .gitmodules ] || exit 0
"$git" submodule sync && "$git" submodule update --init --recursive "$@"`
