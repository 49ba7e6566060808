/** What a text of Python imports, as far as somebody has it. */

/** A text of Python and the full name of the module that it is. */
export interface PythonText {
  readonly name: string
  readonly text: string
}

/** Gives the text of a module by its full name, and whether it is a package; undefined when nobody has it. */
export type FindPython = (name: string) => { readonly text: string; readonly isPackage: boolean } | undefined

/** The texts that others import, and what those import in turn, by their full names. */
export function importsOf(texts: readonly PythonText[], find: FindPython): Record<string, string> {
  const found: Record<string, string> = {}
  const missing = new Set<string>()
  const waiting = texts.flatMap(({ name, text }) => namesImported(text, parentOf(name)))
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name in found || missing.has(name)) continue
    const source = find(name)
    if (source === undefined) missing.add(name)
    else {
      found[name] = source.text
      waiting.push(...namesImported(source.text, source.isPackage ? name : parentOf(name)))
    }
  }
  return found
}

const IMPORT = /^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n;]*))|import[ \t]+([^\n;]+))/gm

/** All that an import could mean: `from a.b import c` the modules a, a.b and a.b.c. */
function namesImported(text: string, parent: string): string[] {
  const withoutComments = text.replace(/#.*$/gm, '')
  return [...withoutComments.matchAll(IMPORT)].flatMap(([, from, inParentheses, inLine, plain]) => {
    if (from === undefined) return listed(plain ?? '').flatMap(withParents)
    const base = absolute(from, parent)
    return [...withParents(base), ...listed(inParentheses ?? inLine ?? '').map((name) => `${base}.${name}`)]
  })
}

/** Names without what they are called then. */
function listed(names: string): string[] {
  return names.split(',').map((name) => name.trim().split(/\s/)[0] ?? '').filter((name) => /^[\w.]+$/.test(name))
}

/** A name that begins with points counts from the package it stands in. */
function absolute(name: string, parent: string): string {
  const [, points = '', rest = ''] = /^(\.*)(.*)$/.exec(name) ?? []
  if (points === '') return name
  const base = parent.split('.').slice(0, points.length > 1 ? 1 - points.length : undefined)
  return [...base, ...(rest === '' ? [] : [rest])].join('.')
}

function withParents(name: string): string[] {
  return name.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.'))
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')))
}
