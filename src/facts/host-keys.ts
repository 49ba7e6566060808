/** The public keys of the host's ssh server. */
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

const ALGORITHMS = ['dsa', 'rsa', 'ecdsa', 'ed25519'] as const

export const hostKeys: FactSection = {
  name: 'host-keys',
  facts: ALGORITHMS.flatMap((algorithm) => [`ssh_host_key_${algorithm}_public`, `ssh_host_key_${algorithm}_public_keytype`]),
  files: ALGORITHMS.map(keyFile),
  parse(files) {
    const facts: Record<string, Plain> = {}
    for (const algorithm of ALGORITHMS) {
      const [type, key] = files.get(keyFile(algorithm))?.split(/\s+/) ?? []
      if (type === undefined || key === undefined) continue
      facts[`ssh_host_key_${algorithm}_public`] = key
      facts[`ssh_host_key_${algorithm}_public_keytype`] = type
    }
    return facts
  },
}

function keyFile(algorithm: string): string {
  return `/etc/ssh/ssh_host_${algorithm}_key.pub`
}
