/** How a site stands: what the balancer says of its Zopes beside what the kernel and systemd do. Plain data. */
import type { BackendState } from './balancer.ts'

export interface SiteStatus {
  readonly site: string
  readonly balancer: string
  /** Why the balancer does not tell how the Zopes stand. */
  readonly why?: string
  /** Those that serve, and spare ones that are in use all the same. */
  readonly zopes: readonly ZopeStatus[]
  /** The daemons beside them. */
  readonly services: readonly ServiceStatus[]
}

export interface ServiceStatus {
  readonly unit: string
  /** What systemd says: `active`, `failed` ... */
  readonly active: string
  /** Bytes in memory. */
  readonly memory?: number
  /** Seconds since it was started. */
  readonly seconds?: number
  /** Of its package. */
  readonly version?: string
}

export interface ZopeStatus extends Omit<ServiceStatus, 'version'> {
  readonly name: string
  readonly endpoint: string
  /** As the balancer has it. */
  readonly state?: BackendState
  /** Connections in /proc/net/tcp and tcp6: ESTABLISHED and CLOSE_WAIT at its end. */
  readonly open: number
  readonly listening: boolean
  /** Of what it runs with now, which is not what is installed while a cycle has still to come. */
  readonly plone?: string
  readonly zope?: string
  readonly python?: string
}
