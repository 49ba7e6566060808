/** How units are started: by the tool that the stack has on each of its boxes (roles/box/files/unit). */
import type { Command } from './box.ts'

/** Seconds; systemd gives up sooner, and says why. */
const SECONDS = 300

export function startCommand(verb: 'start' | 'restart', units: readonly string[]): Command {
  return { summary: `${verb} ${units.join(', ')}`, argv: ['/opt/plonerun/bin/unit', verb, ...units], seconds: SECONDS }
}
