/** assemble: puts the files of a folder together to one. */
import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead, type FileContent } from '../../probe/content.ts'
import type { Read } from '../../probe/read.ts'
import { treeRead, type Tree } from '../../probe/tree.ts'
import { textToBytes } from '../../values/bytes.ts'
import { failureMessage } from '../contract/failure.ts'
import { state, type Controller, type Known } from '../contract/module.ts'
import { defaulting, flag, path, required, text, type Input } from '../contract/option.ts'
import { attributeOptions, unsafeWrites } from './attributes.ts'
import { searcher } from './lines.ts'
import { planSingle, readsOfSingle, resultOfSingle, type SingleFile, type SingleInput } from './single-file.ts'
import { contentDiff, sha1 } from './write-file.ts'

const options = {
  src: required(path('Folder of the fragments.')),
  dest: required(path('The file that they become.')),
  delimiter: text('Stands between two fragments.'),
  regexp: text('Only fragments whose names match.'),
  ignore_hidden: defaulting(flag('Leaves out names with a dot in front.'), false),
  remote_src: defaulting(flag('The folder is on the host.'), true),
  decrypt: defaulting(flag('Decrypts fragments on the controller that are vaults.'), true),
  backup: defaulting(flag('Keeps the file that was there under a name with the time.'), false),
  validate: text('Command that accepts the new file, named %s.'),
  ...attributeOptions,
  unsafe_writes: unsafeWrites,
}

type AssembleInput = Input<typeof options>

interface Prepared {
  /** What the controller has; undefined when the host has it. */
  readonly content?: Buffer
  readonly diff: boolean
}

/** Assembles a file from fragments. */
export const assemble = state({
  name: 'ansible.builtin.assemble',
  summary: 'Puts the files of a folder together to one file.',
  options,
  readsAgain: true,
  prepare,
  reads(input, prepared, known) {
    if (prepared.content) return readsOfSingle(asSingle(input), fileOf(prepared.content, prepared), known)
    const reads: Record<string, Read<unknown>> = { folder: treeRead(input.src, { follow: true, depth: 1 }) }
    const folder = known['folder'] as Tree | undefined
    if (!folder) return { ...reads, ...readsOfSingle(asSingle(input), fileOf(Buffer.alloc(0), { diff: false }), {}) }
    for (const name of namesOf(folder, input)) reads[`fragment ${name}`] = contentRead(`${folder.path}/${name}`)
    const content = assembled(input, known)
    return { ...reads, ...readsOfSingle(asSingle(input), fileOf(content ?? Buffer.alloc(0), { diff: prepared.diff && content !== undefined }), known) }
  },
  plan(input, state, prepared) {
    const known = state as Known
    const folder = known['folder'] as Tree | undefined
    if (folder?.exists === false) return { fail: `Source (${input.src}) does not exist` }
    const unreadable = Object.entries(known).find(([key, read]) => key.startsWith('fragment ') && (read as FileContent).bytes === null)
    if (unreadable) return { fail: `${input.src}/${unreadable[0].slice('fragment '.length)} is ${(unreadable[1] as FileContent).why ?? 'unreadable'}` }
    const content = prepared.content ?? assembled(input, known) ?? Buffer.alloc(0)
    return planSingle(asSingle(input), fileOf(content, prepared), known)
  },
  failure: (_input, _known, failed) => failureMessage(failed),
  result(input, state, outcome, prepared) {
    const content = prepared.content ?? assembled(input, state) ?? Buffer.alloc(0)
    const { path: _path, ...single } = resultOfSingle(asSingle(input), fileOf(content, prepared), state, outcome)
    const diff = contentDiff(input.dest, (state as Known)['before'] as FileContent | undefined, content)
    return { ...(diff && { diff: { before: diff.before, after: diff.after, before_header: diff.beforeHeader, after_header: diff.afterHeader } }), ...single, md5sum: createHash('md5').update(content).digest('hex'), src: input.src, ...(input.remote_src && { msg: 'OK' }) }
  },
})

function prepare(input: AssembleInput, controller: Controller): Prepared {
  const { diff } = controller
  if (input.remote_src) return { diff }
  const folder = controller.findFile('files', input.src)
  if (!statSync(folder).isDirectory()) throw new PlonerunError(`Source (${folder}) is not a directory`, { where: controller.position })
  const names = readdirSync(folder).filter((name) => isWanted(name, input) && statSync(`${folder}/${name}`).isFile()).sort()
  return { content: join(names.map((name) => controller.readFile(`${folder}/${name}`, { decrypt: input.decrypt })), input.delimiter), diff }
}

/** A link at the destination stays, and what it leads to is written. */
function asSingle(input: AssembleInput): SingleInput {
  return { ...input, follow: true, force: true }
}

function fileOf(content: Buffer, { diff }: Prepared): SingleFile {
  return { source: null, name: null, content, checksum: sha1(content), secret: false, diff }
}

function isWanted(name: string, { regexp, ignore_hidden }: AssembleInput): boolean {
  return !(ignore_hidden && name.startsWith('.')) && (regexp === undefined || searcher(regexp)(name) !== null)
}

function namesOf(folder: Tree, input: AssembleInput): readonly string[] {
  return folder.entries
    .filter(({ type }) => type === 'file')
    .map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
    .filter((name) => isWanted(name, input))
    .sort()
}

/** undefined while not all fragments are known. */
function assembled(input: AssembleInput, state: Known): Buffer | undefined {
  const contents = namesOf(state['folder'] as Tree, input).map((name) => (state[`fragment ${name}`] as FileContent | undefined)?.bytes)
  return contents.every((content) => content) ? join(contents as Buffer[], input.delimiter) : undefined
}

/** A fragment begins on a line of its own, and so does what follows the delimiter. */
function join(fragments: readonly Buffer[], delimiter = ''): Buffer {
  const between = textToBytes(unescape(delimiter))
  const newline = Buffer.from('\n')
  const parts: Buffer[] = []
  for (const [index, fragment] of fragments.entries()) {
    const before = fragments[index - 1]
    if (before && before.at(-1) !== 10) parts.push(newline)
    if (before && between.length > 0) parts.push(between, ...(between.at(-1) === 10 ? [] : [newline]))
    parts.push(fragment)
  }
  return Buffer.concat(parts)
}

/** `\n`, `\t` and their kind stand for what they mean. */
function unescape(text: string): string {
  const meaning: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' }
  return text.replace(/\\([ntr\\])/g, (_, letter: string) => meaning[letter]!)
}
