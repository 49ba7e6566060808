/** creates and removes: whether a command has anything to do. */
import { tidyPath } from '../../probe/host-path.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import { pathResource } from '../../probe/resource.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Imagined, Read } from '../../probe/read.ts'
import { pathIfAny } from '../contract/option.ts'
import { isPattern, patternWord } from './words.ts'

export const guardOptions = {
  creates: pathIfAny('A path or pattern; when it matches something, the command is not run.'),
  removes: pathIfAny('A path or pattern; when it matches nothing, the command is not run.'),
}

interface Guarded {
  readonly creates?: string | undefined
  readonly removes?: string | undefined
  /** Where relative paths start from. */
  readonly chdir?: string | undefined
}

type Presence = PathState | ShellResult

/** The questions about both paths, as far as they are given. */
export function guardReads({ creates, removes, chdir }: Guarded): Record<string, Read<Presence>> {
  const reads: Record<string, Read<Presence>> = {}
  if (creates !== undefined) reads.creates = presenceRead(creates, chdir)
  if (removes !== undefined) reads.removes = presenceRead(removes, chdir)
  return reads
}

/** Whether the host says if the command is needed. */
export function isGuarded({ creates, removes }: Guarded): boolean {
  return creates !== undefined || removes !== undefined
}

/** check mode: what the command says of itself that it creates, and that nobody can tell the rest. What it `removes` may be just what it needs. */
export function guardedLeaves({ creates, chdir }: Guarded): readonly Imagined[] {
  if (creates === undefined || isPattern(creates)) return [{ kind: 'anything' }]
  return [{ kind: 'claim', path: tidyPath(placeOf(creates, chdir)) }, { kind: 'anything' }]
}

export interface GuardReason {
  readonly path: string
  readonly why: 'exists' | 'does not exist'
}

/** Why the command need not run, or undefined when it must. */
export function guardReason({ creates, removes }: Guarded, state: Readonly<Record<string, Presence>>): GuardReason | undefined {
  if (creates !== undefined && isPresent(state.creates!)) return { path: creates, why: 'exists' }
  if (removes !== undefined && !isPresent(state.removes!)) return { path: removes, why: 'does not exist' }
  return undefined
}

/** What a command that has no need to run gives as its output. */
export function skippedText({ path, why }: GuardReason): string {
  return `skipped, since ${path} ${why}`
}

/** The same in the words that Ansible has for a script. */
export function skipReason(guarded: Guarded, state: Readonly<Record<string, Presence>>): string | undefined {
  const reason = guardReason(guarded, state)
  return reason && `${reason.path} ${reason.why}, matching ${reason.why === 'exists' ? 'creates' : 'removes'} option`
}

function isPresent(presence: Presence): boolean {
  return 'exists' in presence ? presence.exists : presence.code === 0
}

function presenceRead(given: string, chdir: string | undefined): Read<Presence> {
  const place = placeOf(given, chdir)
  if (!isPattern(given)) return pathRead(place, { claims: true })
  const folder = place.slice(0, place.search(/[^/]*[*?[]/))
  const resource = folder.startsWith('/') ? pathResource(folder) : 'anything'
  return shellRead(`set -- ${patternWord(place)}; [ -e "$1" ] || [ -L "$1" ]`, [resource])
}

function placeOf(given: string, chdir: string | undefined): string {
  return chdir !== undefined && !/^[/~$]/.test(given) ? `${chdir.replace(/\/$/, '')}/${given}` : given
}
