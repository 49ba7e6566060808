/** find: lists files by their names, age, size and content. */
import { state, type Known } from '../contract/module.ts'
import { contentRead, type FileContent } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { treeRead, type Tree, type TreeEntry } from '../../probe/tree.ts'
import { compileRegex } from '../../template/regex/translate.ts'
import { bytesToText } from '../../values/bytes.ts'
import type { Plain } from '../../values/value.ts'
import { decodeExactly } from './encoding.ts'
import { filterOf } from './find-filter.ts'
import { findOptions, type FindInput } from './find-options.ts'
import { statFields } from './stat.ts'

/** Lists files. */
export const find = state({
  name: 'ansible.builtin.find',
  summary: 'Lists files by their names, age, size and content.',
  options: findOptions,
  reads,
  plan(input, state) {
    if (input.limit !== undefined && input.limit <= 0) return { fail: `limit cannot be ${input.limit}` }
    const { skipped } = look(input, state)
    return { warnings: Object.entries(skipped).map(([path, why]) => `Skipped '${path}': ${why}`) }
  },
  result(input, state) {
    const { found, examined, skipped } = look(input, state)
    const limited = input.limit !== undefined && found.length >= input.limit
    return {
      files: found.map((entry) => describe(entry, input, state)),
      matched: found.length,
      examined,
      skipped_paths: skipped,
      msg: Object.keys(skipped).length > 0 ? 'Not all paths examined, check warnings for details' : limited ? 'Limit of matches reached' : 'All paths examined',
    }
  },
})

/** The lists first; then contents and checksums of what is left, where they are wanted. */
function reads(input: FindInput, _prepared: unknown, known: Known): Record<string, Read<unknown>> {
  const { paths, recurse, depth, follow, age, contains, file_type, get_checksum, checksum_algorithm } = input
  // What lies one level deeper is not listed, but counts as examined.
  const options = recurse ? (depth ? { depth: depth + 1 } : {}) : { depth: 1 }
  const all: Record<string, Read<unknown>> = age === undefined ? {} : { now: shellRead('date +%s', []) }
  for (const path of paths) {
    all[`tree ${path}`] = treeRead(path, options)
    if (follow) all[`behind ${path}`] = treeRead(path, { ...options, follow })
  }
  if (Object.keys(all).some((key) => !(key in known))) return all
  for (const { path, type } of candidates(input, known).found) {
    if (type !== 'file') continue
    if (contains !== undefined && file_type === 'file') all[`content ${path}`] = contentRead(path)
    if (get_checksum) all[`checksum ${path}`] = pathRead(path, { checksum: checksum_algorithm })
  }
  return all
}

interface Findings {
  readonly found: readonly TreeEntry[]
  readonly examined: number
  readonly skipped: Readonly<Record<string, string>>
}

function candidates(input: FindInput, state: Known): Findings {
  const matches = filterOf(input, Number((state['now'] as ShellResult | undefined)?.stdout))
  const found: TreeEntry[] = []
  const skipped: Record<string, string> = {}
  let examined = 0
  for (const path of input.paths) {
    const tree = state[`tree ${path}`] as Tree
    if (!tree.exists) skipped[path] = `'${path}' is not a directory`
    for (const [, where, why] of tree.problems.matchAll(/^find: ['\u2018]?(.*?)['\u2019]?: (.*)$/gm)) skipped[where!] = why!
    const entries = merge(tree, state[`behind ${path}`] as Tree | undefined)
    examined += entries.length
    const levels = ({ path: below }: TreeEntry): number => below.slice(tree.path.length).split('/').filter((part) => part !== '').length
    found.push(...entries.filter((entry) => (!input.recurse || !input.depth || levels(entry) <= input.depth) && matches(entry)))
  }
  return { found, examined, skipped }
}

function look(input: FindInput, state: Known): Findings {
  const { found, examined, skipped } = candidates(input, state)
  const unread: Record<string, string> = {}
  const matching = found.filter((entry) => {
    if (input.contains === undefined || input.file_type !== 'file') return true
    const answer = contains(input, entry.path, state[`content ${entry.path}`] as FileContent | undefined)
    if (typeof answer === 'boolean') return answer
    // It is told for the folder that was given.
    unread[input.paths.find((path) => entry.path.startsWith(`${(state[`tree ${path}`] as Tree).path}/`)) ?? entry.path] ??= answer.unread
    return false
  })
  return { found: matching.slice(0, input.limit), examined, skipped: { ...skipped, ...unread } }
}

/** Links are told as links, also where they were followed. */
function merge(tree: Tree, behind: Tree | undefined): readonly TreeEntry[] {
  const entries = new Map([...(behind?.entries ?? []), ...tree.entries].map((entry) => [entry.path, entry]))
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Whether the file has it, or why that cannot be told (in Ansible's words, which playbooks compare). Where no encoding is given any bytes will do. */
function contains({ contains: pattern = '', read_whole_file, encoding }: FindInput, path: string, content: FileContent | undefined): boolean | { readonly unread: string } {
  if (!content?.bytes) return false
  const decoded = encoding === undefined ? { text: bytesToText(content.bytes) } : decodeExactly(content.bytes, encoding)
  if ('wrong' in decoded) return { unread: decoded.wrong === 'encoding' ? `unknown encoding: ${encoding!}` : `Failed to read the file ${path} due to an encoding error. current encoding: ${encoding!}` }
  const { text } = decoded
  const regex = compileRegex(pattern, {}, !read_whole_file)
  const begins = (line: string): boolean => {
    regex.lastIndex = 0
    return regex.test(line)
  }
  return read_whole_file ? begins(text) : text.split(/(?<=\n)/).some(begins)
}

function describe(entry: TreeEntry, { get_checksum }: FindInput, state: Known): Readonly<Record<string, Plain>> {
  const checked = state[`checksum ${entry.path}`] as PathState | undefined
  return {
    path: entry.path,
    ...statFields(entry),
    pw_name: entry.owner === String(entry.uid) ? '' : entry.owner,
    gr_name: entry.group === String(entry.gid) ? '' : entry.group,
    ...(get_checksum && checked?.exists && checked.checksum !== undefined && { checksum: checked.checksum }),
  }
}
