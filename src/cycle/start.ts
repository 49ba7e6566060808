/** How units are started: with the configuration that they have now, however often they have failed before. */
import type { Command } from './box.ts'

export function startCommand(verb: 'start' | 'restart', units: readonly string[]): Command {
  return { summary: `${verb} ${units.join(', ')}`, argv: ['/bin/sh', '-c', 'verb=$1; shift; systemctl show --property NeedDaemonReload "$@" | grep -q =yes && systemctl daemon-reload; systemctl reset-failed "$@" 2>/dev/null; exec systemctl "$verb" "$@"', 'sh', verb, ...units] }
}
