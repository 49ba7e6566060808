/** include_vars: variables from files on the controller. */
import { readdirSync, statSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { isDict, mergedDicts } from '../../values/dict.ts'
import type { Dict, Value } from '../../values/value.ts'
import { action, type ActionContext } from '../contract/module.ts'
import { defaulting, flag, integer, list, oneOf, path, text } from '../contract/option.ts'

export const includeVars = action({
  name: 'ansible.builtin.include_vars',
  summary: 'Reads variables from YAML or JSON files on the controller.',
  options: {
    file: path('A file, looked for in vars/ of the role and of the playbook.'),
    dir: path('A folder whose files are all read, in the order of their names.'),
    name: text('The variables become the items of this one.'),
    depth: defaulting(integer('Levels of folders below dir; 0 for all.'), 0),
    files_matching: text('Only files of dir whose names match this regular expression.'),
    ignore_files: list(text('A regular expression.'), 'Files of dir to leave out.'),
    extensions: defaulting(list(text('An ending.'), 'Endings of the files of dir.'), ['yaml', 'yml', 'json']),
    ignore_unknown_extensions: defaulting(flag('Passes over files of dir with other endings.'), false),
    hash_behaviour: oneOf(['merge', 'replace'], '`merge` lays dicts over what is there; otherwise they replace it.'),
  },
  rules: { requiredOneOf: [['file', 'dir']], mutuallyExclusive: [['file', 'dir']] },
  freeForm: 'file',
  pure: true,
  run(input, context) {
    const files = input.dir === undefined ? [context.findFile('vars', input.file ?? '')] : filesOf({ ...input, dir: input.dir }, context)
    const vars: Dict = new Map()
    const misnamed = input.dir === undefined || input.ignore_unknown_extensions ? undefined : files.find((file) => !hasExtension(file, input.extensions))
    if (misnamed !== undefined) {
      const message = `${misnamed} does not have a valid extension: ${input.extensions.join(', ')}`
      return { failed: true, msg: message, result: { ansible_included_var_files: files, message } }
    }
    for (const file of files) for (const [name, value] of context.readVars(file)) vars.set(name, value)
    const named: Dict = input.name === undefined ? vars : new Map<Value, Value>([[input.name, vars]])
    if (input.hash_behaviour === 'merge') for (const [name, value] of named) named.set(name, over(context.variable(name as string), value))
    return { result: { ansible_facts: named, ansible_included_var_files: files }, includedVars: named }
  },
})

function over(present: Value | undefined, value: Value): Value {
  return isDict(present) && isDict(value) ? mergedDicts(present, value) : value
}

interface Folder {
  readonly dir: string
  readonly depth: number
  readonly files_matching: string | undefined
  readonly ignore_files: readonly string[] | undefined
  readonly extensions: readonly string[]
  readonly ignore_unknown_extensions: boolean
}

function filesOf({ dir, depth, files_matching, ignore_files = [], extensions, ignore_unknown_extensions }: Folder, context: ActionContext): readonly string[] {
  const root = context.findFile('vars', dir)
  const wanted = files_matching === undefined ? undefined : new RegExp(files_matching)
  return (readdirSync(root, { recursive: true }) as string[])
    .map((name) => join(root, name))
    .filter((file) => statSync(file).isFile())
    .filter((file) => depth === 0 || relative(root, dirname(file)).split('/').filter(Boolean).length < depth)
    .filter((file) => wanted === undefined || wanted.test(file.slice(dirname(file).length + 1)))
    .filter((file) => !ignore_files.some((pattern) => new RegExp(`${pattern}$`).test(file)))
    .filter((file) => !ignore_unknown_extensions || hasExtension(file, extensions))
    .sort()
}

/** An empty extension stands for a name without one. */
function hasExtension(file: string, extensions: readonly string[]): boolean {
  return extensions.includes(extname(file).slice(1))
}
