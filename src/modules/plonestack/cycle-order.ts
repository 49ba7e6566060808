/** From a site and the task's arguments to what a cycle is asked to do. */
import type { Backend, Order } from '../../cycle/order.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Site, Zope } from '../../plonestack/sites.ts'
import type { CycleInput } from './cycle-options.ts'

/** What systemd gives a Zope to stop, and a little. */
const STOP_SECONDS = 45

export function orderOf(site: Site, { only, retire, canary, serial, minimum = site.cycle.minimum, when_down, force, resume, ...given }: CycleInput): Order {
  const { drain_timeout: drain = site.cycle.drain_timeout, listen_timeout: listen = site.cycle.listen_timeout, wake_timeout: wake = site.cycle.wake_timeout } = given
  return {
    site: site.name,
    backends: [...site.zopes, ...site.spares].map((zope) => backendOf(site, zope)),
    serving: site.zopes.map(({ name }) => name),
    ...(only && { only }),
    retire,
    ...(canary !== undefined && { canary }),
    serial: serialOf(serial),
    ...(minimum !== undefined && { minimum }),
    whenDown: when_down,
    force,
    resume,
    wake: site.wake.map((path) => ({ path, status: 200, ...(site.wake_text !== undefined && { text: site.wake_text }) })),
    deadlines: { drain, stop: STOP_SECONDS, listen, wake, alive: 2 * site.pound.alive + 5 },
  }
}

function backendOf(site: Site, { name, port, unit, host, address }: Zope): Backend {
  return { name, port, unit, host, address, log: `${site.log}/${site.name}.${name}.event.log`, awake: `/run/${site.name}-${name}/awake` }
}

function serialOf(text: string): number {
  const [, number, percent] = /^(\d+)(%?)$/.exec(text.trim()) ?? []
  if (number === undefined || Number(number) === 0) throw new PlonerunError(`serial is a number or a percentage, not '${text}'`)
  return percent === '' ? Number(number) : Math.min(0.999, Number(number) / 100)
}
