/** ansible.builtin.package: packages by the manager that the host has. */
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { state } from '../contract/module.ts'
import { text } from '../contract/option.ts'
import { aptPlan, aptReads, aptResult, aptWork } from './apt.ts'
import { aptOptions } from './apt-options.ts'

const MANAGERS = ['apt-get', 'dnf5', 'dnf', 'yum', 'zypper', 'pacman', 'apk']
const FIND = `for m in ${MANAGERS.join(' ')}; do command -v "$m" >/dev/null 2>&1 && { printf %s "$m"; break; }; done`

export const packageModule = state({
  name: 'ansible.builtin.package',
  summary: "Installs and removes packages with the host's own manager; so far that must be apt.",
  options: { ...aptOptions, use: text('The manager; found out unless it is given.') },
  prepare: (input) => aptWork(input),
  reads: (input, work, known: Readonly<Record<string, unknown>>): Record<string, Read<unknown>> => ({ manager: shellRead(FIND, ['package:*']), ...aptReads(input, work, known) }),
  plan(input, known: Readonly<Record<string, unknown>>, work) {
    const manager = input.use === undefined || input.use === 'auto' ? (known['manager'] as ShellResult).stdout : input.use
    if (!['apt', 'apt-get', 'ansible.builtin.apt'].includes(manager)) return { fail: manager === '' ? 'this host has no package manager that plonerun knows' : `packages of ${manager} are not supported yet` }
    return aptPlan(input, known, work)
  },
  result: (input, known: Readonly<Record<string, unknown>>, outcome, work) => aptResult(input, known, outcome, work),
})
