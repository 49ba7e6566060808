/** Lookups that read files of the controller. */
import { readFileSync, statSync } from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isDict } from '../../values/dict.ts'
import { Secret } from '../../values/secret.ts'
import { str } from '../../values/print.ts'
import { typeName, undefinedError } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import { Undefined } from '../../values/undefined.ts'
import type { Dict, Value } from '../../values/value.ts'
import type { TemplateContext } from '../context.ts'
import { candidates, expectLater, findFile, readText } from '../files.ts'
import { globFiles } from '../glob.ts'
import { anything, dict, flag, or, string } from '../plugins/parameter.ts'
import type { Environment, Plugins } from '../plugins/plugin.ts'
import { lookup, lookupEach, opened } from './lookup.ts'

/** Where a file is. Throws a PlonerunError that says where it was looked for, or NotKnown where an earlier task would make it in a real run. */
export function found(name: string, context: TemplateContext, folder: 'files' | 'templates'): string {
  const file = findFile(name, context, folder)
  if (file !== undefined) return file
  const places = candidates(name, context, folder)
  expectLater(name, places, context)
  throw new PlonerunError(`No such file or directory: '${name}'`, { why: `looked for ${places.join(', ')}` })
}

function stripped(text: string, left: boolean, right: boolean): string {
  const start = left ? text.trimStart() : text
  return right ? start.trimEnd() : start
}

/** The text of a file; a secret when a vault encrypted it. What is only foreseen reads it too, as templates are read: a wrong guess is noticed at the task's turn. */
function content(file: string, { context, once }: Environment): Value {
  const read = (): Value => {
    const text = readText(file, context)
    return context.decrypt && readFileSync(file, 'utf8').startsWith('$ANSIBLE_VAULT;') ? new Secret(text) : text
  }
  return context.ahead === true ? read() : once(`file ${file}`, read)
}

function withoutSpace(value: Value, left: boolean, right: boolean): Value {
  return value instanceof Secret ? new Secret(stripped(value.reveal(), left, right)) : stripped(value as string, left, right)
}

interface Search {
  readonly files: readonly string[]
  readonly paths: readonly string[]
  readonly skip: boolean
}

/** A text of names separated by commas and semicolons, or a list of such, as names. */
function names(value: Value | undefined, separators: RegExp): string[] {
  if (value === undefined || value === null) return []
  if (isList(value)) return value.flatMap((item) => names(item, separators))
  if (value instanceof Undefined) throw undefinedError(value)
  return str(value).split(separators).filter(Boolean)
}

function searchOf(options: Dict): Search {
  return { files: names(options.get('files'), /[,;]/), paths: names(options.get('paths'), /[,:;]/), skip: options.get('skip') === true }
}

/** The names that first_found tries, in order, and whether finding none is fine. */
function wanted(terms: readonly Value[], shared: Dict): { places: string[]; skip: boolean } {
  const places: string[] = []
  let skip = searchOf(shared).skip
  const add = (files: readonly string[], paths: readonly string[]): void => {
    if (paths.length) for (const path of paths) places.push(...files.map((file) => join(path, file)))
    else places.push(...files)
  }
  for (const term of terms.length ? terms : [shared]) {
    if (term instanceof Undefined) continue
    if (isList(term)) {
      const inner = wanted(term, shared)
      places.push(...inner.places)
      skip ||= inner.skip
    } else if (isDict(term)) {
      if (term.get('files') instanceof Undefined) continue
      const search = searchOf(new Map([...shared, ...term]))
      add(search.files, search.paths)
      skip = search.skip
    } else if (typeof term === 'string' || term instanceof Secret) add(names(term, /[,;]/), searchOf(shared).paths)
    else throw new PlonerunError(`first_found: a term is a text or a mapping, not '${typeName(term)}'`)
  }
  return { places, skip }
}

export const fileLookups: Plugins = {
  file: lookupEach({ rstrip: or(flag, true), lstrip: or(flag, false) }, (term, { rstrip, lstrip }, environment) => withoutSpace(content(found(term, environment.context, 'files'), environment), lstrip, rstrip)),
  unvault: lookupEach({}, (term, _, environment) => content(found(term, environment.context, 'files'), environment)),
  template: lookupEach(
    {
      convert_data: or(flag, true),
      variable_start_string: or(string, '{{'),
      variable_end_string: or(string, '}}'),
      comment_start_string: or(string, '{#'),
      comment_end_string: or(string, '#}'),
      jinja2_native: or(flag, false),
      trim_blocks: or(flag, true),
      lstrip_blocks: or(flag, false),
      template_vars: or(dict, new Map() as Dict),
    },
    (term, options, environment) => {
      const file = found(term, environment.context, 'templates')
      const extra = new Map<string, Value>([...options.template_vars].map(([key, value]) => [str(key), value]))
      extra.set('template_path', file).set('template_fullpath', file).set('template_host', '')
      return environment.render(readText(file, environment.context), file, extra, {
        variableStart: options.variable_start_string,
        variableEnd: options.variable_end_string,
        commentStart: options.comment_start_string,
        commentEnd: options.comment_end_string,
        trimBlocks: options.trim_blocks,
        lstripBlocks: options.lstrip_blocks,
      })
    },
  ),
  first_found: lookup(
    { files: or<Value | undefined>(anything, undefined), paths: or<Value | undefined>(anything, undefined), skip: or(flag, false) },
    (terms, { files, paths, skip }, { context, once }) => {
      const shared: Dict = new Map<Value, Value>([...(files === undefined ? [] : [['files', files] as const]), ...(paths === undefined ? [] : [['paths', paths] as const]), ['skip', skip]])
      const search = wanted(terms, shared)
      const file = once(`first_found ${context.loopFolder} ${search.places.join('\n')} ${context.searchPath.join(':')}`, () => {
        for (const place of search.places) {
          const path = findFile(place, context, context.loopFolder ?? 'files')
          if (path !== undefined) return path
        }
        return null
      })
      if (file !== null) return [file]
      if (search.skip) return []
      throw new PlonerunError('first_found: none of the files exists', { why: `looked for ${search.places.join(', ')} in ${[...context.searchPath, context.basedir].join(', ')}`, hint: 'skip: true takes that for an empty list' })
    },
    { undefined: true },
  ),
  fileglob: lookup({}, (terms, _, { context, once }) =>
    opened(terms).flatMap((term) => once(`fileglob ${str(term)}`, () => matching(str(term), context)) as string[]),
  ),
}

/** The files that a pattern matches in the first folder of the search path where it matches any. */
function matching(pattern: string, context: TemplateContext): string[] {
  const folder = pattern.includes('/') ? pattern.slice(0, pattern.lastIndexOf('/')) : ''
  if (isAbsolute(pattern)) return globFiles(pattern)
  const places = candidates(folder || '.', context, 'files').filter((place) => statSync(place, { throwIfNoEntry: false })?.isDirectory())
  for (const place of places) {
    const files = globFiles(join(place, basename(pattern)))
    if (files.length) return files
  }
  return []
}

