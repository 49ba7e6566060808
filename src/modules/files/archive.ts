/** community.general.archive: packs files of the host into an archive there, or compresses one of them. */
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { treeRead, type Tree } from '../../probe/tree.ts'
import { hostWord } from '../../probe/host-path.ts'
import { quote } from '../../shell/quote.ts'
import { isPattern, patternWord } from '../commands/words.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { attributeOptions, attributeQuestions, unsafeWrites } from './attributes.ts'
import { parentOf } from './destination.ts'
import { glob } from './glob.ts'
import { compressing, FORMATS, holdsContent, holdsTheSame, packing, PROGRAMS } from './pack.ts'
import { pathResult } from './path-result.ts'
import { resourcesOf, writeFile } from './write-file.ts'

const options = {
  path: required(list(path('A file, a folder or a pattern.'), 'What is packed.')),
  format: defaulting(oneOf(FORMATS, 'How; a single file is only compressed, except by tar and zip.'), 'gz'),
  dest: path('The archive; without it, that of a single file stands beside it.'),
  exclude_path: defaulting(list(path('A path or pattern.'), 'What of path is left out.'), []),
  exclusion_patterns: defaulting(list(text('A pattern.'), 'Names in the archive, or whole paths for zip, that are left out.'), []),
  force_archive: defaulting(flag('Makes an archive of a single file too.'), false),
  remove: defaulting(flag('Removes what has been packed.'), false),
  ...attributeOptions,
  unsafe_writes: unsafeWrites,
}

type ArchiveInput = Input<typeof options>

/** What is to be packed, as far as its paths say. */
interface Wanted {
  readonly expanded: readonly string[]
  readonly excluded: readonly string[]
  readonly paths: readonly string[]
  /** The folder that names in the archive start from. */
  readonly root: string
  /** An archive, and not a single file that is compressed. */
  readonly asArchive: boolean
  readonly dest: string | undefined
}

export const archive = state({
  name: 'community.general.archive',
  summary: 'Packs files of the host into an archive, or compresses one; the host needs the program of the format (zip, xz, bzip2).',
  options,
  readsAgain: true,
  reads,
  plan,
  result(input, known: Known, { changed, after = known }) {
    const { expanded, excluded, root, asArchive, dest = '' } = wantedOf(input, known)
    const { there, missing } = targetsOf(input, known)
    const at = after['dest'] as PathState
    const kind = isSingle(input, asArchive) ? 'compress' : 'archive'
    const found = /\.(tar|tar\.(gz|bz2|xz)|tgz|tbz2|zip)$/i.test(dest) ? 'archive' : 'compress'
    return {
      ...pathResult(at),
      archived: there.length === 0 ? [] : kind === 'compress' ? there : packedPaths(input, known),
      dest,
      dest_state: there.length === 0 ? (at.exists ? found : 'absent') : missing.length > 0 ? 'incomplete' : kind,
      arcroot: root,
      missing,
      expanded_paths: expanded,
      expanded_exclude_paths: excluded,
      changed,
    }
  },
})

/** What patterns stand for first; then what is there; then whether the archive holds it already. */
function reads(input: ArchiveInput, _prepared: unknown, known: Known): Record<string, Read<unknown>> {
  const all: Record<string, Read<unknown>> = {
    paths: expandedRead(input.path),
    excluded: expandedRead(input.exclude_path),
    program: shellRead(`command -v ${PROGRAMS[input.format]}`, ['package:*']),
  }
  if (known['paths'] === undefined) return all
  const { paths, dest } = wantedOf(input, known)
  if (dest === undefined) return all
  all['dest'] = pathRead(dest, { ...attributeQuestions(input), follow: true })
  all['parent'] = pathRead(parentOf(dest), { follow: true })
  for (const each of paths) {
    all[`at ${each}`] = pathRead(each)
    all[`below ${each}`] = treeRead(each)
  }
  if (known['dest'] === undefined || targetsOf(input, known).there.length === 0) return all
  all['same'] = sameRead(input, known)
  return all
}

/** Whether the archive holds it already. Asked also where there is none yet, so that the questions after the change are those before it. */
function sameRead(input: ArchiveInput, known: Known): Read<ShellResult> {
  const { paths, asArchive, root } = wantedOf(input, known)
  const { path: place } = known['dest'] as PathState
  const same = isSingle(input, asArchive) ? holdsContent(input.format, paths[0]!, place) : holdsTheSame(input.format, root, namesOf(input, known), place)
  return shellRead(`[ -f ${quote(place)} ] && {\n${same}\n}`, [...paths, place].map(pathResource))
}

/** It is only compressed. */
function isSingle({ format }: ArchiveInput, asArchive: boolean): boolean {
  return !asArchive && format !== 'zip' && format !== 'tar'
}

function expandedRead(paths: readonly string[]): Read<ShellResult> {
  const lines = paths.map((each) => (isPattern(each) ? `for f in ${patternWord(each)}; do if [ -e "$f" ] || [ -L "$f" ]; then printf '%s\\n' "$f"; fi; done` : `printf '%s\\n' ${hostWord(each)}`))
  const folders = paths.filter(isPattern).map((each) => each.slice(0, each.search(/[^/]*[*?[]/)))
  return shellRead(['true', ...lines].join('\n'), folders.map((folder) => (folder.startsWith('/') ? pathResource(folder) : 'anything')))
}

function wantedOf({ path: given, format, dest, force_archive }: ArchiveInput, known: Known): Wanted {
  const [expanded, excluded] = ['paths', 'excluded'].map((key) => (known[key] as ShellResult).stdout.split('\n').filter((line) => line !== ''))
  const paths = [...new Set(expanded)].filter((each) => !excluded!.includes(each)).sort()
  const first = paths[0] ?? ''
  const at = known[`at ${first}`] as PathState | undefined
  const asArchive = force_archive || given.some(isPattern) || paths.length > 1 || first.endsWith('/') || (at?.exists === true && at.type === 'directory')
  return { expanded: expanded!, excluded: excluded!, paths, root: commonFolder(paths), asArchive, dest: dest ?? (paths.length === 1 ? `${first}.${format}` : undefined) }
}

/** The folder that all are in, with a slash behind it. */
function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths.map((each) => each.slice(0, each.lastIndexOf('/') + 1))
  let length = first.length
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--
  return first.slice(0, first.slice(0, length).lastIndexOf('/') + 1)
}

function targetsOf(input: ArchiveInput, known: Known): { readonly there: readonly string[]; readonly missing: readonly string[] } {
  const { paths } = wantedOf(input, known)
  const isThere = (each: string): boolean => (known[`at ${each}`] as PathState).exists
  return { there: paths.filter(isThere), missing: paths.filter((each) => !isThere(each)) }
}

/** Of folders what is below them, of all others themselves; without what patterns leave out, and without the archive. */
function packedPaths(input: ArchiveInput, known: Known): readonly string[] {
  const { root, dest } = wantedOf(input, known)
  const unwanted = input.exclusion_patterns.map(glob)
  return targetsOf(input, known)
    .there.flatMap((each) => {
      const { type } = known[`at ${each}`] as { readonly type: string }
      return type === 'directory' ? (known[`below ${each}`] as Tree).entries.map(({ path: below }) => below) : [each]
    })
    .filter((each) => each !== dest && !unwanted.some((pattern) => pattern.test(input.format === 'zip' ? each : each.slice(root.length))))
    .sort()
}

function namesOf(input: ArchiveInput, known: Known): readonly string[] {
  const { root } = wantedOf(input, known)
  return packedPaths(input, known).map((each) => each.slice(root.length))
}

function plan(input: ArchiveInput, known: Known): Plan {
  const { expanded, excluded, paths, root, asArchive, dest } = wantedOf(input, known)
  const about = { path: input.path.join(', ') }
  if (paths.length === 0) return { fail: 'Error, no source paths were found', result: { ...about, expanded_paths: expanded.join(', '), expanded_exclude_paths: excluded.join(', ') } }
  if (dest === undefined || (asArchive && input.dest === undefined)) return { fail: 'Error, must specify "dest" when archiving multiple files or trees', result: { ...about, dest: null } }
  if (input.remove && paths.some((each) => dest.startsWith(`${each.replace(/\/*$/, '')}/`))) return { fail: 'Error, created archive can not be contained in source paths when remove=true', result: about }
  const { there } = targetsOf(input, known)
  if (there.length === 0) return {}
  const [at, parent] = [known['dest'] as PathState, known['parent'] as PathState]
  if (at.exists && at.type === 'directory') return { fail: `${at.path} is a folder` }
  if (!parent.exists && !parent.uncertain) return { fail: `the folder ${parent.path} does not exist` }
  const { format } = input
  const program = PROGRAMS[format]
  if ((known['program'] as ShellResult).code !== 0) return { fail: `${program} was not found on the host: the format ${format} needs it` }
  const same = (known['same'] as ShellResult | undefined)?.code === 0
  const single = isSingle(input, asArchive)
  const names = namesOf(input, known)
  const content = single ? { printedBy: compressing(format, there[0]!), stdin: '' } : { printedBy: packing(format, root), stdin: names.map((name) => `${name}\n`).join('') }
  const checksum = at.exists && same ? (at.checksum ?? '') : 'another'
  const written = writeFile({ ...at, ...(at.exists && { checksum: at.checksum ?? '' }) }, { content, checksum, wanted: input, unsafeWrites: input.unsafe_writes })
  const packed = written && { ...written, leaves: [...(written.leaves ?? []), answered(sameRead(input, known), '')] }
  return { changes: [...(packed ? [packed] : []), ...(input.remove ? there.flatMap((each) => removal(each, known, packedPaths(input, known), single)) : [])] }
}

/** A folder goes as a whole, also with what was not packed. */
function removal(each: string, known: Known, packed: readonly string[], single: boolean): readonly Change[] {
  const at = known[`at ${each}`] as PathState
  const folder = at.exists && at.type === 'directory'
  if (!folder && !single && !packed.includes(each)) return []
  return [{ summary: `${at.path}: remove the ${folder ? 'folder' : 'file'} that is packed`, writes: resourcesOf(at), steps: [{ argv: ['rm', folder ? '-rf' : '-f', '--', each] }], leaves: [{ kind: 'path', path: at.realPath, state: null }] }]
}
