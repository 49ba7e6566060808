/** The public keys of the host's ssh server. */
import type { Plain } from '../values/value.ts'
import { filesOf, type FactSection } from './section.ts'

const ALGORITHMS = ['dsa', 'rsa', 'ecdsa', 'ed25519'] as const

export const hostKeys: FactSection = {
  name: 'host-keys',
  facts: ALGORITHMS.flatMap((algorithm) => [`ssh_host_key_${algorithm}_public`, `ssh_host_key_${algorithm}_public_keytype`]),
  script: `head -v -n 1 ${ALGORITHMS.map((algorithm) => `/etc/ssh/ssh_host_${algorithm}_key.pub`).join(' ')} 2>/dev/null\n:`,
  parse(output) {
    const files = filesOf(output)
    const facts: Record<string, Plain> = {}
    for (const algorithm of ALGORITHMS) {
      const [type, key] = files.get(`/etc/ssh/ssh_host_${algorithm}_key.pub`)?.split(/\s+/) ?? []
      if (type === undefined || key === undefined) continue
      facts[`ssh_host_key_${algorithm}_public`] = key
      facts[`ssh_host_key_${algorithm}_public_keytype`] = type
    }
    return facts
  },
}
