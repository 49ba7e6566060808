/** How units are started: by the tool that the stack has on each of its boxes (roles/box/files/unit). */
import type { Command } from './box.ts'

/** Seconds; systemd gives up sooner, and says why. */
const SECONDS = 300

/** A box whose stack is older has no such tool, and must not be left with what was stopped. */
const START = 'tool=/opt/plonerun/bin/unit; [ -x "$tool" ] || tool=systemctl; exec "$tool" "$@"'

export function startCommand(verb: 'start' | 'restart', units: readonly string[]): Command {
  return { summary: `${verb} ${units.join(', ')}`, argv: ['/bin/sh', '-c', START, 'sh', verb, ...units], seconds: SECONDS }
}
