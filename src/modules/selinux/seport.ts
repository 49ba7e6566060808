/** community.general.seport: which SELinux type ports have. */
import type { Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, presence, required, text } from '../contract/option.ts'

function listRead(words: string): Read<ShellResult> {
  return shellRead(`semanage port -l -n${words}`, ['path:/etc/selinux', 'path:/var/lib/selinux'])
}

const ALL = listRead('')
/** What was set on the host. */
const OWN = listRead(' -C')

export const seport = state({
  name: 'community.general.seport',
  summary: 'Gives ports a SELinux type.',
  untried: 'SELinux',
  options: {
    ports: required(list(text('Port or range, such as 10000-10100.'), 'The ports.')),
    proto: required(oneOf(['tcp', 'udp'], 'The protocol.')),
    setype: required(text('The type.')),
    state: presence('Whether they have it.'),
    reload: defaulting(flag('The policy is loaded anew.'), true),
    local: defaulting(flag('Only what was set on the host counts.'), false),
    ignore_selinux_state: defaulting(flag('Also where SELinux is disabled.'), false),
  },
  reads: ({ local }) => ({
    enabled: shellRead('selinuxenabled', ['path:/etc/selinux', 'path:/sys/fs/selinux']),
    listing: local ? OWN : ALL,
    own: OWN,
  }),
  plan({ ports, proto, setype, state: wanted, reload, local, ignore_selinux_state: ignores }, { enabled, listing, own }) {
    if (enabled.code !== 0 && !ignores) return { fail: 'SELinux is disabled on this host.' }
    if (listing.code !== 0) return { fail: 'semanage failed on the host: it needs policycoreutils-python-utils, and root' }
    const has = (text: string, port: string, type?: string): boolean => rowsOf(text).some((row) => row.proto === proto && (type === undefined || row.type === type) && row.ports.includes(port))
    const after = (text: string): string => listingWith(text, proto, ports.map((port) => port.trim()), wanted === 'absent' ? undefined : setype)
    const leaves = [answered(OWN, after(own.stdout)), ...(local ? [] : [answered(ALL, after(listing.stdout))])]
    const flags = ['-p', proto, ...(reload ? [] : ['-N'])]
    return ports.map((port) => port.trim()).flatMap((port) => {
      if (wanted === 'absent' ? !has(own.stdout, port, setype) : has(listing.stdout, port, setype)) return []
      const words = wanted === 'absent' ? ['-d', '-t', setype, ...flags] : [has(listing.stdout, port) ? '-m' : '-a', '-t', setype, ...flags]
      return [{ summary: `${port}/${proto} ${wanted === 'absent' ? 'no longer' : 'is'} ${setype}`, writes: ['path:/etc/selinux' as const, 'path:/var/lib/selinux' as const], steps: [{ argv: ['semanage', 'port', ...words, port] }], leaves }]
    })
  },
  result: ({ ports, proto, setype, state: wanted }) => ({ ports: [...ports], proto, setype, state: wanted }),
})

/** check mode: what semanage would list then. */
function listingWith(text: string, proto: string, ports: readonly string[], type: string | undefined): string {
  const others = rowsOf(text).map((row) => (row.proto === proto ? { ...row, ports: row.ports.filter((port) => !ports.includes(port)) } : row)).filter((row) => row.ports.length > 0)
  return [...others, ...(type === undefined ? [] : [{ type, proto, ports }])].map((row) => `${row.type}  ${row.proto}  ${row.ports.join(', ')}\n`).join('')
}

/** `http_port_t  tcp  80, 81, 443`. */
function rowsOf(text: string): readonly { readonly type: string; readonly proto: string; readonly ports: readonly string[] }[] {
  return text.split('\n').flatMap((line) => {
    const [, type, proto, ports] = /^(\S+)\s+(tcp|udp)\s+(.+)$/.exec(line.trim()) ?? []
    return type === undefined ? [] : [{ type, proto: proto!, ports: ports!.split(',').map((port) => port.trim()) }]
  })
}
