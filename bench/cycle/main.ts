/** The bars of cycle on real Plone sites: `npm run bench:cycle -- [OPTION...]`. Exits with 1 when a bar is missed. */
import { parseArgs } from 'node:util'
import { lab } from '../../test/support/lab-command.ts'
import { record } from '../record.mjs'
import { byHand, idle, neverEnding, underLoad, type Row } from './bars.ts'
import { BALANCERS, openSite } from './site.ts'

const USAGE = `npm run bench:cycle -- [OPTION...]

  --balancer NAME  only this one of ${BALANCERS.map(({ name }) => name).join(', ')}; may be given several times
  --cycles N       cycles in a row under load (10)
  --clients N      clients of the load (20)
  --plone VERSION  the version of Plone (6.2.2)
  --keep           leaves the lab hosts up, and a later run finds them
  --record         keeps the table in docs/benchmarks/cycle.md
`

const { values } = parseArgs({
  options: {
    balancer: { type: 'string', multiple: true, default: BALANCERS.map(({ name }) => name) },
    cycles: { type: 'string', default: '10' },
    clients: { type: 'string', default: '20' },
    plone: { type: 'string', default: '6.2.2' },
    keep: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(USAGE)
  process.exit(0)
}
const unknown = values.balancer.find((name) => !BALANCERS.some((balancer) => balancer.name === name))
if (unknown !== undefined) throw new Error(`there is no balancer '${unknown}'\n${USAGE}`)

const rows: (Row & { readonly balancer: string })[] = []
for (const balancer of BALANCERS.filter(({ name }) => values.balancer.includes(name))) {
  const add = (...more: readonly Row[]): void => {
    for (const row of more) {
      rows.push({ balancer: balancer.name, ...row })
      process.stdout.write(`${balancer.name}  ${row.met ? 'met   ' : 'MISSED'}  ${row.what}: ${row.measured}\n${row.met ? '' : (row.details ?? []).map((line) => `    ${line}\n`).join('')}`)
    }
  }
  try {
    const site = await openSite(balancer, values.plone)
    const hand = await byHand(site)
    add(await idle(site, hand))
    add(...(await underLoad(site, Number(values.cycles), Number(values.clients), hand)))
    add(await neverEnding(site, 10))
  } catch (error) {
    add({ what: 'all of them', bar: 'it runs', measured: (error as Error).message.split('\n')[0]!, met: false, details: [(error as Error).message.slice(-3000)] })
  } finally {
    if (!values.keep) await lab('down', `bench-cycle-${balancer.name}`)
  }
}

record('cycle', `Cycles of a site with three Zopes (Plone ${values.plone}) through Apache and Varnish.`, [
  ['balancer', 'what', 'bar', 'measured', ''],
  ...rows.map(({ balancer, what, bar, measured, met }) => [balancer, what, bar, measured, met ? 'held' : 'missed']),
], values.balancer)
if (rows.some(({ met }) => !met)) process.exitCode = 1
