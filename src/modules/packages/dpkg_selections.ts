/** ansible.builtin.dpkg_selections: what dpkg is meant to do with a package. */
import type { Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { state } from '../contract/module.ts'
import { oneOf, required, text } from '../contract/option.ts'

export const dpkgSelections = state({
  name: 'ansible.builtin.dpkg_selections',
  summary: 'Holds packages of Debian back, or marks them for removal.',
  options: {
    name: required(text('The package.')),
    selection: required(oneOf(['install', 'hold', 'deinstall', 'purge'], 'What dpkg is meant to do with it.')),
  },
  reads: ({ name }) => ({ current: currentRead(name) }),
  plan({ name, selection }, { current }) {
    if (current.stdout.includes('no packages found matching')) return { fail: `Failed to find package '${name}' to perform selection '${selection}'.` }
    if (current.code !== 0) return { fail: 'dpkg was not found on the host' }
    const before = selectionOf(current.stdout)
    if (before === selection) return []
    return [{ summary: `${name}: ${before} -> ${selection}`, writes: [`package:${name}`], steps: [{ argv: ['dpkg', '--set-selections'], stdin: `${name} ${selection}\n` }], leaves: [answered(currentRead(name), `${name}\t${selection}\n`)] }]
  },
  result: ({ selection }, { current }) => ({ before: selectionOf(current.stdout), after: selection }),
})

function currentRead(name: string): Read<ShellResult> {
  return shellRead(`dpkg --get-selections ${quote(name)} 2>&1`, [`package:${name}`])
}

function selectionOf(listing: string): string {
  return listing.trim().split(/\s+/)[1] ?? 'not present'
}
