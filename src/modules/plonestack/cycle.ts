/** plonerun.cycle: restarts the Zopes of a site one by one, each out of the balancer while it is down. */
import type { Balancer } from '../../cycle/balancer.ts'
import type { Box } from '../../cycle/box.ts'
import { checkMinimum, cycle as runCycle, planTurns, type Cycle, type Order } from '../../cycle/cycle.ts'
import { withLock } from '../../cycle/lock.ts'
import { pound4 } from '../../cycle/pound4.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { shellRead } from '../../probe/shell.ts'
import type { Site } from '../../plonestack/sites.ts'
import { toPlain } from '../../values/convert.ts'
import { action, type ActionContext } from '../contract/module.ts'
import { defaulting, dict, flag, integer, list, required, text, type Input } from '../contract/option.ts'

const options = {
  site: required(dict('A site as plonerun.sites derives it.')),
  only: list(text('A Zope.'), 'Names of the only Zopes to restart.'),
  canary: integer('Restarts so many of them, and leaves the rest alone.'),
  minimum: integer('How many others must be live while one is out; all others unless given.'),
  force: defaulting(flag('Goes below the minimum: with one Zope the site is down meanwhile.'), false),
  resume: defaulting(flag('Finishes what a run that was ended has left, and nothing else.'), false),
  reason: defaulting(text('Why; shown to whoever meets the lock.'), 'cycle'),
  drain_timeout: defaulting(integer('Seconds that requests in flight may take; past them the Zope goes back into the balancer, and the task fails.'), 120),
  listen_timeout: defaulting(integer('Seconds from the start of a Zope until it listens.'), 120),
  wake_timeout: defaulting(integer('Seconds until a wake url is answered with status 200.'), 60),
}

/** What systemd gives a Zope to stop, and a little. */
const STOP_SECONDS = 45
/** What depends on nothing that a task says it writes: asked anew each time. */
const RUNNING = ['path:/proc'] as const

export const cycle = action({
  name: 'plonerun.cycle',
  summary: 'Restarts the Zopes of a site one by one, without a request lost.',
  options,
  async run(input, context) {
    const site = toPlain(input.site) as Site
    const order = orderOf(site, input)
    checkMinimum(order)
    const cycle = cycleOf(context, site, order)
    if (context.check) {
      const turns = await planTurns(cycle)
      for (const { backend, state, inUse } of turns)
        context.say(`${site.name} ${backend.name}  would be restarted; now ${state.enabled ? 'on' : 'off'}, ${state.alive ? 'alive' : 'dead'}, ${state.sessions} sessions${inUse ? '' : ', stays off'}`)
      return { result: { backends: turns.map(({ backend }) => backend.name) }, changed: turns.length > 0 }
    }
    const closing = context.regardless()
    const cycled: string[] = []
    await withLock(cycle.box, boxOf(closing), site.name, `${process.env['USER'] ?? 'somebody'} (${input.reason})`, async () => {
      const turns = await planTurns(cycle)
      await runCycle(cycle, cycleOf(closing, site, order), turns)
      cycled.push(...turns.map(({ backend }) => backend.name))
    })
    return { result: { backends: cycled }, changed: cycled.length > 0 }
  },
})

function orderOf(site: Site, { only, canary, minimum, force, resume, drain_timeout, listen_timeout, wake_timeout }: Input<typeof options>): Order {
  return {
    site: site.name,
    backends: site.zopes.map(({ name, port, unit }) => ({ name, port, unit, address: '127.0.0.1', log: `${site.log}/${site.name}.${name}.event.log`, awake: `/run/${site.name}-${name}/awake` })),
    ...(only && { only }),
    ...(canary !== undefined && { canary }),
    ...(minimum !== undefined && { minimum }),
    force,
    resume,
    wake: site.wake,
    deadlines: { drain: drain_timeout, stop: STOP_SECONDS, listen: listen_timeout, wake: wake_timeout, alive: 2 * site.pound.alive + 5 },
  }
}

function cycleOf(context: ActionContext, site: Site, order: Order): Cycle {
  const box = boxOf(context)
  return { box, order, balancer: balancerOf(box, site), say: (line) => context.say(`${site.name} ${line}`) }
}

function balancerOf(box: Box, site: Site): Balancer {
  if (site.balancer === 'pound') return pound4(box, `${site.home}/bin/poundctl`, site.name, 'zopes')
  throw new PlonerunError(`${site.name} has no Pound, and no other balancer can be cycled yet`, { kind: 'task' })
}

function boxOf(context: ActionContext): Box {
  return {
    async run(summary, argv) {
      const [reply] = await context.apply([{ summary, writes: ['anything'], steps: [{ argv }] }])
      if (reply?.lost !== undefined) throw new PlonerunError(`${summary}: ${reply.lost}`, { kind: context.signal.aborted ? 'interrupted' : 'task' })
      if (reply !== undefined && reply.code !== 0) throw new PlonerunError(`${summary}: exit code ${String(reply.code)}`, { kind: 'task', why: reply.stderr.toString().trim() })
      return reply?.stdout.toString() ?? ''
    },
    async look(script) {
      context.forget(RUNNING)
      return (await context.read({ seen: shellRead(script, RUNNING) })).seen.stdout
    },
    connect: (address, port) => context.tunnel(address, port),
    sleep: (seconds) => context.sleep(seconds),
  }
}
