/** Files of the controller that templates and lookups name: where they are looked for, and how they are read. */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { NotKnown, Unknown } from '../values/unknown.ts'
import type { TemplateContext } from './context.ts'

const VAULT = '$ANSIBLE_VAULT;'

/** The places where a name is looked for, most specific first. `folder` is the sub-folder of roles for its kind. */
export function candidates(name: string, { basedir, searchPath }: TemplateContext, folder: 'files' | 'templates' | 'vars'): string[] {
  const path = name.startsWith('~') ? homedir() + name.slice(1) : name
  if (isAbsolute(path)) return [path]
  const places = [...searchPath, basedir].flatMap((place) => [join(place, folder, path), join(place, path)])
  return [...new Set(places.map((place) => resolve(place)))]
}

/** The first place where the file is, or undefined. */
export function findFile(name: string, context: TemplateContext, folder: 'files' | 'templates' | 'vars'): string | undefined {
  return candidates(name, context, folder).find((place) => existsSync(place))
}

/** check mode: throws NotKnown where earlier tasks, in a real run, may have made what was looked for in vain. */
export function expectLater(name: string, places: readonly string[], { mayAppear }: Pick<TemplateContext, 'mayAppear'>): void {
  if (mayAppear !== undefined && places.some(mayAppear)) throw new NotKnown(new Unknown(`the file '${name}', which is not there yet`))
}

/** The text of a file, opened when a vault encrypted it. Throws a PlonerunError when it cannot be read. */
export function readText(file: string, { decrypt }: TemplateContext, encoding = 'utf-8'): string {
  let text: string
  try {
    text = new TextDecoder(encoding, { ignoreBOM: true }).decode(readFileSync(file))
  } catch (error) {
    throw new PlonerunError(`cannot read ${file}`, { why: error instanceof Error ? error.message : String(error) })
  }
  if (!text.startsWith(VAULT)) return text
  if (!decrypt) throw new PlonerunError(`${file} is encrypted by a vault`, { hint: 'give the vault password' })
  return decrypt(text)
}
