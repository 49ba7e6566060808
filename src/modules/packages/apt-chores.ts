/** What apt does to the whole host: upgrades, autoremove, clean; decided by apt-get's own simulation. */
import { quote } from '../../shell/quote.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import type { Change, Plan } from '../contract/change.ts'
import { aptGet, aptGetFlags, simulated, type AptGetOptions } from './apt-get.ts'

/** Asks apt-get what it would do. */
export function simulation(options: AptGetOptions, verb: string, ...names: readonly string[]): Read<ShellResult> {
  return shellRead(`apt-get -s ${[...aptGetFlags(options), verb, ...names].map(quote).join(' ')} 2>&1`, ['package:*', 'path:/etc/apt'])
}

/**
 * The change that a simulation foretells, if any.
 * @param fetching the lists are fetched before, so the simulation counts for nothing
 */
export function planSimulated(result: ShellResult, fetching: boolean, options: AptGetOptions, verb: string, ...names: readonly string[]): Plan {
  if (result.code !== 0 && !fetching) return refusal(result)
  const actions = simulated(result.stdout)
  if (actions.length === 0 && !fetching) return {}
  const foreseen = actions.length === 0 ? verb : `${verb}: ${actions.slice(0, 5).join(', ')}${actions.length > 5 ? ` and ${actions.length - 5} more` : ''}`
  return { changes: [{ summary: fetching ? verb : foreseen, writes: ['package:*', 'anything'], steps: [aptGet(options, verb, ...names)], leaves: [{ kind: 'anything' }] }] }
}

/** What apt-get would not do, and what it says of that. */
function refusal({ stdout: output, code }: ShellResult): Plan {
  const start = output.search(/^[EW]: /m)
  const [stdout, stderr] = start === -1 ? [output, ''] : [output.slice(0, start), output.slice(start)]
  return { fail: stderr.match(/^E: .*$/gm)?.join('\n') ?? output, result: { rc: code, stdout, stderr } }
}

/** Package files in apt's cache: all of them, or what a simulation of autoclean says of those that are not on offer any more. */
export function cachedFiles(all: boolean): Read<ShellResult> {
  const script = all ? 'for f in /var/cache/apt/archives/*.deb; do [ -e "$f" ] && echo "Del $f"; done' : 'apt-get -s -y autoclean 2>/dev/null'
  return shellRead(script, ['package:*', 'path:/var/cache/apt/archives'])
}

export function planClean({ stdout }: ShellResult, verb: 'clean' | 'autoclean'): readonly Change[] {
  const count = stdout.split('\n').filter((line) => line.startsWith('Del ')).length
  if (count === 0) return []
  return [{ summary: `${verb}: ${count} package files`, writes: ['path:/var/cache/apt'], steps: [{ argv: ['apt-get', verb] }] }]
}
