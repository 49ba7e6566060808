/** apt's one-line sources: what a file of them says, and adding and removing a line as apt_repository does. */
import { PlonerunError } from '../../errors/plonerun-error.ts'

/** A line; those that are no source are kept as they are. */
interface Line {
  readonly isSource: boolean
  readonly enabled: boolean
  /** A source has single blanks only. */
  readonly text: string
  readonly comment: string
}

/** Files by their paths. */
export type SourceFiles = ReadonlyMap<string, string>

function parseLine(line: string): Line {
  const trimmed = line.trim()
  const enabled = !trimmed.startsWith('#')
  const [, text = '', comment = ''] = /^(#?[^#]*)(?:#(.*))?$/.exec(enabled ? trimmed : trimmed.slice(1)) ?? []
  const words = text.trim().split(/\s+/)
  const isSource = words[0] === 'deb' || words[0] === 'deb-src'
  return { isSource, enabled, text: isSource ? words.join(' ') : text.trim(), comment: comment.trim() }
}

function parseFile(text: string): readonly Line[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n').map(parseLine)
}

function print(lines: readonly Line[]): string {
  return lines.map(({ enabled, text, comment }) => `${enabled ? '' : '# '}${text}${comment === '' ? '' : ` # ${comment}`}\n`).join('')
}

/**
 * A source as it is compared.
 * @throws PlonerunError for what is none
 */
export function normaliseSource(repo: string): string {
  const { isSource, enabled, text } = parseLine(repo)
  if (!isSource || !enabled) throw new PlonerunError(`Invalid repository string: ${repo}`, { kind: 'task', hint: "A source is 'deb [OPTIONS] URL SUITE COMPONENTS' or 'ppa:OWNER/NAME'." })
  return text
}

/** Enables the source wherever it stands commented out; where it does not stand at all, it goes to the end of `file`. Gives the files that change. */
export function addSource(files: SourceFiles, source: string, file: string): SourceFiles {
  const found = [...files].filter(([, text]) => parseFile(text).some((line) => isThis(line, source)))
  if (found.length === 0) return new Map([[file, print([...(files.has(file) ? parseFile(files.get(file)!) : []), { isSource: true, enabled: true, text: source, comment: '' }])]])
  const disabled = found.filter(([, text]) => parseFile(text).some((line) => isThis(line, source) && !line.enabled))
  return new Map(disabled.map(([path, text]) => [path, print(parseFile(text).map((line) => (isThis(line, source) ? { ...line, enabled: true } : line)))]))
}

/** Removes the source wherever it is in use. Gives the files that change; an empty text is a file that goes away. */
export function removeSource(files: SourceFiles, source: string): SourceFiles {
  const using = [...files].filter(([, text]) => parseFile(text).some((line) => isThis(line, source) && line.enabled))
  return new Map(using.map(([path, text]) => [path, print(parseFile(text).filter((line) => !isThis(line, source) || !line.enabled))]))
}

function isThis(line: Line, source: string): boolean {
  return line.isSource && line.text === source
}

/** The file's name that a source's url gives: letters and digits of host and path, without a login. */
export function suggestedName(source: string): string {
  const words = source.replace(/\[[^\]]+\]/g, '').replace(/\w+:\/\//g, '').split(/\s+/)
  const address = words.find((word) => word !== '' && word !== 'deb' && word !== 'deb-src') ?? ''
  const bare = address.includes('@') ? address.slice(address.indexOf('@') + 1) : address
  return bare.split(/[^a-zA-Z0-9]+/).filter((part) => part !== '').join('_')
}
