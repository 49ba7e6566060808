/** Where a host is and how it is reached: what an inventory says, before ~/.ssh/config has been asked. */
import type { Secret } from '../values/secret.ts'

/** What to do about a host key that known_hosts does not have. One that differs is refused, except with `no`. */
export type HostKeyChecking = 'strict' | 'accept-new' | 'no'

export interface HostAddress {
  /** The inventory's name for it, used in messages. */
  readonly name: string
  readonly connection: 'ssh' | 'local' | 'docker' | 'podman' | 'nsenter' | 'unsupported'
  /** What an unsupported connection is called. */
  readonly kind?: string
  /** A host name, an address or an alias of ~/.ssh/config; the container's name or id; for nsenter the process id. */
  readonly host: string
  /** Left out: what ~/.ssh/config says, then 22. */
  readonly port?: number
  /** Left out: what ~/.ssh/config says, then the local user. */
  readonly user?: string
  readonly password?: Secret
  readonly privateKeyFile?: string
  readonly passphrase?: Secret
  /** Left out: what ~/.ssh/config says, then strict. */
  readonly hostKeyChecking?: HostKeyChecking
  readonly knownHostsFile?: string
  /** Words of `ansible_ssh_common_args` and `ansible_ssh_extra_args`: `-o`, `-J`, `-i`, `-p`, `-l` and `-F` are understood. */
  readonly sshArgs?: readonly string[]
  /** Seconds that connecting may take. */
  readonly timeout: number
}
