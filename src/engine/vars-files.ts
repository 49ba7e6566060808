/** The variables of a play's vars_files, as a host sees them. */
import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Text } from '../load/tree/keywords.ts'
import type { Play, VarsFile } from '../load/tree/play.ts'
import { str } from '../values/print.ts'
import { isList } from '../values/tuple.ts'
import { Undefined } from '../values/undefined.ts'
import type { Dict, Scope } from '../values/value.ts'
import type { Layer } from '../vars/scope.ts'
import { NeedsFacts } from './fact-variables.ts'
import type { Place } from './place.ts'

/**
 * Read when a variable is first looked for in them, so that their names may use what is known by then.
 * @param scope everything but the vars_files
 * @param gathering whether it is for how facts are gathered: files that facts name are not known then
 */
export function createVarsFilesLayer({ run, play: { play } }: Pick<Place, 'run' | 'play'>, scope: () => Scope, gathering: boolean): Layer {
  const folder = dirname(play.file)
  const context = { basedir: folder, searchPath: [folder], decrypt: (content: string) => run.decrypt(content, '') }
  let read: readonly Dict[] | undefined

  const namesOf = (written: Text): readonly string[] => {
    const value = typeof written === 'string' ? written : run.templating.evaluate(written, scope(), context)
    if (value instanceof Undefined) return []
    return isList(value) ? value.map(str) : [str(value)]
  }

  /** Of an entry the first file that exists; one whose name needs what is not defined is passed over. */
  const fileOf = (entry: VarsFile): string | undefined => {
    const looked: string[] = []
    for (const written of entry)
      for (const name of whereDefined(() => namesOf(written), gathering) ?? []) {
        const found = varsFileAt(play, name)
        if (found !== undefined) return found
        looked.push(name)
      }
    if (looked.length > 0) throw noVarsFile(play, looked)
    return undefined
  }

  // The last one is the strongest.
  const layers = (): readonly Dict[] => (read ??= play.varsFiles.flatMap((entry) => fileOf(entry) ?? []).map((file) => run.loader.loadVarsFile(file)).reverse())
  return {
    get: (name) => layers().find((layer) => layer.has(name))?.get(name),
    *keys() {
      for (const layer of layers()) yield* layer.keys()
    },
  }
}

/** A file of vars_files that is there: in vars/ beside where its name leads, or there itself. */
export function varsFileAt({ file: playbook }: Play, name: string): string | undefined {
  const file = resolve(dirname(playbook), name)
  return [join(dirname(file), 'vars', basename(file)), file].find((each) => existsSync(each))
}

export function noVarsFile({ file, position }: Play, names: readonly string[]): PlonerunError {
  return new PlonerunError(`there is no vars file '${names.map((name) => resolve(dirname(file), name)).join("' or '")}'`, { where: position })
}

/** What is undefined gives undefined, and so do facts that are only about to be gathered; everything else that goes wrong is thrown. */
function whereDefined<Result>(compute: () => Result, gathering: boolean): Result | undefined {
  try {
    return compute()
  } catch (error) {
    if (error instanceof PlonerunError && error.cause instanceof Undefined) return undefined
    if (gathering && error instanceof NeedsFacts) return undefined
    throw error
  }
}
