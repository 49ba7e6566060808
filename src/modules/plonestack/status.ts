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
  const balancer = balancerOf(site)
  context.forget(RUNNING)
  const [{ told, versions }, ...boxes] = await Promise.all([
    context.read({
      told: shellRead(balancer.look, RUNNING),
      versions: shellRead("dpkg-query -W -f '${Package} ${Version}\\n' pound haproxy varnish 2>/dev/null", RUNNING),
    }),
    ...[...new Set([context.host, ...zopes.map(({ host }) => host)])].map((host) => boxOf(site, host, context)),
  ])
  const boxWith = (host: string): BoxView => boxes.find((box) => box.host === host)!
  const { known } = boxWith(context.host)
  const reading = attempt(() => balancer.read(told.stdout))
  const views = zopes.map((zope) => {
    const state = reading.value && attempt(() => reading.value!.state(zope)).value
    return { zope, state, ...connectionsOf(boxWith(zope.host).tcp, zope.address, zope.port) }
  })
  return {
    site: site.name,
    balancer: balancer.title,
    ...(reading.why !== undefined && { why: reading.why }),
    zopes: views
      .filter(({ zope, state, listening }) => site.zopes.includes(zope) || listening || state?.enabled === true)
      .map(({ zope, state, open, listening }) => ({ name: zope.name, endpoint: zope.endpoint, ...(state && { state }), open, listening, ...zopeOf(zope.unit, boxWith(zope.host).known.get(zope.unit)) })),
    services: site.services.filter(({ unit }) => !zopes.some((zope) => zope.unit === unit)).map(({ unit }) => serviceOf(unit, known.get(unit), versionOf(unit, site, versions.stdout))),
  }
}

/** What the kernel and systemd of a box say. */
interface BoxView {
  readonly host: string
  readonly tcp: string
  readonly known: ReadonlyMap<string, Unit>
}

/** Asks one of the boxes of a site; those besides the front are asked for their Zopes. */
async function boxOf(site: Site, host: string, front: ActionContext): Promise<BoxView> {
  const zopes = [...site.zopes, ...site.spares].filter((zope) => zope.host === host)
  const services = host === front.host ? site.services.map(({ unit }) => unit) : []
  const context = host === front.host ? front : front.on(host)
  context.forget(RUNNING)
  const { tcp, running } = await context.read({
    tcp: shellRead(tcpScript(zopes.map(({ port }) => port)), RUNNING),
    running: shellRead(unitsScript([...new Set([...services, ...zopes.map(({ unit }) => unit)])]), RUNNING),
  })
  return { host, tcp: tcp.stdout, known: unitsOf(running.stdout) }
}

function serviceOf(unit: string, known: Unit | undefined, version?: string): ServiceStatus {
  const { active = 'unknown', memory, seconds } = known ?? {}
  return { unit, active, ...(memory !== undefined && { memory }), ...(seconds !== undefined && { seconds }), ...(version !== undefined && { version }) }
}

function zopeOf(unit: string, known: Unit | undefined): ServiceStatus & Pick<ZopeStatus, 'plone' | 'zope' | 'python'> {
  const { products_cmfplone: plone, zope2, zope = zope2, python } = known?.packages ?? {}
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
