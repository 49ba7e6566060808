/** YAML 1.1 into values, as PyYAML reads it. */
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Node, type Pair } from 'yaml'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { setItem } from '../../values/dict.ts'
import type { Dict, Value } from '../../values/value.ts'
import { plainScalar } from '../../values/yaml-scalars.ts'

/** The documents of a text. Throws a PlonerunError that says where it is no YAML. */
export function loadYaml(text: string): Value[] {
  const documents = parseAllDocuments(text, { version: '1.1', schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' })
  if (!Array.isArray(documents)) return []
  return documents.map((document) => {
    const [error] = document.errors
    if (error) throw new PlonerunError('this is not valid YAML', { why: error.message.split('\n')[0]! })
    const anchors = new Map<string, Value>()
    return document.contents === null ? null : convert(document.contents, anchors)
  })

  function convert(node: Node, anchors: Map<string, Value>): Value {
    if (isAlias(node)) {
      const value = anchors.get(node.source)
      if (value === undefined) throw new PlonerunError(`there is no anchor &${node.source}`)
      return value
    }
    const value = isMap(node) ? mapping(node.items as Pair<Node, Node | null>[], anchors) : isSeq(node) ? (node.items as Node[]).map((item) => convert(item, anchors)) : scalar(node)
    if ('anchor' in node && node.anchor) anchors.set(node.anchor, value)
    return value
  }

  function scalar(node: Node): Value {
    if (!isScalar(node)) return null
    const text = node.source ?? ''
    const isPlain = node.type === 'PLAIN' || node.type === undefined
    return isPlain && (node.tag === undefined || /:(?:int|float|bool|null)$/.test(node.tag)) ? plainScalar(text) : text
  }

  function mapping(pairs: readonly Pair<Node, Node | null>[], anchors: Map<string, Value>): Dict {
    const own: Dict = new Map()
    const merged: Dict = new Map()
    for (const { key, value } of pairs) {
      const item = value === null ? null : convert(value, anchors)
      if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<') merge(merged, item)
      else setItem(own, convert(key, anchors), item)
    }
    for (const [key, item] of own) setItem(merged, key, item)
    return merged
  }
}

/** Adds the keys of a merged mapping, or of several, of which the first wins. */
function merge(target: Dict, source: Value): void {
  for (const each of Array.isArray(source) ? (source) : [source]) {
    if (!(each instanceof Map)) throw new PlonerunError('<< merges mappings, and this is none')
    for (const [key, item] of each) if (!target.has(key)) target.set(key, item)
  }
}
