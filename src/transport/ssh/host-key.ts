/** Decides whether the key that a host shows is the host's, and says what to do when it is not. */
import type { ServerHostKeyAlgorithm } from 'ssh2'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { quote } from '../../shell/quote.ts'
import { addKnownKey, fingerprint, judge, keyType, type KnownKey, knownName, readKnownKeys } from './known-hosts.ts'
import type { SshTarget } from './target.ts'

export interface HostKeyCheck {
  /** Key types to ask the host for, those first that known_hosts has. */
  readonly algorithms: ServerHostKeyAlgorithm[]
  /** @throws PlonerunError of kind `unreachable` when the key must not be trusted */
  check(shown: Buffer): Promise<void>
}

const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
]

/** Reads what is known of the host. As with ssh, a line without the port also holds for another port, as long as it agrees. */
export function prepareHostKeyCheck(target: SshTarget): HostKeyCheck {
  const { host, port, hostKeyAlias, knownHostsFiles } = target
  const name = hostKeyAlias?.toLowerCase() ?? knownName(host, port)
  const known = readKnownKeys(knownHostsFiles, name)
  const withoutPort = hostKeyAlias === undefined && port !== 22 ? readKnownKeys(knownHostsFiles, host.toLowerCase()) : []
  const types = new Set([...known, ...withoutPort].filter(({ marker }) => marker === undefined).map(({ type }) => type))
  const isKnown = (algorithm: string): boolean => types.has(algorithm) || (algorithm.startsWith('rsa-') && types.has('ssh-rsa'))
  return {
    algorithms: [...ALGORITHMS.filter(isKnown), ...ALGORITHMS.filter((algorithm) => !isKnown(algorithm))],
    async check(shown) {
      if (target.hostKeyChecking === 'no') return
      const verdict = judge(known, shown)
      if (verdict.is === 'known') return
      if (verdict.is !== 'unknown') throw untrusted(target, name, shown, verdict.by, verdict.is)
      const elsewhere = judge(withoutPort, shown)
      if (elsewhere.is === 'known') return
      if (elsewhere.is === 'revoked') throw untrusted(target, name, shown, elsewhere.by, 'revoked')
      if (target.hostKeyChecking === 'strict' || knownHostsFiles.length === 0) throw unknown(target, shown, verdict.others)
      await addKnownKey(knownHostsFiles[0]!, name, shown, target.hashKnownHosts)
    },
  }
}

function untrusted({ name }: SshTarget, knownAs: string, shown: Buffer, by: KnownKey, why: 'changed' | 'revoked'): PlonerunError {
  const place = `${by.file}:${by.line}`
  const key = `${keyType(shown)} ${fingerprint(shown)}`
  if (why === 'revoked')
    return new PlonerunError(`${name} shows a host key that is revoked`, { kind: 'unreachable', why: `${place} revokes ${key}`, hint: 'do not connect before you know why the host still uses it' })
  return new PlonerunError(`THE HOST KEY OF ${name} HAS CHANGED`, {
    kind: 'unreachable',
    why: `it shows ${key}, and ${place} has ${fingerprint(by.key)}: the host was installed anew, or somebody is listening in`,
    hint: `when you are sure that it is the host, remove the old key: ssh-keygen -f ${quote(by.file)} -R ${quote(knownAs)}`,
  })
}

function unknown({ name, host, port, knownHostsFiles }: SshTarget, shown: Buffer, others: readonly KnownKey[]): PlonerunError {
  const authority = others.find(({ marker }) => marker === 'cert-authority')
  const note = authority ? `; ${authority.file}:${authority.line} names a certificate authority, and plonerun does not check certificates` : ''
  const scan = `ssh-keyscan${port === 22 ? '' : ` -p ${port}`} ${quote(host)} >> ${quote(knownHostsFiles[0] ?? '~/.ssh/known_hosts')}`
  return new PlonerunError(`the host key of ${name} is not known`, {
    kind: 'unreachable',
    why: `it shows ${keyType(shown)} ${fingerprint(shown)}${note}`,
    hint: `compare it with the host's own and add it (${scan}), or trust what is new: ansible_ssh_common_args='-o StrictHostKeyChecking=accept-new'`,
  })
}
