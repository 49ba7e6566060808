/** unarchive: unpacks an archive of the controller or of the host. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import type { Reply } from '../../shell/fragment.ts'
import type { Plain } from '../../values/value.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Controller, type Known } from '../contract/module.ts'
import { openArchive } from './open-archive.ts'
import { pathResult } from './path-result.ts'
import type { TarEntry } from './tar.ts'
import { planOfKnown, readsOfKnown, wantedEntries, type KnownArchive } from './unarchive-known.ts'
import { differencesOnHost, handlerOnHost, planOfHost, planOfSent, readsOfHost, wasSame } from './unarchive-host.ts'
import { unarchiveOptions, type UnarchiveInput } from './unarchive-options.ts'

type Prepared =
  /** The controller has read it and can tell what differs. */
  | ({ readonly kind: 'known' } & KnownArchive)
  /** Only tar on the host can tell, because of options that rename things. */
  | { readonly kind: 'sent'; readonly handler: string; readonly archive: Buffer; readonly names: readonly string[] }
  | { readonly kind: 'host' }
  | { readonly kind: 'url' }

/** Unpacks archives. */
export const unarchive = state({
  name: 'ansible.builtin.unarchive',
  summary: 'Unpacks an archive into a folder on the host.',
  options: unarchiveOptions,
  rules: { mutuallyExclusive: [['include', 'exclude'], ['copy', 'remote_src']] },
  prepare,
  reads(input, prepared, known) {
    const reads: Record<string, Read<unknown>> = { dest: pathRead(input.dest, { follow: true }), ...(input.creates !== undefined && { creates: pathRead(input.creates, { follow: true }) }) }
    const creates = known['creates'] as PathState | undefined
    if (input.creates !== undefined && creates?.exists !== false) return reads
    if (prepared.kind === 'known') return { ...reads, ...readsOfKnown(input, prepared) }
    return prepared.kind === 'host' ? { ...reads, ...readsOfHost(input, known) } : reads
  },
  plan(input, state, prepared): Plan {
    const known = state as Known
    const [dest, creates] = [known['dest'] as PathState, known['creates'] as PathState | undefined]
    if (creates?.exists) return { note: `skipped, since ${creates.path} exists` }
    const folder = dest.exists ? dest.type === 'directory' : dest.uncertain === true
    if (!folder) return { fail: `dest '${dest.path}' must be an existing dir` }
    if (prepared.kind === 'known') return planOfKnown(input, prepared, dest, known)
    if (prepared.kind === 'host') return planOfHost(input, dest, known)
    return planOfSent(input, dest, prepared.kind === 'sent' ? prepared.archive : undefined)
  },
  result(input, state, { changed, foreseen, replies }, prepared) {
    const known = state as Known
    const dest = known['dest'] as PathState
    const creates = known['creates'] as PathState | undefined
    if (creates?.exists) return { skipped: true, msg: `skipped, since ${creates.path} exists` }
    const same = wasSame(prepared.kind, replies)
    const extracted = changed && !foreseen && !same && (prepared.kind !== 'host' || differencesOnHost(known).length > 0)
    const names = prepared.kind === 'known' ? prepared.entries.map(listedName) : prepared.kind === 'sent' ? prepared.names : undefined
    return {
      ...pathResult(dest),
      dest: dest.path,
      src: input.src,
      handler: 'handler' in prepared ? prepared.handler : prepared.kind === 'host' ? handlerOnHost(known) : undefined,
      ...(extracted && { extract_results: extractResults(input, dest, replies[0]) }),
      ...(input.list_files && names && { files: names }),
      ...(input.list_files && prepared.kind === 'host' && { files: namesOnHost(known) }),
      ...(same && { changed: false }),
    }
  },
})

function prepare(input: UnarchiveInput, controller: Controller): Prepared {
  if (input.remote_src ?? input.copy === false) return { kind: input.src.includes('://') ? 'url' : 'host' }
  if (input.src.includes('://')) throw new PlonerunError('a URL is only taken with remote_src', { where: controller.position })
  const archive = openArchive(controller.readFile(controller.findFile('files', input.src), { decrypt: input.decrypt }))
  if (archive.entries.length === 0) throw new PlonerunError(`${input.src} is an empty archive`, { where: controller.position })
  const known = wantedEntries(archive, input)
  if (known) return { kind: 'known', ...known }
  return { kind: 'sent', handler: archive.handler, archive: archive.tar, names: archive.entries.map(listedName) }
}

/** As tar lists it: a folder has a slash behind its name. */
function listedName({ name, type }: TarEntry): string {
  return type === 'directory' ? `${name}/` : name
}

/** What the program that unpacked it said. */
function extractResults({ src, extra_opts, exclude, include }: UnarchiveInput, dest: PathState, reply: Reply | undefined): Plain {
  return { cmd: ['tar', '--extract', '-C', dest.path, ...extra_opts, ...exclude.map((pattern) => `--exclude=${pattern}`), '-f', src, ...include], rc: reply?.code ?? null, out: reply?.stdout.toString('utf8') ?? '', err: reply?.stderr.toString('utf8') ?? '' }
}

function namesOnHost(state: Known): readonly string[] {
  return ((state['list'] as { readonly stdout: string } | undefined)?.stdout ?? '').split('\n').filter((name) => name !== '')
}
