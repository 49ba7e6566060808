/** Pound 4: poundctl with names, and its JSON. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Balancer, Endpoint } from './balancer.ts'
import type { Box } from './box.ts'

/** What `poundctl -j list` prints, as far as it is used. */
interface Listing {
  readonly listeners: readonly { readonly name: string | null; readonly services: readonly Service[] }[]
}

interface Service {
  readonly name: string | null
  readonly backends: readonly { readonly address?: string; readonly alive: boolean; readonly enabled: boolean }[]
  /** `backend` counts from 1. */
  readonly sessions: readonly { readonly key: string; readonly backend: number }[] | null
}

/** A session may be gone by its turn; the next look shows those that are left. */
const DELETE = 'poundctl=$1; service=$2; shift 2; for key; do "$poundctl" delete "$service" "$key" || true; done >/dev/null 2>&1'
/** Keys handed to one command, which has a limit. */
const KEYS_AT_ONCE = 500

/**
 * @param poundctl the program, which knows its socket
 * @param listener name of the listener in Pound's configuration
 * @param service name of its service
 */
export function pound4(box: Box, poundctl: string, listener: string, service: string): Balancer {
  async function find(): Promise<{ readonly found: Service; readonly path: string }> {
    const { listeners } = parse(await box.look(`${poundctl} -j list`))
    const listenerIndex = listeners.findIndex(({ name }) => name === listener)
    const services = listeners[listenerIndex]?.services ?? []
    const serviceIndex = services.findIndex(({ name }) => name === service)
    if (serviceIndex === -1) throw new PlonerunError(`Pound has no service '${service}' in a listener '${listener}'`, { kind: 'task' })
    return { found: services[serviceIndex]!, path: `/${listenerIndex}/${serviceIndex}` }
  }

  async function turn(backend: Endpoint, way: 'on' | 'off'): Promise<void> {
    const { found } = await find()
    await box.run(`${way} in Pound: ${addressText(backend)}`, [poundctl, way, `/${listener}/${service}/${indexOf(found, backend)}`])
  }

  return {
    async states(backends) {
      const { found } = await find()
      return backends.map((backend) => {
        const index = indexOf(found, backend)
        const { enabled, alive } = found.backends[index]!
        return { enabled, alive, sessions: keysOf(found, index).length }
      })
    },
    disable: (backend) => turn(backend, 'off'),
    enable: (backend) => turn(backend, 'on'),
    async dropSessions(backend) {
      const { found, path } = await find()
      const keys = keysOf(found, indexOf(found, backend))
      for (let from = 0; from < keys.length; from += KEYS_AT_ONCE)
        await box.run(`move sessions away from ${addressText(backend)}`, ['/bin/sh', '-c', DELETE, 'sh', poundctl, path, ...keys.slice(from, from + KEYS_AT_ONCE)])
    },
  }
}

function parse(printed: string): Listing {
  try {
    return JSON.parse(printed) as Listing
  } catch {
    throw new PlonerunError('Pound does not tell its state', { kind: 'task', why: printed.trim() || 'poundctl printed nothing', hint: 'is Pound running?' })
  }
}

function indexOf({ backends }: Service, backend: Endpoint): number {
  const index = backends.findIndex(({ address }) => address === addressText(backend))
  if (index === -1) throw new PlonerunError(`Pound has no backend ${addressText(backend)}`, { kind: 'task', why: `it has ${backends.map(({ address }) => address).join(', ')}` })
  return index
}

function keysOf({ sessions }: Service, index: number): string[] {
  return (sessions ?? []).filter(({ backend }) => backend === index + 1).map(({ key }) => key)
}

function addressText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
