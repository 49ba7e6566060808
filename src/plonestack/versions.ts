/** Versions of Plone that the stack has lists for, and what follows from each. */
import { PlonerunError } from '../errors/plonerun-error.ts'

export interface Release {
  /** Versions of Python for which a list ships: plone-VERSION-pythonX.Y.txt. */
  readonly pythons: readonly string[]
  readonly server: 'WSGI' | 'ZServer'
}

/** Newest first, so that the first that fits `6.2` is the newest 6.2. */
const RELEASES: Readonly<Record<string, Release>> = {
  '6.2.2': { pythons: ['3.13'], server: 'WSGI' },
  '6.1.5': { pythons: ['3.13'], server: 'WSGI' },
  '4.3.20': { pythons: ['2.7'], server: 'ZServer' },
}

export interface PlonePin extends Release {
  readonly plone: string
}

/** Every version of Plone with a list, newest first. */
export function releases(): readonly PlonePin[] {
  return Object.entries(RELEASES).map(([plone, release]) => ({ plone, ...release }))
}

/** The release that a version means: itself, or for `6.2` the newest 6.2. Throws a PlonerunError when the stack pins none. */
export function pinOf(version: string): PlonePin {
  const pin = releases().find(({ plone }) => plone === version || plone.startsWith(`${version}.`))
  if (pin !== undefined) return pin
  throw new PlonerunError(`the plonestack has no version list for Plone ${version}`, {
    hint: `it has ${releases().map(({ plone }) => plone).join(', ')}; another can be named with 'versions:'`,
  })
}

/** The file name of the list of a release. */
export function listOf(plone: string, python: string): string {
  return `plone-${plone}-python${python}.txt`
}
