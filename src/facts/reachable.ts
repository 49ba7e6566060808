/** Addresses and whole networks that a host answers for itself. */
import type { FactSection } from './section.ts'

export const reachable: FactSection = {
  name: 'reachable',
  facts: ['locally_reachable_ips'],
  script: 'for family in -4 -6; do ip "$family" route show table local 2>/dev/null; done',
  parse(_, output) {
    const local = [...new Set([...output.matchAll(/^local (\S+)/gm)].map(([, address]) => address!))]
    return { locally_reachable_ips: { ipv4: local.filter((each) => !each.includes(':')), ipv6: local.filter((each) => each.includes(':')) } }
  },
}
