/** Versions of Plone: those that the stack has lists for, and what follows from each. */
import { PlonerunError } from '../errors/plonerun-error.ts'

/** What serves a Zope: waitress from Zope 4 on, Zope's own server before. */
export type Server = 'WSGI' | 'ZServer'

export interface PlonePin {
  readonly plone: string
  /** Versions of Python for which a list ships: plone-VERSION-pythonX.Y.txt. The preferred one first. */
  readonly pythons: readonly string[]
}

/** Newest first, so that the first that fits `6.2` is the newest 6.2. */
const RELEASES: readonly PlonePin[] = [
  { plone: '6.2.2', pythons: ['3.13'] },
  { plone: '6.1.5', pythons: ['3.13'] },
  { plone: '6.0.15', pythons: ['3.11', '3.9'] },
  { plone: '5.2.15', pythons: ['2.7', '3.8'] },
  { plone: '4.3.20', pythons: ['2.7'] },
]

/** What a minor version of Plone runs on, newest first. */
const SERIES: readonly { readonly from: readonly [number, number]; readonly server: Server; readonly pythons: readonly string[] }[] = [
  { from: [6, 2], server: 'WSGI', pythons: ['3.14', '3.13', '3.12', '3.11'] },
  { from: [6, 1], server: 'WSGI', pythons: ['3.13', '3.12', '3.11', '3.10'] },
  { from: [6, 0], server: 'WSGI', pythons: ['3.13', '3.12', '3.11', '3.10', '3.9', '3.8'] },
  { from: [5, 2], server: 'WSGI', pythons: ['2.7', '3.8', '3.7', '3.6'] },
  { from: [4, 1], server: 'ZServer', pythons: ['2.7'] },
  { from: [4, 0], server: 'ZServer', pythons: ['2.6'] },
  { from: [0, 0], server: 'ZServer', pythons: ['2.4'] },
]

/** Every version of Plone with a list, newest first. */
export function releases(): readonly PlonePin[] {
  return RELEASES
}

/** The release that a version means: itself, or for `6.2` the newest 6.2. Throws a PlonerunError when the stack pins none. */
export function pinOf(version: string): PlonePin {
  const pin = RELEASES.find(({ plone }) => plone === version || plone.startsWith(`${version}.`))
  if (pin !== undefined) return pin
  throw new PlonerunError(`the plonestack has no version list for Plone ${version}`, {
    hint: `it has ${RELEASES.map(({ plone }) => plone).join(', ')}; another can be named with 'versions:'`,
  })
}

/** The file name of the list of a release. */
export function listOf(plone: string, python: string): string {
  return `plone-${plone}-python${python}.txt`
}

/** The versions of Python that a Plone runs on, the preferred one first. */
export function pythonsOf(plone: string): readonly string[] {
  return seriesOf(plone).pythons
}

export function serverOf(plone: string): Server {
  return seriesOf(plone).server
}

/** Whether its Zope is an egg, as from Zope 2.12 on; before, it is a tarball. */
export function isEgg(plone: string): boolean {
  return Number(plone.split('.')[0]) >= 4
}

function seriesOf(plone: string): (typeof SERIES)[number] {
  const [major = 0, minor = 0] = plone.split('.').map(Number)
  return SERIES.find(({ from }) => major > from[0] || (major === from[0] && minor >= from[1]))!
}
