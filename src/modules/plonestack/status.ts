/** plonerun.status: how sites stand, by their balancer, the kernel and systemd. It only looks. */
import { connectionsOf, tcpScript } from '../../cycle/proc-net-tcp.ts'
import { unitsOf, unitsScript, type Unit } from '../../cycle/processes.ts'
import type { ServiceStatus, SiteStatus, ZopeStatus } from '../../cycle/status.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Site } from '../../plonestack/sites.ts'
import { shellRead } from '../../probe/shell.ts'
import { toPlain } from '../../values/convert.ts'
import type { Plain } from '../../values/value.ts'
import { action, type ActionContext } from '../contract/module.ts'
import { dict, integer, list, required } from '../contract/option.ts'
import { balancerOf } from './cycle-balancer.ts'

const options = {
  sites: required(list(dict('A site.'), 'Sites as plonerun.sites derives them.')),
  every: integer('Looks again after so many seconds, until the run is interrupted.'),
}

/** What depends on nothing that a task says it writes: asked anew each time. */
const RUNNING = ['path:/proc'] as const

export const status = action({
  name: 'plonerun.status',
  summary: 'Tells how sites stand: balancer, connections, memory, uptime and versions.',
  options,
  async run({ sites: given, every }, context) {
    const sites = given.map((site) => toPlain(site) as Site)
    for (;;) {
      const seen = await Promise.all(sites.map((site) => statusOf(site, context)))
      for (const status of seen) context.tell({ kind: 'site-seen', site: status.site, status })
      if (every === undefined) return { result: { sites: seen.map((each) => ({ ...each })) as unknown as Plain[] }, changed: false }
      await context.sleep(every)
    }
  },
})

async function statusOf(site: Site, context: ActionContext): Promise<SiteStatus> {
  const zopes = [...site.zopes, ...site.spares]
  const units = [...new Set([...site.services.map(({ unit }) => unit), ...zopes.map(({ unit }) => unit)])]
  const balancer = balancerOf(site)
  context.forget(RUNNING)
  const { told, tcp, running, versions } = await context.read({
    told: shellRead(balancer.look, RUNNING),
    tcp: shellRead(tcpScript(zopes.map(({ port }) => port)), RUNNING),
    running: shellRead(unitsScript(units), RUNNING),
    versions: shellRead("dpkg-query -W -f '${Package} ${Version}\\n' pound haproxy varnish 2>/dev/null", RUNNING),
  })
  const known = unitsOf(running.stdout)
  const reading = attempt(() => balancer.read(told.stdout))
  const views = zopes.map((zope) => {
    const endpoint = { name: zope.name, address: '127.0.0.1', port: zope.port }
    const state = reading.value && attempt(() => reading.value!.state(endpoint)).value
    return { zope, state, ...connectionsOf(tcp.stdout, endpoint.address, zope.port) }
  })
  return {
    site: site.name,
    balancer: balancer.title,
    ...(reading.why !== undefined && { why: reading.why }),
    zopes: views
      .filter(({ zope, state, listening }) => site.zopes.includes(zope) || listening || state?.enabled === true)
      .map(({ zope, state, open, listening }) => ({ name: zope.name, endpoint: `127.0.0.1:${zope.port}`, ...(state && { state }), open, listening, ...zopeOf(zope.unit, known.get(zope.unit)) })),
    services: site.services.filter(({ unit }) => !zopes.some((zope) => zope.unit === unit)).map(({ unit }) => serviceOf(unit, known.get(unit), versionOf(unit, site, versions.stdout))),
  }
}

function serviceOf(unit: string, known: Unit | undefined, version?: string): ServiceStatus {
  const { active = 'unknown', memory, seconds } = known ?? {}
  return { unit, active, ...(memory !== undefined && { memory }), ...(seconds !== undefined && { seconds }), ...(version !== undefined && { version }) }
}

function zopeOf(unit: string, known: Unit | undefined): ServiceStatus & Pick<ZopeStatus, 'plone' | 'zope' | 'python'> {
  const { products_cmfplone: plone, zope, python } = known?.packages ?? {}
  return { ...serviceOf(unit, known), ...(plone !== undefined && { plone }), ...(zope !== undefined && { zope }), ...(python !== undefined && { python }) }
}

/** The package of a unit is named as what follows the site in its name. */
function versionOf(unit: string, site: Site, listed: string): string | undefined {
  return listed.split('\n').map((line) => line.split(' ')).find(([name]) => unit === `${site.name}-${name ?? ''}`)?.[1]
}

/** A value, or why there is none for the person. */
function attempt<T>(get: () => T): { readonly value?: T; readonly why?: string } {
  try {
    return { value: get() }
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    return { why: error.message }
  }
}
