/** Finds and reads files of tasks. */
import { dirname, isAbsolute, join } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import type { Value } from '../values/value.ts'
import { describe } from './fields.ts'
import { isFile } from './files.ts'
import { positionOf } from '../values/positions.ts'
import type { PlayReading, Reading } from './reading.ts'
import { expandHome } from './role-search.ts'

/**
 * The file that an include or import names: beside the files it is included from, in the role, or beside the playbook.
 * In a role, its tasks/ goes before the folders of files for an include, and before that of the role's first file for an import.
 */
export function findTaskFile(name: string, { play, kind, enclosure: { files, role } }: Reading, where: Position, how: 'include' | 'import'): string {
  const folder = kind === 'handler' ? 'handlers' : 'tasks'
  const path = expandHome(name)
  const beside = files.map(dirname)
  const first = role === undefined ? beside.length : how === 'include' ? 0 : beside.length - 1
  const ofRole = role === undefined ? [] : [join(role.path, folder)]
  const places = [...beside.slice(0, first), ...ofRole, ...beside.slice(first), ...(role === undefined ? [] : [join(role.path, 'tasks'), role.path]), play.search.folder, join(play.search.folder, folder)]
  const candidates = isAbsolute(path) ? [path] : [...new Set(places)].map((place) => join(place, path))
  const found = candidates.find(isFile)
  if (found !== undefined) return found
  throw new PlonerunError(`there is no file of tasks '${name}'`, { where, why: `looked for ${candidates.join(', ')}` })
}

/** A file is there, and nothing like tasks is in it. */
export class NotTasks extends PlonerunError {}

/** The list of tasks in a file; empty, with a warning, when the file is. */
export function readTaskFile(file: string, { files, warn }: PlayReading, where?: Position): readonly Value[] {
  const value = files.read(file, where)
  if (Array.isArray(value)) return value
  if (value !== null) throw new NotTasks(`a file of tasks holds a list, this one ${describe(value)}`, { where: positionOf(value) ?? { file, line: 1, column: 1 } })
  warn({ message: `${file} holds no tasks`, ...(where && { position: where }) })
  return []
}
