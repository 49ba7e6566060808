/** ansible.builtin.git: a repository as a checkout on the host. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { answered, type ShellResult } from '../../probe/shell.ts'
import type { Change, Plan, Step } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { archiveRead, archiveResource, archiveStep, checkArchiveName } from './git-archive.ts'
import { checkoutAnswer, checkoutRead, parseCheckout, type Checkout } from './checkout.ts'
import { gitOptions, repoUrl, type GitInput } from './git-options.ts'
import { cloneSteps, updateSteps } from './git-steps.ts'
import { parseRemote, remoteRead, sshCommand, type Target } from './remote.ts'

export const git = state({
  name: 'ansible.builtin.git',
  summary: 'Clones repositories and keeps the checkouts at a version.',
  options: gitOptions,
  rules: { mutuallyExclusive: [['separate_git_dir', 'bare'], ['accept_hostkey', 'accept_newhostkey']] },
  beyond: true,
  prepare({ dest, clone, umask, version, archive, archive_prefix: prefix }) {
    if (dest === undefined && clone) throw new PlonerunError('the destination directory must be specified unless clone=no', { kind: 'task' })
    if (umask !== undefined && !/^[0-7]{1,4}$/.test(umask)) throw new PlonerunError(`'umask' takes octal digits in quotes, got '${umask}'`, { kind: 'task' })
    if (version.startsWith('-')) throw new PlonerunError(`'${version}' is no version`, { kind: 'task' })
    if (archive !== undefined) checkArchiveName(archive)
    else if (prefix !== undefined) throw new PlonerunError("missing parameter(s) required by 'archive_prefix': archive", { kind: 'task' })
  },
  reads: (input, _prepared, known: Known) => reads(input, known),
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known, { replies, foreseen }) {
    const checkout = checkoutOf(input, known)
    const target = targetOf(input, known)
    if (input.dest === undefined || (!checkout.exists && !input.clone)) return { before: null, after: target?.commit ?? null, changed: true }
    const before = checkout.head ?? null
    if (target === undefined) return { before, after: before, changed: isStale(input, known) }
    const [head = '', ...submodules] = (replies.at(-1)?.stdout.toString().trim() ?? '').split('\n')
    const after = foreseen ? (target.commit ?? null) : replies.length > 0 ? head : before
    const moved = checkout.exists && urlDiffers(input, checkout)
    const submodulesChanged = !foreseen && replies.length > 0 && submodules.some((line) => !line.startsWith('-')) && submodules.join('\n').trim() !== checkout.submodules.trim()
    return {
      before,
      after,
      changed: before !== after || checkout.modified || moved || submodulesChanged || isStale(input, known),
      ...(checkout.modified && { msg: `Local modifications exist in the destination: ${checkout.path}` }),
      ...(checkout.exists && { remote_url_changed: moved }),
      ...(submodulesChanged && { submodules_changed: true }),
    }
  },
})

/** How the changes call ssh; a question must not even note a host key. */
export function gitEnvironment(input: GitInput): Record<string, string> {
  const given = /-o StrictHostKeyChecking=(no|accept-new)/.test(input.ssh_opts ?? '')
  const accept = given ? undefined : input.accept_hostkey ? '-o StrictHostKeyChecking=no' : input.accept_newhostkey ? '-o StrictHostKeyChecking=accept-new' : undefined
  return { GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: sshCommand(input, accept) }
}

function reads(input: GitInput, known: Known): Record<string, Read<unknown>> {
  const { executable, version } = input
  const first = { checkout: checkoutQuestion(input) }
  if (known.checkout === undefined || (known.checkout as ShellResult).code === 127) return first
  const checkout = checkoutOf(input, known)
  const asked = { ...first, ...(input.archive !== undefined && checkout.exists && { archive: archiveRead(input, input.archive, checkout.path) }) }
  if (checkout.problem !== undefined || (checkout.exists && !input.update)) return asked
  // A commit that is there already needs no word from the remote.
  if (isAt(checkout, version) && /^[0-9a-f]{40}$/.test(version)) return asked
  const names = [version, ...(version === 'HEAD' ? [checkout.branch ?? checkout.defaultBranch ?? 'HEAD'] : [])]
  const quiet = input.accept_hostkey || input.accept_newhostkey || /-o StrictHostKeyChecking=(no|accept-new)/.test(input.ssh_opts ?? '')
  return { ...asked, remote: remoteRead(executable, repoUrl(input), names, sshCommand(input, quiet ? QUIET : undefined)) }
}

function checkoutQuestion({ executable, dest, remote, bare }: GitInput): Read<ShellResult> {
  return checkoutRead({ executable, dest: dest ?? '/nonexistent', remote, bare })
}

const QUIET = '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR'

function checkoutOf({ remote }: GitInput, known: Known): Checkout {
  return parseCheckout(known.checkout as ShellResult, remote)
}

/** undefined when the checkout stays where it is. */
function targetOf(input: GitInput, known: Known): Target | undefined {
  const checkout = checkoutOf(input, known)
  if (checkout.exists && !input.update) return undefined
  const answer = (known.remote as ShellResult | undefined) ?? { stdout: '', code: 0 }
  return parseRemote(answer, input.version, checkout.branch ?? checkout.defaultBranch)
}

function isAt({ head }: Checkout, version: string): boolean {
  return head !== undefined && /^[0-9a-f]{7,64}$/.test(version) && head.startsWith(version)
}

function urlDiffers(input: GitInput, { url }: Checkout): boolean {
  return url !== undefined && url.replace(/^file:\/\//, '') !== repoUrl(input).replace(/^file:\/\//, '')
}

function plan(input: GitInput, known: Known): Plan {
  const { dest, version, bare, umask } = input
  if ((known.checkout as ShellResult).code === 127) return { fail: `Failed to find required executable ${input.executable}: install git on the host` }
  const checkout = checkoutOf(input, known)
  if (checkout.problem !== undefined) return { fail: checkout.problem }
  const target = targetOf(input, known)
  const settings = { environment: gitEnvironment(input), ...(umask !== undefined && { umask }) }
  const packing = input.archive === undefined ? [] : [archiveStep(input, input.archive, checkout.path)]
  if (target === undefined) return isStale(input, known) ? { changes: [change(`pack ${checkout.path} as ${input.archive!}`, packing)] } : {}
  const remote = known.remote as ShellResult | undefined
  if (remote !== undefined && remote.code !== 0) {
    const said = remote.stdout.trim()
    return { fail: `the remote ${repoUrl(input)} cannot be read: ${said}`, result: { rc: remote.code, stdout: '', stderr: said } }
  }
  if (dest === undefined || (!checkout.exists && !input.clone)) return {}
  if (checkout.modified && !input.force) return { fail: `Local modifications exist in the destination: ${checkout.path} (force=no).`, result: { before: checkout.head ?? null } }
  if (checkout.exists && isDone(input, checkout, target) && !isStale(input, known)) return {}
  const steps = checkout.exists ? updateSteps(input, checkout, target, urlDiffers(input, checkout)) : cloneSteps(input, checkout.path, target)
  const moving = checkout.head === target.commit ? `${version} again` : `${checkout.head?.slice(0, 10) ?? 'nothing'} -> ${target.commit?.slice(0, 10) ?? version}`
  const what = checkout.exists ? `${checkout.path}: ${moving}` : `clone ${repoUrl(input).replace(/\/\/[^@/]*@/, '//')}${version === 'HEAD' ? '' : ` ${version}`} to ${checkout.path}`
  // The last step says where the checkout is.
  return { changes: [change(`${what}${input.archive === undefined ? '' : `, packed as ${input.archive}`}`, [...steps.slice(0, -1), ...packing, ...steps.slice(-1)])] }

  function change(summary: string, steps: readonly Step[]): Change {
    const { archive, separate_git_dir: gitDir } = input
    return {
      summary,
      writes: [pathResource(checkout.path), ...(gitDir === undefined ? [] : [pathResource(gitDir)]), ...(archive === undefined ? [] : [archiveResource(archive)])],
      steps: steps.map((step) => ({ ...step, ...settings })),
      leaves: [
        { kind: 'path', path: bare ? `${checkout.path}/config` : checkout.path, state: { type: bare ? 'file' : 'directory' } },
        ...(target === undefined ? [] : [answered(checkoutQuestion(input), checkoutAnswer(brought(input, checkout, target), input.remote))]),
        ...(archive === undefined ? [] : [{ kind: 'path', path: archive, state: { type: 'file' } } as const, answered(archiveRead(input, archive, checkout.path), '')]),
      ],
    }
  }
}

/** The checkout as the steps leave it; a version that only the checkout can tell stands for its commit. */
function brought(input: GitInput, checkout: Checkout, { kind, name, commit, isDefault }: Target): Checkout {
  return {
    ...checkout,
    exists: true,
    head: commit ?? name,
    branch: input.bare ? checkout.branch : kind === 'branch' ? name : undefined,
    defaultBranch: checkout.defaultBranch ?? (isDefault ? name : undefined),
    url: repoUrl(input),
    branches: kind === 'branch' && !checkout.branches.includes(name) ? [...checkout.branches, name] : checkout.branches,
    modified: false,
    submodules: input.recursive ? checkout.submodules.replace(/^[-+U]/gm, ' ') : checkout.submodules,
  }
}

/** Whether the archive is not there, or holds something else than the checkout as it is. */
function isStale({ archive }: GitInput, known: Known): boolean {
  return archive !== undefined && (known.archive as ShellResult | undefined)?.code !== 0
}

/** Whether there is nothing to do: the commit, the branch and the submodules are right. */
function isDone(input: GitInput, checkout: Checkout, { kind, name, commit }: Target): boolean {
  if (checkout.modified || input.verify_commit || urlDiffers(input, checkout)) return false
  const there = commit === undefined ? isAt(checkout, name) || (checkout.head === undefined && kind === 'branch') : checkout.head === commit
  const onBranch = kind !== 'branch' || input.bare || checkout.branch === name
  const submodules = !input.recursive || input.bare || (!input.track_submodules && checkout.submodules.split('\n').every((line) => line === '' || line.startsWith(' ')))
  return there && onBranch && submodules
}
