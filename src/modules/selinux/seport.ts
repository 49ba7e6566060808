/** community.general.seport: which SELinux type ports have. */
import { shellRead } from '../../probe/shell.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, presence, required, text } from '../contract/option.ts'

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
    listing: shellRead(`semanage port -l -n${local ? ' -C' : ''}`, ['path:/etc/selinux', 'path:/var/lib/selinux']),
    own: shellRead('semanage port -l -n -C', ['path:/etc/selinux', 'path:/var/lib/selinux']),
  }),
  plan({ ports, proto, setype, state: wanted, reload, ignore_selinux_state: ignores }, { enabled, listing, own }) {
    if (enabled.code !== 0 && !ignores) return { fail: 'SELinux is disabled on this host.' }
    if (listing.code !== 0) return { fail: 'semanage failed on the host: it needs policycoreutils-python-utils, and root' }
    const has = (text: string, port: string, type?: string): boolean => rowsOf(text).some((row) => row.proto === proto && (type === undefined || row.type === type) && row.ports.includes(port))
    const flags = ['-p', proto, ...(reload ? [] : ['-N'])]
    return ports.map((port) => port.trim()).flatMap((port) => {
      if (wanted === 'absent' ? !has(own.stdout, port, setype) : has(listing.stdout, port, setype)) return []
      const words = wanted === 'absent' ? ['-d', '-t', setype, ...flags] : [has(listing.stdout, port) ? '-m' : '-a', '-t', setype, ...flags]
      return [{ summary: `${port}/${proto} ${wanted === 'absent' ? 'no longer' : 'is'} ${setype}`, writes: ['path:/etc/selinux' as const, 'path:/var/lib/selinux' as const], steps: [{ argv: ['semanage', 'port', ...words, port] }] }]
    })
  },
  result: ({ ports, proto, setype, state: wanted }) => ({ ports: [...ports], proto, setype, state: wanted }),
})

/** `http_port_t  tcp  80, 81, 443`. */
function rowsOf(text: string): readonly { readonly type: string; readonly proto: string; readonly ports: readonly string[] }[] {
  return text.split('\n').flatMap((line) => {
    const [, type, proto, ports] = /^(\S+)\s+(tcp|udp)\s+(.+)$/.exec(line.trim()) ?? []
    return type === undefined ? [] : [{ type, proto: proto!, ports: ports!.split(',').map((port) => port.trim()) }]
  })
}
