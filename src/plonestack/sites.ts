/** From the `sites:` of an inventory to all that the roles need to know: checked, completed, with what follows from it. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { endpointText } from '../values/endpoint.ts'
import type { Value } from '../values/value.ts'
import { buildoutOf, type Buildout } from './buildout.ts'
import { checkKeepalive, checkMinimum, checkUnique, maxZopes, zopeCount } from './checks.ts'
import { contentOf, type Content } from './content.ts'
import { developerDefinition } from './definition-developer.ts'
import { BALANCERS, definition, type Definition } from './definition.ts'
import { deriveFront, type Apache } from './front.ts'
import { checkDeveloper, packageRequirements, sourcesOf, type Source } from './packages.ts'
import { pinsOf, type Pins } from './pins.ts'
import { placed } from './place.ts'
import { checkPlone3 } from './plone3.ts'
import { checkPorts, portMap, portsOf, type Ports } from './ports.ts'
import { deriveRedirects, isRedirect } from './redirects.ts'
import { placementOf, touches, type Estate, type Placement } from './placement.ts'
import { solrOf, type Solr } from './solr.ts'
import { storageOf, storageRequirements, type Storage } from './storage.ts'
import { pathOf, readFields } from './schema.ts'
import { chooseStack, type Stack } from './stacks.ts'
import { suiteOf, type Suite } from './suites.ts'
import { servicesOf, unitsOf, type Service, type Units } from './units.ts'

/** What must be known of the box. */
export interface Box {
  /** The codename of its distribution: `ansible_facts.distribution_release`. */
  readonly release: string
  readonly estate: Estate
}

/** Where the lists of pinned versions are found. */
export interface Lists {
  /** The stacks that bring them, the usual one first. */
  readonly stacks: readonly Stack[]
  /** The text of a list. Throws a PlonerunError when there is none. */
  read(file: string): string
}

export interface Zope {
  /** `zope0`. */
  readonly name: string
  readonly port: number
  /** Its systemd unit. */
  readonly unit: string
  /** The host of the inventory that runs it. */
  readonly host: string
  /** Where it listens. */
  readonly address: string
  /** Both as configurations write them: `127.0.0.1:8080`, `[2001:db8::7]:8080`. */
  readonly endpoint: string
}

/** A site as the roles see it. */
export type Site = Omit<Definition, keyof Pins | 'pre_extras' | 'post_extras' | 'sources' | 'buildout' | 'stack' | 'balancer' | 'zopes' | 'numzopes' | 'max_zopes' | 'zope_hosts' | 'storage' | 'solr' | 'wake' | 'session' | 'backup' | 'health' | 'apache'> & Pins & Content & Placement & {
  readonly stack: Stack
  readonly sources: readonly Source[]
  readonly buildout: Buildout | undefined
  readonly apache: Apache
  readonly storage: Storage
  readonly solr: Solr | undefined
  readonly numzopes: number
  readonly max_zopes: number
  /** The folder of the Python packages; another for each set of them, so that none changes under a running Zope. */
  readonly venv: string
  readonly user: string
  readonly home: string
  readonly log: string
  readonly title: string
  readonly balancer: (typeof BALANCERS)[number]
  readonly ports: Ports
  /** Every port with what it is for: `zope0=8080`. */
  readonly listens: readonly string[]
  readonly zopes: readonly Zope[]
  /** Known to the balancer, not in use. */
  readonly spares: readonly Zope[]
  /** Of the Zopes, those that this box runs. */
  readonly zopes_here: readonly Zope[]
  /** For scripts; never in the balancer. */
  readonly zopeu: Zope
  readonly units: Units
  readonly wake: readonly string[]
  /** What systemd runs for the site on this box, in the order in which it is started. */
  readonly services: readonly Service[]
  readonly backup: Definition['backup'] & { readonly folder: string }
  readonly health: Definition['health'] & { readonly path: string }
  readonly session: { readonly cookie: string; readonly ttl: number; readonly set: boolean }
  readonly url: string
}

/**
 * Checks the sites of a box, and those of other boxes that have a part on it, and fills in what they leave out. Those that only redirect are left to deriveRedirects.
 * Throws a PlonerunError, with its position when it came from a file, for what is wrong in one site
 * or between two: a name, domain, folder or account that is there twice, ports that overlap.
 */
export function deriveSites(sites: Value, box: Box, lists: Lists): readonly Site[] {
  if (!Array.isArray(sites)) throw new PlonerunError("'sites' is not a list of site definitions")
  const { host, elsewhere } = box.estate
  const suite = suiteOf(box.release)
  const parts = [{ host, sites }, ...elsewhere.map((other) => ({ host: other.host, sites: partsOf(other.sites, host) }))]
  const derived = parts.flatMap(({ host: front, sites: list }) =>
    list.flatMap((site, index) => (isRedirect(site) ? [] : [placed(list, index, () => deriveSite(site, index, front, box, suite, lists))])),
  )
  for (const key of ['name', 'domain', 'home'] as const) placed(sites, undefined, () => checkUnique([...derived, ...deriveRedirects(sites)], key))
  placed(sites, undefined, () => checkUnique(derived, 'user'))
  placed(sites, undefined, () => checkPorts(derived.map(({ name, baseport, zopes, spares, solr }) => ({ name, baseport, zopes: zopes.length + spares.length, solr: solr !== undefined }))))
  return derived
}

/** Of the sites of another host, those that have a part on this one. */
function partsOf(sites: Value, host: string): Value[] {
  return Array.isArray(sites) ? sites.filter((site) => touches(site, host)) : []
}

function deriveSite(raw: Value, index: number, front: string, box: Box, suite: Suite, lists: Lists): Site {
  if (!(raw instanceof Map)) throw new PlonerunError(`sites[${index}] is not a mapping`)
  const given: Definition = readFields(raw, raw.get('developer') === true ? developerDefinition : definition, pathOf(raw, index))
  const { name, baseport, session } = given
  const path = `site '${name}'`
  const placement = placementOf(given, front, box.estate, path)
  const balancer = balancerOf(given, placement, box, suite, path)
  checkKeepalive(given, path)
  checkDeveloper(given, path)
  checkPlone3(given, path)
  const numzopes = zopeCount(given, path)
  checkMinimum(given, numzopes, path)
  const zope = (number: number): Zope => {
    const host = placement.zope_hosts[number % placement.zope_hosts.length]!
    const address = host === front ? '127.0.0.1' : box.estate.addressOf(host)
    return { name: `zope${number}`, port: baseport + number, unit: `${name}-zope@zope${number}`, host, address, endpoint: endpointText({ address, port: baseport + number }) }
  }
  const all = Array.from({ length: maxZopes(given, numzopes, path) }, (_, number) => zope(number))
  const home = given.home ?? `/srv/${name}`
  const title = given.title ?? given.domain
  const ports = portsOf(baseport)
  const stack = placed(raw, 'stack', () => chooseStack(given.stack, lists.stacks, path))
  const shipped = { folder: join(stack.root, 'roles/plone/files/versions'), read: (file: string) => lists.read(file) }
  const pins = placed(raw, 'versions', () => pinsOf(given, box.release, suite, shipped, path))
  const sources = sourcesOf(given, home)
  const requirements = [...pins.requirements, ...packageRequirements(given, sources, pins.server), ...storageRequirements(given, pins.python, path)]
  const buildout = placed(raw, 'buildout', () => buildoutOf(given, pins, requirements, (file) => lists.read(file), path))
  const packages = [pins.interpreter, ...requirements, pins.constraints, ...(buildout === undefined ? [] : ['buildout', given.zope_url, ...given.distros, ...buildout.files.map(({ text: content }) => content)])].join('\n')
  const zopes = all.slice(0, numzopes)
  const zopesHere = zopes.filter(({ host }) => host === box.estate.host)
  const storage = storageOf(given, placement, ports, box.estate, path)
  const wake = given.wake.length > 0 ? given.wake : [`/${given.site_id}/`]
  const solr = solrOf(given, home, ports, path)
  const units = unitsOf(name, balancer)
  return {
    ...given,
    ...pins,
    ...contentOf(given, (file) => lists.read(file), path),
    stack,
    ...placement,
    storage,
    solr,
    sources,
    buildout,
    requirements,
    venv: `${home}/venvs/${createHash('sha256').update(packages).digest('hex').slice(0, 12)}`,
    numzopes,
    max_zopes: all.length,
    user: given.user ?? name,
    home,
    log: given.extras.includes('contained') ? `${home}/var/log` : '/var/log/zope',
    title,
    balancer,
    ports,
    listens: [...portMap({ baseport, zopes: all.length, solr: solr !== undefined })].map(([port, use]) => `${use}=${port}`),
    zopes,
    spares: all.slice(numzopes),
    zopes_here: zopesHere,
    zopeu: { name: 'zopeU', port: ports.zopeu, unit: `${name}-zope@zopeU`, host: box.estate.host, address: '127.0.0.1', endpoint: endpointText({ address: '127.0.0.1', port: ports.zopeu }) },
    units,
    services: servicesOf({ units, here: placement.here, balancer, storage, solr, zopes: zopesHere }),
    wake,
    backup: { ...given.backup, folder: given.backup.folder ?? `${home}/backups` },
    health: { ...given.health, path: given.health.path ?? wake[0]! },
    session: { ...session, set: session.set ?? session.cookie === '_ZopeId' },
    ...deriveFront({ ...given, home, title, root: `/${given.site_id}` }, path),
  }
}

function balancerOf({ balancer, extras }: Definition, { here }: Placement, box: Box, suite: Suite, path: string): Site['balancer'] {
  if (extras.includes('nopound')) {
    if (balancer === undefined || balancer === 'varnish') return 'varnish'
    throw new PlonerunError(`${path}: balancer is ${balancer}, but extras has nopound`, { hint: 'leave one out' })
  }
  if (here.front && balancer === 'pound' && suite.noPound !== undefined) {
    throw new PlonerunError(`${path}: ${box.release} has no Pound that can balance a site`, {
      why: suite.noPound,
      hint: "'balancer: haproxy' puts haproxy in its place; with 'extras: [nopound]' Varnish balances the Zopes itself",
    })
  }
  return balancer ?? (suite.noPound === undefined ? 'pound' : 'haproxy')
}
