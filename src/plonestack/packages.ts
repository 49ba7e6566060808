/** The packages of a site besides Plone and its eggs: from git, from folders of the box, hotfixes, what tests need. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Definition } from './definition.ts'
import type { Server } from './versions.ts'

/** A package that git has. */
export interface Source {
  readonly name: string
  readonly url: string
  /** A branch, tag or commit; empty for the usual branch. */
  readonly revision: string
  /** Where a developer site has it. */
  readonly checkout: string
}

/** What bin/test is, and what tests of packages for Plone are written with. */
const TESTING = ['zope.testrunner', 'plone.app.testing']

export function sourcesOf({ sources }: Pick<Definition, 'sources'>, home: string): readonly Source[] {
  return [...sources].map(([name, given]) => {
    // The @ of git@example.org stands before the path.
    const [, url = given, revision = ''] = /^(.*\/[^@]*)@([^@/]\S*)$/.exec(given) ?? []
    return { name, url, revision, checkout: `${home}/src/${name}` }
  })
}

/** As pip takes them. */
export function packageRequirements({ developer, develop, extras, hotfixes, mount_points }: Definition, sources: readonly Source[], server: Server): readonly string[] {
  return [
    ...(developer ? TESTING : []),
    // Zope 2 has it by itself.
    ...(mount_points.size > 0 && server === 'WSGI' ? ['Products.ZODBMountPoint'] : []),
    ...(extras.includes('fss') ? ['iw.fss'] : []),
    ...[...hotfixes].map(([date, version]) => `Products.PloneHotfix${date}==${version}`),
    ...sources.map(({ name, url, revision, checkout }) => (developer ? `-e ${checkout}` : `${name} @ git+${url}${revision === '' ? '' : `@${revision}`}`)),
    ...develop.map((folder) => `-e ${folder}`),
  ]
}

/** Throws a PlonerunError for what a developer site cannot have. */
export function checkDeveloper({ developer, numzopes, zopes, zope_hosts, extras }: Definition, path: string): void {
  if (!developer) return
  if ((zopes ?? numzopes) !== 1) throw new PlonerunError(`${path}: a developer site has one Zope`, { hint: 'leave numzopes out' })
  if (zope_hosts.length > 0) throw new PlonerunError(`${path}: a developer site is on one box`, { hint: 'leave zope_hosts out' })
  if (extras.includes('nopound')) throw new PlonerunError(`${path}: a developer site has neither Varnish nor a balancer`, { hint: 'leave nopound out of extras' })
}
