/** plonerun.cycle's options. */
import { defaulting, dict, flag, integer, list, oneOf, required, text, type Input } from '../contract/option.ts'

export const cycleOptions = {
  sites: required(list(dict('A site.'), 'Sites as plonerun.sites derives them; they are cycled side by side.')),
  only: list(text('A Zope.'), 'Names of the only Zopes to restart.'),
  retire: defaulting(list(text('A Zope.'), 'Names of Zopes to take out of the balancer, drain and stop.'), []),
  canary: integer('Restarts so many of them, and leaves the rest for resume.'),
  serial: defaulting(text('How many are out at a time: a number, or a percentage of those in use.'), '1'),
  minimum: integer('How many others must be live while one is out; what the site says unless given, else all in use but those of serial.'),
  when_down: defaulting(oneOf(['cycle', 'start'], 'When nobody serves the site: cycle restarts all at once and wakes them, start only starts them.'), 'cycle'),
  force: defaulting(flag('Goes below the minimum: with one Zope the site is down meanwhile.'), false),
  resume: defaulting(flag('Does what a run that was ended, or a canary, has left, and nothing else.'), false),
  reason: defaulting(text('Why; shown to whoever meets the lock.'), 'cycle'),
  drain_timeout: integer('Seconds that requests in flight may take; past them the Zope goes back into the balancer, and the task fails. What the site says unless given, as for the next two.'),
  listen_timeout: integer('Seconds from the start of a Zope until it listens.'),
  wake_timeout: integer('Seconds until a wake url is answered well.'),
}

export type CycleInput = Input<typeof cycleOptions>
