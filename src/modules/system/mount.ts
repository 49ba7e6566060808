/** ansible.posix.mount: entries of fstab, and what is mounted. */
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import { pathResource } from '../../probe/resource.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { sh, type Change, type Plan, type Step } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { ancestorReads, makeDirectories, missingAbove } from '../files/directories.ts'
import { backupName, editedFile, editReads, isPlan, planEdit, systemFile, type EditInput } from '../files/edit.ts'
import { withEntry, withoutEntry } from './fstab.ts'

const STATES = ['absent', 'absent_from_fstab', 'mounted', 'present', 'unmounted', 'remounted', 'ephemeral'] as const

const options = {
  path: required(path('Where it is mounted.', { aliases: ['name'] })),
  src: path('What is mounted.'),
  fstype: text('The type of file system.'),
  opts: text('Mount options, with commas.'),
  opts_no_log: defaulting(flag('The options hold a secret.'), false),
  dump: defaulting(text('For dump.'), '0'),
  passno: defaulting(text('For fsck.'), '0'),
  boot: defaulting(flag('It is mounted when the machine starts; otherwise it has the option noauto.'), true),
  fstab: text('The file; /etc/fstab unless given.'),
  backup: defaulting(flag('Keeps fstab as it was.'), false),
  state: required(oneOf(STATES, 'present and absent_from_fstab are about fstab only, unmounted, remounted and ephemeral about what is mounted, mounted and absent about both.')),
} as const

type MountInput = Input<typeof options>

const MOUNTS = shellRead('cat /proc/self/mountinfo', ['path:/proc/self/mountinfo'])

export const mount = state({
  name: 'ansible.posix.mount',
  summary: 'Mounts file systems, and keeps fstab.',
  options,
  rules: { requiredIf: [['state', 'mounted', ['src', 'fstype']], ['state', 'present', ['src', 'fstype']], ['state', 'ephemeral', ['src', 'fstype']]] },
  reads: (input, _prepared, known: Known) => ({
    ...editReads(fstabOf(input), known),
    point: pathRead(input.path, { follow: true }),
    mounts: MOUNTS,
    ...((input.state === 'mounted' || input.state === 'ephemeral') && (known['point'] as PathState | undefined)?.exists === false && ancestorReads(`${input.path}/x`)),
  }),
  plan: (input, known) => plan(input, known),
  failure: (_input, _known, { stderr }) => ({ msg: stderr.toString() }),
  result(input, _known, { replies }) {
    const { path, src, fstype, dump, passno, boot, opts_no_log: secret } = input
    return {
      name: path, dump, passno, fstab: fileOf(input), boot: boot ? 'yes' : 'no', backup_file: backupName(fstabOf(input), replies),
      ...(secret ? {} : { opts: optsOf(input) }),
      ...(src !== undefined && { src }), ...(fstype !== undefined && { fstype }),
    }
  },
})

const fileOf = ({ fstab }: MountInput): string => fstab ?? '/etc/fstab'
const fstabOf = (input: MountInput): EditInput => systemFile(fileOf(input), { backup: input.backup })

function optsOf({ opts = 'defaults', boot }: MountInput): string {
  return boot || opts.split(',').includes('noauto') ? opts : `${opts},noauto`
}

function plan(input: MountInput, known: Known): Plan {
  const { state, src = '', path } = input
  const warnings = input.boot && optsOf(input).split(',').includes('noauto') ? ["Ignore the 'boot' due to 'opts' contains 'noauto'."] : []
  const mounted = sourceOf(known, path)
  const point = known['point'] as PathState
  if (state === 'unmounted') return { changes: mounted === undefined ? [] : [unmount(path, known)], warnings }
  if (state === 'remounted') return { changes: [remount(input)], warnings }
  if (state === 'ephemeral') {
    if (mounted !== undefined && mounted !== src) return { fail: `${path} is mounted with another source (${mounted}): unmount it first` }
    return { changes: mounted === undefined ? [...folders(input, known), mounting(input, known, undefined, [])] : [remount(input)], warnings }
  }
  const edited = editedFile(fstabOf(input), known)
  if (isPlan(edited)) return edited
  const before = edited.text ?? ''
  const after = state === 'absent' || state === 'absent_from_fstab' ? withoutEntry(before, { name: path, src: input.src }) : withEntry(before, entryOf(input))
  const writing = after === before ? [] : planEdit(fstabOf(input), edited, after, known)
  switch (state) {
    case 'present':
    case 'absent_from_fstab':
      return { changes: writing, warnings }
    case 'absent':
      return { changes: writing.length === 0 ? [] : [...writing, ...(mounted === undefined ? [] : [unmount(path, known)]), ...(point.exists ? [removeFolder(path)] : [])], warnings }
    case 'mounted': {
      if (mounted !== undefined) return { changes: writing.length === 0 ? [] : [...writing, remount(input)], warnings }
      const made = folders(input, known)
      return { changes: [...made, ...writing, mounting(input, known, before, point.exists ? [] : missingAbove(`${path}/x`, known).map((each) => each.path))], warnings }
    }
  }
}

function entryOf(input: MountInput): Parameters<typeof withEntry>[1] {
  const { src = '', path, fstype = '', dump, passno } = input
  return { src, name: path, fstype, opts: optsOf(input), dump, passno }
}

/** What is mounted at a path, from /proc/self/mountinfo: the device, or the folder of a bind mount. */
function sourceOf(known: Known, path: string): string | undefined {
  const lines = mountLines(known)
  const found = lines[lastAt(lines, path, known)]?.split(' ')
  if (found === undefined) return undefined
  const root = unescape(found[3]!)
  return root === '/' ? unescape(found.at(-2)!) : root
}

function mountLines(known: Known): readonly string[] {
  return (known['mounts'] as ShellResult).stdout.split('\n')
}

/** Where in mountinfo a path stands last; -1 where it does not. */
function lastAt(lines: readonly string[], path: string, known: Known): number {
  const { path: asked, realPath } = known['point'] as PathState
  return lines.findLastIndex((line) => [path, asked, realPath].includes(unescape(line.split(' ')[4] ?? '')))
}

/** What mountinfo says of a mount, as far as it is read here. */
function mountLine(input: MountInput): string {
  const { path, src = '', fstype = 'none' } = input
  const bound = optsOf(input).split(',').some((each) => each === 'bind' || each === 'rbind')
  const escaped = (text: string): string => text.replace(/[\s\\]/g, (each) => `\\${each.charCodeAt(0).toString(8).padStart(3, '0')}`)
  return `0 0 0:0 ${bound ? escaped(src) : '/'} ${escaped(path)} rw - ${fstype} ${escaped(src)} rw`
}

function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

function folders({ path }: MountInput, known: Known): readonly Change[] {
  return (known['point'] as PathState).exists ? [] : [makeDirectories(missingAbove(`${path}/x`, known), {})]
}

const writes = (path: string): Change['writes'] => ['path:/proc/self/mountinfo', pathResource(path)]

/** @param fstab its text before; it comes back, and the folders that were made go, when the mount fails */
function mounting(input: MountInput, known: Known, fstab: string | undefined, made: readonly string[]): Change {
  const step = sh(
    `file=$1 folders=$2 path=$3; shift 3
out=$(mount "$@" 2>&1 </dev/null) && exit
[ -z "$file" ] || cat >"$file"
printf '%s' "$folders" | sort -r | while IFS= read -r folder; do rmdir -- "$folder"; done
printf 'Error mounting %s: %s\\n' "$path" "$out" >&2
exit 1`,
    fstab === undefined ? '' : fileOf(input),
    made.map((each) => `${each}\n`).join(''),
    input.path,
    ...mountWords(input),
  )
  return { summary: `mount ${input.path}`, writes: [...writes(input.path), ...(fstab === undefined ? [] : [pathResource(fileOf(input))])], steps: [fstab === undefined ? step : { ...step, stdin: fstab }], leaves: [answered(MOUNTS, [...mountLines(known), mountLine(input)].join('\n'))] }
}

function mountWords(input: MountInput): readonly string[] {
  const { state, src = '', fstype = '', opts, path } = input
  if (state === 'ephemeral') return ['-t', fstype, ...(opts === undefined || opts === 'defaults' ? [] : ['-o', opts]), src, path]
  return [...otherFstab(input), path]
}

function otherFstab(input: MountInput): readonly string[] {
  return fileOf(input) === '/etc/fstab' ? [] : ['-T', fileOf(input)]
}

/** Where remounting is not possible it is unmounted and mounted; not when options were asked for, because those would be lost. */
function remount(input: MountInput): Change {
  const { state, opts, path } = input
  const remounted = state === 'remounted' && opts !== undefined && opts !== 'defaults'
  const words = state === 'ephemeral' ? ['-o', 'remount', ...mountWords(input)] : ['-o', remounted ? `remount,${opts}` : 'remount', ...otherFstab(input), path]
  const step: Step = remounted ? { argv: ['mount', ...words] } : sh('point=$1 count=$2; shift 2\nmount "$@" && exit\nshift "$count"\numount -- "$point" && mount "$@"', path, '2', ...words)
  return { summary: `remount ${path}`, writes: writes(path), steps: [step] }
}

function unmount(path: string, known: Known): Change {
  const lines = mountLines(known)
  return { summary: `unmount ${path}`, writes: writes(path), steps: [{ argv: ['umount', path] }], leaves: [answered(MOUNTS, lines.toSpliced(lastAt(lines, path, known), 1).join('\n'))] }
}

function removeFolder(path: string): Change {
  return { summary: `remove ${path}`, writes: [pathResource(path)], steps: [{ argv: ['rmdir', '--', path] }], leaves: [{ kind: 'path', path, state: null }] }
}
