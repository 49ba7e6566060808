/** The words of a call of rsync, and what it says it did. */
import { splitWords } from '../../shell/words.ts'

/** What synchronize takes that rsync takes too. */
export interface RsyncInput {
  readonly archive: boolean
  readonly checksum: boolean
  readonly compress: boolean
  readonly copy_links: boolean
  readonly delay_updates: boolean
  readonly delete: boolean
  readonly dirs: boolean
  readonly existing_only: boolean
  readonly partial: boolean
  readonly recursive: boolean | undefined
  readonly links: boolean | undefined
  readonly perms: boolean | undefined
  readonly times: boolean | undefined
  readonly owner: boolean | undefined
  readonly group: boolean | undefined
  readonly rsync_timeout: number
  readonly rsync_opts: readonly string[]
  readonly link_dest: readonly string[] | undefined
}

/** In front of a line about a file. */
const MARKER = '<<CHANGED>>'
const LINE = new RegExp(`^${MARKER}(\\*deleting|\\S{2}.{9}) +(.*)$`)

/** The options; the place of both ends comes behind them. Ansible gives the same. */
export function rsyncOptions(input: RsyncInput): readonly string[] {
  const when = (condition: boolean, ...words: readonly string[]): readonly string[] => (condition ? words : [])
  return [
    ...when(input.delay_updates, '--delay-updates', '-F'),
    ...when(input.compress, '--compress'),
    ...when(input.rsync_timeout > 0, `--timeout=${input.rsync_timeout}`),
    ...when(input.delete, '--delete-after'),
    ...when(input.existing_only, '--existing'),
    ...when(input.checksum, '--checksum'),
    ...when(input.copy_links, '--copy-links'),
    ...when(input.archive, '--archive'),
    ...(['recursive', 'links', 'perms', 'times', 'owner', 'group'] as const).flatMap((name) => when(input[name] === !input.archive, input.archive ? `--no-${name}` : `--${name}`)),
    ...when(input.dirs, '--dirs'),
    ...input.rsync_opts.flatMap((option) => (option === '' ? [''] : splitWords(option))),
    ...when(input.partial, '--partial'),
    // Without -vv rsync says nothing of a file that only became a link.
    ...(input.link_dest === undefined ? [] : ['-H', '-vv', ...input.link_dest.map((path) => `--link-dest=${path}`)]),
    `--out-format=${MARKER}%i %n%L`,
  ]
}

/** The call with one more option that rsync understands wherever it stands. */
export function rehearsal(argv: readonly string[]): readonly string[] {
  return [argv[0]!, '--dry-run', ...argv.slice(1)]
}

export interface RsyncChange {
  /** rsync's eleven letters for what differs: `>f.st......`; `*deleting`. */
  readonly letters: string
  readonly name: string
}

/** What it changes, or would change. With -vv it also tells what stays as it is. */
export function rsyncChanges(output: string): readonly RsyncChange[] {
  return output.split('\n').flatMap((line) => {
    const [, letters, name] = LINE.exec(line) ?? []
    return letters === undefined || /^\..\s*$/.test(letters) ? [] : [{ letters, name: name! }]
  })
}

/** The output as a person reads it. */
export function withoutMarkers(output: string): string {
  return output.replaceAll(MARKER, '')
}

/** What is at the destination of all that changes, before and after. */
export function rsyncDiff(changes: readonly RsyncChange[]): { readonly before: string; readonly after: string } {
  const lines = (wanted: (letters: string) => boolean, line: (change: RsyncChange) => string): string =>
    changes.filter(({ letters }) => wanted(letters)).map((change) => `${line(change)}\n`).join('')
  return {
    before: lines((letters) => !isNew(letters), ({ name }) => name),
    after: lines((letters) => letters !== '*deleting', ({ letters, name }) => (isNew(letters) ? name : `${name} (${whatDiffers(letters)})`)),
  }
}

function isNew(letters: string): boolean {
  return letters.endsWith('+')
}

const ATTRIBUTES: Readonly<Record<string, string>> = { c: 'content', s: 'size', t: 'time', T: 'time', p: 'mode', o: 'owner', g: 'group', a: 'access list', x: 'attributes' }

function whatDiffers(letters: string): string {
  return letters.slice(2).split('').flatMap((letter) => ATTRIBUTES[letter] ?? []).join(', ') || 'content'
}
