/** plonerun.estate: how the sites of a box stand, as far as the box knows. */
import { shellRead } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { toPlain } from '../../values/convert.ts'
import type { Plain } from '../../values/value.ts'
import { DEPLOYED, parseRecord, type Deployed } from '../../plonestack/deployed.ts'
import type { Site } from '../../plonestack/sites.ts'
import { action, type Reads } from '../contract/module.ts'
import { list, dict, required } from '../contract/option.ts'

/** A site of a box, as `plonerun sites --json` shows it. */
export interface SiteState {
  readonly site: string
  readonly url: string
  /** What the definition asks for. */
  readonly plone: string
  readonly stack: string
  readonly balancer: string
  readonly zopes: readonly { readonly name: string; readonly port: number; readonly inBalancer: boolean; readonly alive: boolean }[]
  /** First and last. */
  readonly ports: readonly [number, number]
  /** Absent before the first deploy. */
  readonly deployed?: Deployed & { readonly at: string }
}

export const estate = action({
  name: 'plonerun.estate',
  summary: 'Tells of each site which Zopes are in the balancer, and what was deployed when.',
  options: { sites: required(list(dict('A site as plonerun.sites derives it.'), 'The sites.')) },
  async run({ sites }, context) {
    const known = sites.map((site) => toPlain(site) as Site)
    const reads: Reads = Object.fromEntries(known.map(({ name, home }) => [name, shellRead(lookScript(home), ['path:/proc'])]))
    const seen = await context.read(reads)
    const states = known.map((site) => stateOf(site, (seen[site.name] as { readonly stdout: string }).stdout))
    return { result: { estate: states as unknown as Plain } }
  },
})

function lookScript(home: string): string {
  const record = quote(`${home}/${DEPLOYED}`)
  return `stat -c %Y ${record} 2>/dev/null || echo; cat ${record} 2>/dev/null || echo '{}'; ${quote(`${home}/bin/backends`)} 2>/dev/null || true`
}

/** From what the box prints: the time of the last deploy, its record, and a line for each Zope of the balancer. */
export function stateOf(site: Site, printed: string): SiteState {
  const [time = '', record = '{}', ...lines] = printed.trimEnd().split('\n')
  const backends = new Map(lines.map((line) => line.split(' ')).map(([name = '', place, health]) => [name, { inBalancer: place === 'in', alive: health === 'alive' }]))
  const deployed = parseRecord(record)
  const ports = site.listens.map((use) => Number(use.split('=')[1]))
  return {
    site: site.name,
    url: site.url,
    plone: site.plone,
    stack: site.stack.version,
    balancer: site.balancer,
    zopes: site.zopes.map(({ name, port }) => ({ name, port, ...(backends.get(name) ?? { inBalancer: false, alive: false }) })),
    ports: [Math.min(...ports), Math.max(...ports)],
    ...(deployed !== undefined && time !== '' && { deployed: { ...deployed, at: new Date(Number(time) * 1000).toISOString() } }),
  }
}
