/** file: makes a path be a folder, a link or nothing, or have certain attributes. */
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Plain } from '../../values/value.ts'
import { treeRead, type Tree } from '../../probe/tree.ts'
import { pathResource } from '../../probe/resource.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, required, type Input } from '../contract/option.ts'
import { attributeOptions, attributeQuestions, unsafeWrites } from './attributes.ts'
import { join, parentOf } from './destination.ts'
import { ancestorReads, makeDirectories, missingAbove } from './directories.ts'
import { fileDiff } from './file-diff.ts'
import { planHardLink } from './hard-link.ts'
import { planLink } from './link.ts'
import { ownerDoubts, ownerReads } from './owners.ts'
import { pathResult, stateOf } from './path-result.ts'
import { planRecurse, recurseReads } from './recurse.ts'
import { compareTimes, timeLines, timeOptions, timeReads, timesLeft, timesOf, timeSteps } from './timestamps.ts'
import { attributesOnly, imaginedPath, resourcesOf, sha1, writeFile } from './write-file.ts'

const options = {
  path: required(path('The path that is meant.', { aliases: ['dest', 'name'] })),
  state: oneOf(['absent', 'directory', 'file', 'hard', 'link', 'touch'], 'What it shall be; without it, what it is.'),
  src: path('What a link leads to.'),
  recurse: defaulting(flag('Gives everything below a folder the same attributes.'), false),
  force: defaulting(flag('Replaces what is in the way of a link, and links to what is not there.'), false),
  follow: defaulting(flag('Means what a link leads to, where the path is one.'), true),
  ...timeOptions,
  ...attributeOptions,
  unsafe_writes: unsafeWrites,
}

type FileInput = Input<typeof options>

/** Manages paths. */
export const file = state({
  name: 'ansible.builtin.file',
  summary: 'Makes a path be a folder, a link, a file or nothing, and sets its attributes.',
  options,
  readsAgain: true,
  prepare: (_input, { diff }) => ({ diff }),
  reads(input, { diff }, known) {
    const questions = attributeQuestions(input)
    const within = input.src === undefined || input.state === 'link' || input.state === 'absent' ? undefined : join(input.path, input.src.split('/').at(-1)!)
    const entry = known['entry'] as PathState | undefined
    return {
      entry: pathRead(input.path, questions),
      target: pathRead(input.path, { ...questions, follow: true }),
      ...(input.state === 'directory' || input.recurse ? ancestorReads(input.path) : {}),
      ...(input.recurse && recurseReads(input.path, input, input.follow)),
      ...(within !== undefined && { withinEntry: pathRead(within, questions), withinTarget: pathRead(within, { ...questions, follow: true }) }),
      ...(input.src !== undefined && { source: pathRead(sourcePath(input), { follow: true }) }),
      ...(input.state === 'link' && entry?.exists && entry.type === 'directory' && { inFolder: treeRead(input.path, { depth: 1 }) }),
      ...(diff && input.state === 'absent' && entry?.exists && entry.type === 'directory' && { goes: treeRead(input.path) }),
      ...timeReads(input),
      ...ownerReads(input),
    }
  },
  plan(input, state) {
    const planned = { ...plan(input, state), doubts: ownerDoubts(input, state) }
    const { current, wanted } = meant(input, state)
    return planned.fail === undefined ? planned : { ...planned, result: { state: current.exists ? stateOf(current) : 'absent', ...pathAndSource(input, current.path, wanted) } }
  },
  result(input, before, { after }, { diff }) {
    const { current, wanted } = meant(input, (after ?? before))
    return {
      ...(diff && { diff: diffOf(input, before) }),
      ...pathResult(current),
      ...pathAndSource(input, current.path, wanted),
      ...(input.src === undefined && wanted === 'link' && current.exists && { src: current.target }),
    }
  },
})

function pathAndSource({ src }: FileInput, path: string, wanted: NonNullable<FileInput['state']>): Record<string, Plain> {
  return { [wanted === 'touch' || wanted === 'hard' || wanted === 'link' ? 'dest' : 'path']: path, ...(src !== undefined && { src }) }
}

/** A relative source of a link counts from the link's folder, one of a hard link from the session's. */
function sourcePath({ src = '', path, state }: FileInput): string {
  return state === 'hard' || /^[/~$]/.test(src) ? src : join(parentOf(path), src)
}

/** The path that is meant, and what it shall be. */
function meant(input: FileInput, state: Known): { readonly current: PathState; readonly wanted: NonNullable<FileInput['state']> } {
  const { entry, target, withinEntry, withinTarget } = state as Record<string, PathState | undefined>
  const inside = withinEntry !== undefined && target!.exists && target!.type === 'directory'
  const [itself, leadsTo] = inside ? [withinEntry, withinTarget!] : [entry!, target!]
  const wanted = input.state ?? (itself.exists ? stateOf(itself) : input.recurse ? 'directory' : 'file')
  const followed = input.follow && itself.exists && itself.type === 'link' && (wanted === 'file' || wanted === 'directory' || (wanted === 'touch' && leadsTo.exists))
  return { current: followed ? { ...leadsTo, path: leadsTo.realPath } : itself, wanted: wanted }
}

function diffOf(input: FileInput, state: Known): ReturnType<typeof fileDiff> {
  const { current, wanted } = meant(input, state)
  const times = compareTimes(timesOf(input, state, wanted === 'touch' ? 'now' : 'preserve'), current.exists ? current : undefined)
  return fileDiff(current, { ...input, state: wanted, target: input.src, times }, state['goes'] as Tree | undefined)
}

function plan(input: FileInput, state: Known): Plan {
  const { current, wanted } = meant(input, state)
  if (input.path === '' && wanted !== 'absent') return { fail: 'file () is absent, cannot continue' }
  if (input.recurse && wanted !== 'directory') return { fail: "recurse option requires state to be 'directory'" }
  if (input.src !== undefined && wanted !== 'link' && wanted !== 'hard') return { fail: "src option requires state to be 'link' or 'hard'" }
  switch (wanted) {
    case 'absent':
      return absent(current)
    case 'directory':
      return directory(input, current, state)
    case 'link':
      return withTimes(input, state, current, link(input, current, state))
    case 'hard':
      return withTimes(input, state, current, planHardLink(current, state['source'] as PathState | undefined, input))
    case 'touch':
      return touch(input, current, state)
    case 'file':
      return existing(input, current, state)
  }
}

function absent(current: PathState): Plan {
  if (!current.exists) return {}
  const folder = current.type === 'directory'
  return {
    changes: [
      {
        summary: `${current.path}: remove the ${current.type === 'directory' ? 'folder' : current.type}`,
        writes: current.type === 'link' ? [pathResource(current.path)] : resourcesOf(current),
        steps: [{ argv: ['rm', folder ? '-rf' : '-f', '--', current.path] }],
        leaves: [{ kind: 'path', path: imaginedPath(current), state: null }],
      },
    ],
  }
}

function existing(input: FileInput, current: PathState, state: Known): Plan {
  if (!current.exists) return { fail: `file (${current.path}) is absent, cannot continue` }
  if (current.type !== 'file') return { fail: `file (${current.path}) is ${stateOf(current)}, cannot continue` }
  return withTimes(input, state, current, { changes: some(attributesOnly(current, input)) })
}

function directory(input: FileInput, current: PathState, state: Known): Plan {
  if (!current.exists) return withTimes(input, state, current, { changes: [makeDirectories([...missingAbove(input.path, state), current], input)] })
  if (current.type !== 'directory') return { fail: `${current.path} already exists as a ${current.type}` }
  const below = input.recurse ? planRecurse(current, input, state['below'] as Tree, state['behind'] as Tree | undefined) : undefined
  return withTimes(input, state, current, { changes: [...some(attributesOnly(current, input)), ...some(below)] })
}

function link(input: FileInput, current: PathState, state: Known): Plan {
  const { src, force, follow } = input
  const source = state['source'] as PathState | undefined
  if (src === undefined) {
    if (!current.exists || current.type !== 'link') return { fail: 'src is required for creating new symlinks' }
    const target = state['target'] as PathState
    if (!follow) return { changes: some(attributesOnly(current, input)) }
    return target.exists ? { changes: some(attributesOnly({ ...target, path: target.realPath }, input)) } : { warnings: [`${current.path} leads nowhere, so there is nothing to set attributes of`] }
  }
  if (!force && source?.exists === false && !source.uncertain) return { fail: `src file does not exist, use 'force=yes' if you really want to create the link: ${source.path}` }
  if (current.exists && current.type === 'directory' && force && (state['inFolder'] as Tree).entries.length > 0)
    return { fail: `the directory ${current.path} is not empty, refusing to convert it` }
  if (!follow) return planLink(current, src, input)
  // Attributes are meant for what the link leads to.
  const linked = planLink(current, src, { force })
  return { ...linked, changes: [...(linked.changes ?? []), ...(linked.fail === undefined && source?.exists ? some(attributesOnly({ ...source, path: source.realPath }, input)) : [])] }
}

function touch(input: FileInput, current: PathState, state: Known): Plan {
  if (!current.exists) {
    const empty = new Uint8Array()
    const made = writeFile(current, { content: empty, checksum: sha1(empty), wanted: input, unsafeWrites: input.unsafe_writes })
    return withTimes(input, state, current, { changes: some(made) })
  }
  return withTimes(input, state, current, { changes: some(attributesOnly(current, input)) }, 'now')
}

/** Adds the times that the task wants; they come last, because everything else changes them. */
function withTimes(input: FileInput, state: Known, current: PathState, plan: Plan, usual: 'now' | 'preserve' = 'preserve'): Plan {
  if (plan.fail !== undefined) return plan
  const times = compareTimes(timesOf(input, state, usual), current.exists ? current : undefined)
  const lines = timeLines(times)
  if (lines.length === 0) return plan
  const change: Change = { summary: `${current.path}: ${lines.join(', ')}`, writes: resourcesOf(current), steps: timeSteps(current.path, times), leaves: timesLeft(current, times) }
  return { ...plan, changes: [...(plan.changes ?? []), change] }
}

function some(change: Change | undefined): readonly Change[] {
  return change ? [change] : []
}
