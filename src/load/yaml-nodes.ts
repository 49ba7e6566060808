/** From the nodes of a YAML document to values: scalars, mappings, lists, anchors, merge keys and Ansible's tags. */
import { isAlias, isMap, isScalar, isSeq, type Alias, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { toFloat } from '../values/float.ts'
import { Secret } from '../values/secret.ts'
import { hasTemplateMarks, Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import { place, placesOf } from '../values/positions.ts'
import type { Warning } from './warning.ts'
import { yamlHint } from './yaml-hint.ts'
import { plainScalar, toNumber } from '../values/yaml-scalars.ts'

export interface YamlOptions {
  /** Decrypts the text of a `!vault` scalar; called when the value is first used. */
  readonly decrypt?: (vaultText: string, position: Position) => string
  /** The whole file was encrypted: its strings are secrets. */
  readonly secret?: boolean
  readonly warn?: (warning: Warning) => void
}

/** The text that the nodes were read from, and where its offsets are. */
interface Source {
  readonly text: string
  readonly at: (offset: number) => Position
}

const STANDARD = 'tag:yaml.org,2002:'

const KNOWN_TAGS = 'known are !vault, !unsafe and the standard tags such as !!str'

/** The value of a document's root. Throws a PlonerunError for unknown tags and anchors, and for keys that are no scalars. */
export function convertNode(root: ParsedNode, { text, at }: Source, { decrypt, secret = false, warn }: YamlOptions): Value {
  const anchors = new Map<string, Value>()
  const fail = (what: string, offset: number, hint?: string): never => {
    throw new PlonerunError(what, { where: at(offset), hint })
  }
  return convert(root, false)

  function convert(node: ParsedNode, unsafe: boolean): Value {
    if (isAlias(node)) return aliased(node)
    const plain = unsafe || node.tag === '!unsafe'
    const value = isScalar(node) ? scalar(node, plain) : collection(node, plain)
    if (node.anchor !== undefined) anchors.set(node.anchor, value)
    return value
  }

  function aliased(node: Alias.Parsed): Value {
    const value = anchors.get(node.source)
    return value === undefined ? fail(`there is no anchor &${node.source} before this`, node.range[0]) : value
  }

  function scalar(node: Scalar.Parsed, unsafe: boolean): Value {
    const content = node.source
    switch (node.tag) {
      case '!vault':
      case '!vault-encrypted':
        return new Secret(() => {
          if (decrypt === undefined) throw new PlonerunError('this value is encrypted, and no vault password was given', { where: at(node.range[0]) })
          return decrypt(content, at(node.range[0]))
        })
      case `${STANDARD}int`:
        return toNumber(content) ?? fail(`'${content}' is not a number`, node.range[0])
      case `${STANDARD}float`:
        return toFloat(Number(toNumber(content) ?? fail(`'${content}' is not a number`, node.range[0])))
      case `${STANDARD}null`:
        return null
      case `${STANDARD}bool`: {
        const value = plainScalar(content)
        return typeof value === 'boolean' ? value : fail(`'${content}' is neither true nor false`, node.range[0])
      }
      case `${STANDARD}binary`:
        return Buffer.from(content, 'base64').toString('utf8')
      case undefined:
      case '!unsafe': {
        const value = node.type === 'PLAIN' || node.type === undefined ? plainScalar(content) : content
        return typeof value === 'string' ? string(value, node, unsafe) : value
      }
      case '!':
      case `${STANDARD}str`:
        return string(content, node, unsafe)
      default:
        return fail(`the tag ${node.tag} is not known`, node.range[0], KNOWN_TAGS)
    }
  }

  function collection(node: YAMLMap.Parsed | YAMLSeq.Parsed, unsafe: boolean): Value {
    switch (node.tag) {
      case undefined:
      case '!':
      case '!unsafe':
      case `${STANDARD}map`:
      case `${STANDARD}seq`:
        return isMap(node) ? mapping(node, unsafe) : sequence(node, unsafe)
      case `${STANDARD}set`:
        // Python's sets become lists in variables.
        return isMap(node) ? [...mapping(node, unsafe).keys()] : fail('a !!set is a mapping of keys alone', node.range[0])
      case `${STANDARD}omap`:
      case `${STANDARD}pairs`:
        return sequence(node as YAMLSeq.Parsed, unsafe).map((pair) => (pair instanceof Map && pair.size === 1 ? [...pair].flat() : fail(`a ${node.tag!.replace(STANDARD, '!!')} is a list of mappings of one key each`, node.range[0])))
      default:
        return fail(`the tag ${node.tag} is not known`, node.range[0], KNOWN_TAGS)
    }
  }

  function string(content: string, node: Scalar.Parsed, unsafe: boolean): Value {
    if (!unsafe && hasTemplateMarks(content)) return new Template(content, at(contentStart(node, text)))
    return secret ? new Secret(content) : content
  }

  function sequence(node: YAMLSeq.Parsed, unsafe: boolean): Value[] {
    const items = node.items.map((item) => convert(item, unsafe))
    const starts = node.items.map((item) => item.range[0])
    const contents = node.items.map((item) => contentStart(item, text))
    const item = (offsets: readonly number[]) => (index: Value) => (typeof index === 'number' && index in offsets ? at(offsets[index]!) : undefined)
    place(items, { start: () => at(node.range[0]), key: item(starts), value: item(contents) })
    return items
  }

  function mapping(node: YAMLMap.Parsed, unsafe: boolean): Dict {
    const own: Dict = new Map()
    const keys = new Map<Value, number>()
    const contents = new Map<Value, number>()
    const merged: Dict[] = []
    for (const { key, value } of node.items) {
      const item = value === null ? null : convert(value, unsafe)
      if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<') {
        merged.push(...mergeSources(item, (value ?? key).range[0]))
        continue
      }
      const name = keyOf(key)
      if (own.has(name)) warn?.({ message: `Found duplicate mapping key '${text.slice(key.range[0], key.range[1])}': the last one holds`, position: at(key.range[0]), duplicateKey: true })
      own.set(name, item)
      keys.set(name, key.range[0])
      contents.set(name, contentStart(value ?? key, text))
    }
    const known = (offset: number | undefined) => (offset === undefined ? undefined : at(offset))
    const source = (key: Value) => placesOf(merged.find((candidate) => candidate.has(key)) ?? null)
    const dict = merged.length === 0 ? own : merge(merged, own)
    place(dict, {
      start: () => at(node.range[0]),
      key: (key) => known(keys.get(key)) ?? source(key)?.key(key),
      value: (key) => known(contents.get(key)) ?? source(key)?.value(key),
    })
    return dict
  }

  function keyOf(key: ParsedNode): Value {
    if (isAlias(key)) return aliased(key)
    if (isScalar(key) && key.tag !== undefined) return scalar(key, true)
    if (isScalar(key)) return key.type === 'PLAIN' ? plainScalar(key.source) : key.source
    const line = at(key.range[0]).line
    return fail(`a ${isSeq(key) ? 'list' : 'mapping'} cannot be a key`, key.range[0], yamlHint(text, line))
  }

  /** What `<<` names: one mapping, or a list of them. */
  function mergeSources(value: Value, offset: number): Dict[] {
    const sources: readonly Value[] = Array.isArray(value) ? value : [value]
    return sources.map((source): Dict => (source instanceof Map ? source : fail('<< merges mappings, and this is none', offset)))
  }
}

/** Merged keys come first; of several sources the first wins, and a key of the mapping's own wins over all. */
function merge(sources: readonly Dict[], own: Dict): Dict {
  const dict: Dict = new Map()
  for (const source of sources) for (const [key, item] of source) if (!dict.has(key)) dict.set(key, item)
  for (const [key, item] of own) dict.set(key, item)
  return dict
}

/** Where the text of a scalar starts: behind its quote, or on the first line of a block. Of anything else, where it starts. */
function contentStart(node: ParsedNode, text: string): number {
  const [start] = node.range
  if (!isScalar(node)) return start
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') return start + 1
  if (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED') return start
  const firstLine = text.indexOf('\n', start) + 1
  return firstLine + /^ */.exec(text.slice(firstLine, firstLine + 200))![0].length
}
