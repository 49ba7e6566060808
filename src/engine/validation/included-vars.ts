/** The files of variables that include_vars names outright. */
import type { Loader } from '../../load/loader.ts'
import { builtinName } from '../../load/module-call.ts'
import { findFile } from '../../template/files.ts'
import type { Templating } from '../../template/templating.ts'
import type { Dict } from '../../values/value.ts'
import { searchPath } from '../search-path.ts'
import type { Reached } from './reached.ts'
import { textsWrittenOut } from './written-out.ts'

/**
 * The variables of those that are there.
 * @throws PlonerunError for a file that cannot be read
 */
export function includedVars({ play, task }: Reached, { loader, templating }: { readonly loader: Loader; readonly templating: Templating }): readonly Dict[] {
  const written = builtinName(task.module) === 'include_vars' ? (task.args.get('file') ?? task.args.get('_raw_params')) : undefined
  if (written === undefined) return []
  const path = searchPath(play, task)
  return textsWrittenOut(task, written, templating).flatMap((name) => {
    const file = findFile(name, { basedir: path.at(-1)!, searchPath: path }, 'vars')
    return file === undefined ? [] : [loader.loadVarsFile(file)]
  })
}
