/** What the kernel lets root do here, as libcap's capsh tells it: fewer things in a container. */
import type { FactSection } from './section.ts'

/** What Ansible says where there is no capsh. */
const UNTOLD = 'N/A'

export const capabilities: FactSection = {
  name: 'capabilities',
  facts: ['system_capabilities', 'system_capabilities_enforced'],
  script: `PATH="$PATH:/usr/sbin:/sbin" capsh --print 2>/dev/null`,
  parse(_, output) {
    const current = /^Current:(.*)$/m.exec(output)?.[1]?.trim()
    if (current === undefined) return { system_capabilities: UNTOLD, system_capabilities_enforced: UNTOLD }
    if (current === '=ep') return { system_capabilities: [], system_capabilities_enforced: 'False' }
    // As in Ansible, flags that go before the names stay: "=eip cap_chown,cap_kill" begins with 'eip cap_chown'.
    const named = current.split('=')[1] ?? ''
    return { system_capabilities: named.split(',').map((each) => each.trim()), system_capabilities_enforced: 'True' }
  },
}
