/** Which Plone, Zope and Python a site runs, and the list of pinned versions that its packages are installed with. */
import { join } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Definition } from './definition.ts'
import type { Suite } from './suites.ts'
import { isEgg, listOf, pinOf, pythonsOf, serverOf, type PlonePin, type Server } from './versions.ts'

/** Where the lists of pinned versions are found. */
export interface VersionLists {
  /** The folder of those that ship. */
  readonly folder: string
  /** The text of a list. Throws a PlonerunError when there is none. */
  read(file: string): string
}

export interface Pins {
  readonly plone: string
  readonly python: string
  /** The program, by name or path. */
  readonly interpreter: string
  readonly server: Server
  /** The file of pinned versions, on the controller. */
  readonly versions: string
  /** Its text as pip takes it, with what the site overrides. */
  readonly constraints: string
  /** What is installed, as pip takes it. */
  readonly requirements: readonly string[]
}

type Wanted = Pick<Definition, 'plone' | 'zope' | 'python' | 'interpreter' | 'versions' | 'eggs' | 'buildout'>

/**
 * Works out the versions of a site. Throws a PlonerunError when the box, the Plone and the lists do not go together.
 * @param release the codename of the box's distribution, for errors
 */
export function pinsOf(given: Wanted, release: string, suite: Suite, lists: VersionLists, path: string): Pins {
  const own = given.versions === undefined ? undefined : pinsIn(lists.read(given.versions))
  const alone = ownBuildout(given) !== undefined || (own !== undefined && (own.has('plone') || own.has('products-cmfplone')))
  const pin = alone ? { plone: given.plone, pythons: pythonsOf(given.plone) } : pinOf(given.plone)
  const python = pythonOf(given, pin, release, suite, path)
  const file = alone ? (given.versions ?? ownBuildout(given)!) : join(lists.folder, listOf(pin.plone, pin.pythons.includes(python) ? python : pin.pythons[0]!))
  const server = serverOf(pin.plone)
  const pinned = new Map([...(alone ? [] : pinsIn(lists.read(file))), ...(own ?? [])])
  const zope = server === 'WSGI' ? 'Zope' : 'Zope2'
  if (given.zope !== undefined) pinned.set(zope.toLowerCase(), `${zope}==${given.zope}`)
  return {
    plone: pin.plone,
    python,
    interpreter: given.interpreter ?? `python${python}`,
    server,
    versions: given.versions ?? file,
    constraints: [...pinned.values()].join('\n'),
    requirements: [`Plone==${pin.plone}`, ...(given.zope === undefined ? [] : [`${zope}==${given.zope}`]), ...besides(pin.plone, server), ...given.eggs],
  }
}

/** The buildout.cfg of the site's own, on the controller. */
export function ownBuildout({ buildout }: Pick<Definition, 'buildout'>): string | undefined {
  return buildout === 'generated' ? undefined : buildout
}

/** What runs a Plone and is no dependency of it. */
function besides(plone: string, server: Server): readonly string[] {
  if (!isEgg(plone)) return ['Pillow']
  if (server === 'ZServer') return ['Pillow', 'lxml']
  return plone.startsWith('5.') ? ['ZEO', 'Paste'] : ['ZEO']
}

function pythonOf({ python: wanted, interpreter }: Wanted, { plone, pythons }: PlonePin, release: string, suite: Suite, path: string): string {
  const allowed = pythonsOf(plone)
  if (interpreter !== undefined) {
    if (wanted === undefined) throw new PlonerunError(`${path}: interpreter needs a python`, { hint: `the version of ${interpreter}: python: ${allowed[0]}` })
    if (!allowed.includes(wanted)) throw new PlonerunError(`${path}: Plone ${plone} does not run on Python ${wanted}`, { hint: `it runs on ${allowed.join(', ')}` })
    return wanted
  }
  if (wanted !== undefined && !suite.pythons.includes(wanted)) {
    throw new PlonerunError(`${path}: ${release} has no Python ${wanted}`, { hint: `it has ${suite.pythons.join(', ')}; one that is on the box all the same can be named with 'interpreter:'` })
  }
  const python = pythons.find((version) => (wanted === undefined ? suite.pythons.includes(version) : version === wanted))
  if (python !== undefined) return python
  throw new PlonerunError(`${path}: there is no version list for Plone ${plone} on Python ${wanted ?? suite.pythons.join(' or ')} (${release})`, {
    hint: `there is one for Python ${pythons.join(' and ')}; another can be named with 'versions:'`,
  })
}

/** A line of a list or a buildout without its comment, which begins with # or ; behind a blank. */
export function withoutComment(line: string): string {
  return line.replace(/(^|\s)[#;].*$/, '')
}

/**
 * The pins of a list by the normal form of their names (PEP 503), each as a line for pip.
 * A list is a constraints file, or a buildout's versions.cfg, of which the pins in [versions] are taken.
 */
export function pinsIn(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => withoutComment(line).trim())
  const sections = lines.some((line) => /^\[.*\]$/.test(line))
  let section = ''
  const pins = new Map<string, string>()
  for (const line of lines) {
    const name = /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(line)?.[0]
    if (/^\[.*\]$/.test(line)) section = line
    else if (name !== undefined && (!sections || /^\[versions[\]:]/.test(section))) {
      pins.set(name.toLowerCase().replaceAll(/[-_.]+/g, '-'), sections ? line.replace(/\s*=\s*/, '==') : line)
    }
  }
  return pins
}
