/** The versions of the plonestack that are at hand: the one whose playbook runs, and those that a deployment repository pins. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import semver from 'semver'
import { PlonerunError } from '../errors/plonerun-error.ts'

export interface Stack {
  readonly version: string
  /** The folder that holds its roles/ and playbooks/. */
  readonly root: string
  /** The file that tells its changes. */
  readonly changelog: string
}

export const STACK_PACKAGE = 'plonestack'

/** The stack of a folder: an installed package, or plonerun's own folder. Undefined when it is neither. */
export function stackAt(root: string): Stack | undefined {
  for (const file of [join(root, 'package.json'), join(root, 'stack/package.json')]) {
    if (!existsSync(file)) continue
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: string; readonly version?: string }
    if (name === STACK_PACKAGE && version !== undefined) return { version, root, changelog: join(dirname(file), 'CHANGELOG.md') }
  }
  return undefined
}

/** Those in node_modules of a folder and of all above it, the nearest first; npm installs further versions under other names. */
export function installedStacks(folder: string): readonly Stack[] {
  const modules = join(folder, 'node_modules')
  const names = existsSync(modules) ? readdirSync(modules).filter((name) => name.startsWith(STACK_PACKAGE)).sort() : []
  const here = names.flatMap((name) => stackAt(join(modules, name)) ?? [])
  return dirname(folder) === folder ? here : [...here, ...installedStacks(dirname(folder))]
}

/**
 * The newest stack of the version that a site asks for (`1.2`, `^1.2.3`), else the usual one.
 * Throws a PlonerunError when none of that version is at hand.
 * @param stacks the usual one first
 */
export function chooseStack(wanted: string | undefined, stacks: readonly Stack[], path: string): Stack {
  const [usual] = stacks
  if (usual === undefined) throw new PlonerunError('there is no plonestack', { hint: `npm install ${STACK_PACKAGE}` })
  if (wanted === undefined) return usual
  const fitting = stacks.filter(({ version }) => semver.satisfies(version, wanted)).toSorted((a, b) => semver.rcompare(a.version, b.version))
  if (fitting[0] !== undefined) return fitting[0]
  throw new PlonerunError(`${path}: there is no plonestack ${wanted}`, {
    why: `there are ${stacks.map(({ version, root }) => `${version} in ${root}`).join(', ')}`,
    hint: `npm install ${STACK_PACKAGE}-${wanted}@npm:${STACK_PACKAGE}@${wanted} puts it beside the others`,
  })
}

/** The entries of a stack's changelog after one version up to another, newest first. */
export function changesBetween(changelog: string, after: string, upTo: string): readonly string[] {
  const entries = changelog.split(/^(?=## )/m).map((text) => ({ text: text.trim(), version: /^## (\d+\.\d+\.\d+)/.exec(text)?.[1] }))
  return entries.flatMap(({ text, version }) => (version !== undefined && semver.gt(version, after) && semver.lte(version, upTo) ? [text] : []))
}
