/** community.general.capabilities: what a program may do without being root. */
import { pathRead } from '../../probe/path.ts'
import type { Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { hostWord } from '../../probe/host-path.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { state } from '../contract/module.ts'
import { path, presence, required, text } from '../contract/option.ts'
import { resourcesOf } from './write-file.ts'

interface Capability {
  readonly name: string
  /** `=ep`; empty for one that is only to go. */
  readonly flags: string
}

export const capabilities = state({
  name: 'community.general.capabilities',
  summary: 'Grants capabilities to programs, and takes them away.',
  options: {
    path: required(path('The program.', { aliases: ['key'] })),
    capability: required(text('Such as cap_net_bind_service=ep; to take it away its name will do.', { aliases: ['cap'] })),
    state: presence('Whether the program has it.'),
  },
  prepare({ capability, state: wanted }): Capability {
    const parsed = parse(capability.trim().toLowerCase())
    if (wanted === 'present' && parsed.flags === '') throw new PlonerunError(`the capability ${capability} has no operator and flags`, { kind: 'task', hint: `Write ${capability}=ep, for instance.` })
    return parsed
  },
  reads: (input) => ({ file: pathRead(input.path, { follow: true }), listing: listingRead(input.path) }),
  plan(input, { file, listing }, wanted) {
    if (listing.code === 127) return { fail: 'getcap and setcap were not found on the host: install libcap2-bin (Debian) or libcap (Red Hat)' }
    if (!file.exists) return { fail: `Unable to get capabilities of ${input.path}: it is not there` }
    const current = parseListing(listing.stdout, file.path)
    const others = current.filter(({ name }) => name !== wanted.name)
    if (input.state === 'present' ? current.some(({ name, flags }) => name === wanted.name && flags === wanted.flags) : others.length === current.length) return {}
    const after = input.state === 'present' ? [...others, wanted] : others
    const words = (all: readonly Capability[]): string => all.map(({ name, flags }) => name + flags).join(' ')
    return { changes: [{ summary: `${file.path}: capabilities ${words(current) || 'none'} -> ${words(after) || 'none'}`, writes: resourcesOf(file), steps: [{ argv: ['setcap', after.length === 0 ? '-r' : words(after), file.path] }], leaves: [answered(listingRead(input.path), `${file.path} ${words(after)}`)] }] }
  },
  result: ({ state: wanted }, _known, { changed }) => ({ state: wanted, ...(changed && { msg: 'capabilities changed', stdout: '' }) }),
  failure: ({ path: file }, _known, { stdout, stderr }) => ({ msg: `Unable to set capabilities of ${file}`, stdout: stdout.toString(), stderr: stderr.toString() }),
})

function listingRead(file: string): Read<ShellResult> {
  return shellRead(`getcap -v -- ${hostWord(file)}`, ['anything'])
}

function parse(written: string): Capability {
  const [, name = '', flags = ''] = /^([^-+=]*)(.*)$/.exec(written) ?? []
  // The kernel keeps no operator; newer tools show = for what older ones showed + for.
  return { name, flags: flags.replace(/^\+/, '=') }
}

/** `/usr/bin/x cap_net_admin,cap_net_raw=ep`; older ones put ` =` behind the path and + before the flags. */
function parseListing(stdout: string, path: string): readonly Capability[] {
  const listed = stdout.trim().replace(path, '').replace(/^ = */, '').trim().toLowerCase()
  return listed.split(/\s+/).flatMap((group) => {
    const { name, flags } = parse(group)
    return name.split(',').flatMap((each) => (each === '' ? [] : [{ name: each, flags }]))
  })
}
