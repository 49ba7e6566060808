/** The files of a role: main.yml and its kin, or those that tasks_from, vars_from ... name. */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { didYouMean } from '../errors/suggest.ts'
import type { Dict } from '../values/value.ts'
import { isDirectory, isFile, type Files } from './files.ts'
import { varsFilesIn, VARS_EXTENSIONS } from './vars-files.ts'


/** The file of that name in a part of a role, whatever its extension. */
export function findRoleFile(rolePath: string, part: string, name = 'main'): string | undefined {
  return candidates(rolePath, part, name).find(isFile)
}

/** The file of tasks or handlers; undefined when the role has none and none was asked for by name. */
export function roleFile(rolePath: string, part: string, name: string | undefined, where: Position): string | undefined {
  checkInside(rolePath, part, name, where)
  const found = findRoleFile(rolePath, part, name)
  if (found === undefined && name !== undefined) throw missing(rolePath, part, name, where)
  return found
}

/** The variables of a role's defaults or vars, which may be a file or a folder of files. All uses of a role share them. */
export function roleVars(rolePath: string, part: 'defaults' | 'vars', name: string | undefined, files: Files, where: Position): Dict {
  checkInside(rolePath, part, name, where)
  const found = candidates(rolePath, part, name).find(existsSync)
  if (found === undefined && name !== undefined) throw missing(rolePath, part, name, where)
  if (found === undefined) return new Map()
  return isDirectory(found) ? files.readAllVars(varsFilesIn(found), where) : files.readVars(found, where)
}

/** What is named with tasks_from and its like is the role's own. */
function checkInside(rolePath: string, part: string, name: string | undefined, where: Position): void {
  const folder = join(rolePath, part)
  if (name === undefined || resolve(folder, name).startsWith(`${folder}/`)) return
  throw new PlonerunError(`${part} cannot be taken from '${name}', as it is not inside the expected role path`, { where, why: `the role has its ${part} in ${folder}` })
}

/** The bare name comes last for main, and first for a name that somebody wrote. */
function candidates(rolePath: string, part: string, name = 'main'): string[] {
  const extensions = name === 'main' ? [...VARS_EXTENSIONS, ''] : ['', ...VARS_EXTENSIONS]
  return extensions.map((extension) => join(rolePath, part, `${name}${extension}`))
}

function missing(rolePath: string, part: string, name: string, where: Position): PlonerunError {
  const folder = join(rolePath, part)
  const existing = isDirectory(folder) ? readdirSync(folder).map((file) => file.replace(/\.(?:ya?ml|json)$/, '')) : []
  return new PlonerunError(`the role has no file '${name}' in ${part}/`, { where, why: `looked in ${folder}`, hint: didYouMean(name.replace(/\.(?:ya?ml|json)$/, ''), existing) })
}
