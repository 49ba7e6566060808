/** How dnf or yum is called, to do something or to tell something. */
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { sh, type Step } from '../contract/change.ts'
import { dnfFlags, type DnfInput } from './dnf-options.ts'

function programs({ use_backend: backend }: DnfInput): readonly string[] {
  if (backend === 'auto') return ['dnf', 'dnf5', 'yum']
  return [{ dnf: 'dnf', dnf4: 'dnf-3', dnf5: 'dnf5', yum: 'yum', yum4: 'yum' }[backend]]
}

export function dnfStep(input: DnfInput, ...words: readonly string[]): Step {
  return sh(`for p in ${programs(input).join(' ')}; do command -v "$p" >/dev/null && exec "$p" "$@"; done; echo 'neither dnf nor yum is there' >&2; exit 127`, '-y', ...dnfFlags(input), ...words)
}

/** What it says, or complains of, to words that change nothing. */
export function dnfRead(input: DnfInput, ...words: readonly string[]): Read<ShellResult> {
  const all = [...dnfFlags(input), ...words].map(quote).join(' ')
  return shellRead(`for p in ${programs(input).join(' ')}; do command -v "$p" >/dev/null && break; done; "$p" ${all} 2>&1`, ['package:*', 'beyond:'])
}

/** What would be done to names that only dnf understands. */
export function rehearsal(input: DnfInput, verb: 'install' | 'remove', names: readonly string[]): Read<ShellResult> {
  return dnfRead(input, '--assumeno', verb, ...names)
}

export function isIdle({ stdout }: ShellResult): boolean {
  return /^Nothing to do\.?$/m.test(stdout)
}
