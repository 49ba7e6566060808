/** plonerun.cycle: restarts the Zopes of sites a few at a time, each out of the balancer while it is down. */
import { dryRun, runCycle } from '../../cycle/cycle.ts'
import type { Cycle } from '../../cycle/course.ts'
import type { Plain } from '../../values/value.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Site } from '../../plonestack/sites.ts'
import { toPlain } from '../../values/convert.ts'
import { action, type ActionContext, type ActionResult } from '../contract/module.ts'
import { balancerOf } from './cycle-balancer.ts'
import { cycleOptions, type CycleInput } from './cycle-options.ts'
import { orderOf } from './cycle-order.ts'
import { reachOf } from './cycle-reach.ts'

export const cycle = action({
  name: 'plonerun.cycle',
  summary: 'Restarts the Zopes of sites a few at a time, without a request lost.',
  options: cycleOptions,
  async run(input, context) {
    const sites = input.sites.map((site) => toPlain(site) as Site)
    const cycles = sites.map((site) => ({ site, cycle: cycleOf(context, site, input) }))
    const result = context.check ? await planAll(cycles, context) : await runAll(cycles, input, context)
    return result
  },
})

interface SiteCycle {
  readonly site: Site
  readonly cycle: Cycle
}

function cycleOf(context: ActionContext, site: Site, input: CycleInput): Cycle {
  return {
    order: orderOf(site, input),
    balancer: balancerOf(site),
    reach: reachOf(context, site.name),
    closing: reachOf(context.regardless(), site.name),
    tell: (event) => context.tell(event),
  }
}

async function planAll(cycles: readonly SiteCycle[], context: ActionContext): Promise<ActionResult> {
  const backends: Record<string, string[]> = {}
  for (const { site, cycle } of cycles) {
    const { turns } = await dryRun(cycle)
    backends[site.name] = turns.map(({ backend }) => backend.name)
    await context.apply(turns.map(({ backend }) => ({ summary: `restart ${backend.name} of ${site.name}`, writes: [], steps: [] })))
  }
  return resultOf(backends)
}

/** All sites side by side. One that fails does not stop the others. */
async function runAll(cycles: readonly SiteCycle[], { reason }: CycleInput, context: ActionContext): Promise<ActionResult> {
  const ended = await Promise.allSettled(cycles.map(async ({ cycle }) => runCycle(cycle, reason)))
  context.forget(['anything'])
  const failures = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
  if (failures.length > 0) throw joined(failures)
  return resultOf(Object.fromEntries(ended.map((each, index) => [cycles[index]!.site.name, each.status === 'fulfilled' ? [...each.value] : []])))
}

function resultOf(backends: Readonly<Record<string, Plain[]>>): ActionResult {
  return { result: { backends }, changed: Object.values(backends).some((names) => names.length > 0) }
}

/** One error of several; what ends the run has precedence. */
function joined(failures: readonly unknown[]): unknown {
  const errors = failures.filter((failure) => failure instanceof PlonerunError)
  const fatal = failures.find((failure) => !(failure instanceof PlonerunError) || failure.kind !== 'task')
  if (fatal !== undefined || errors.length === 1) return fatal ?? errors[0]
  return new PlonerunError(errors.map(({ message }) => message).join('; '), { kind: 'task', why: errors.map(({ why }) => why ?? '').join('\n').trim(), hint: errors[0]?.hint, cause: failures })
}
