/** YAML 1.1 as Ansible reads it, into values that know where they stand. */
import { LineCounter, parseAllDocuments } from 'yaml'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import type { Value } from '../values/value.ts'
import { yamlHint } from './yaml-hint.ts'
import { convertNode, type YamlOptions } from './yaml-nodes.ts'

/**
 * The one document of a text. Mappings become dicts and lists arrays, whose places `positionOf` tells;
 * strings with template marks become Templates, except keys and what is tagged `!unsafe`; `!vault` gives a Secret.
 * An empty text is null. Throws a PlonerunError for what is not YAML.
 */
export function parseYaml(text: string, file: string, options: YamlOptions = {}): Value {
  const { source, lines, documents, error } = parse(text)
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  if (error !== undefined) {
    const where = at(Math.min(error.pos[0], Math.max(source.length - 1, 0)))
    throw new PlonerunError('this is not valid YAML', { where, why: decapitalise(error.message), hint: yamlHint(source, where.line) ?? (error.code === 'MISSING_CHAR' ? 'a bracket or quote that was opened before this is never closed' : undefined) })
  }
  const [document, second] = documents
  if (second !== undefined) throw new PlonerunError('a second YAML document starts here, one was expected', { where: at(second.range[0]) })
  return document?.contents == null ? null : convertNode(document.contents, { text: source, at }, options)
}

/** Parses; where YAML 1.2 is stricter than what Ansible takes, the text is bent until it fits. */
function parse(text: string) {
  const first = attempt(text)
  let last = first
  for (let end = -1; last.error?.code === 'MISSING_CHAR' && last.error.pos[0] > end; ) {
    end = last.error.pos[0]
    const source = indentQuoted(last.source, end)
    if (source === undefined) break
    last = attempt(source)
  }
  return last.error === undefined ? last : first
}

function attempt(source: string) {
  const lines = new LineCounter()
  const documents = parseAllDocuments(source, { version: '1.1', schema: 'failsafe', uniqueKeys: false, prettyErrors: false, lineCounter: lines, logLevel: 'silent' })
  const error = documents.find(({ errors }) => errors.length > 0)?.errors[0]
  return { source, lines, documents, error }
}

/**
 * Ansible lets a quoted text go on at any indentation, YAML 1.2 ends it at a line that is indented too little.
 * Indents the lines up to the closing quote, which changes neither the text's value nor any line number.
 * @param end where the parser gave the text up; its next line is the one that is indented too little
 */
function indentQuoted(source: string, end: number): string | undefined {
  const next = source.indexOf('\n', end) + 1
  const stop = /['"]/.exec(source.slice(next))
  if (next === 0 || stop === null) return undefined
  const close = next + stop.index
  const deep = ' '.repeat(200)
  return source.slice(0, next) + deep + source.slice(next, close).replaceAll('\n', `\n${deep}`) + source.slice(close)
}

function decapitalise(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}
