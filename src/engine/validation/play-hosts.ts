/** The hosts of plays, and what the inventory says of them. */
import { dirname } from 'node:path'
import { chosenHosts } from '../../load/inventory/patterns.ts'
import type { Inventory } from '../../load/inventory/types.ts'
import type { Loader } from '../../load/loader.ts'
import type { Play } from '../../load/tree/play.ts'
import type { Dict } from '../../values/value.ts'
import { inventoryLayers } from '../inventory-change.ts'

/** Of a play whose patterns templates give, no hosts are known. */
export type PlayHosts = (play: Play) => {
  readonly layers: ReadonlySet<Dict>
  /** Whether one of them may be this machine. */
  readonly mayBeLocal: boolean
}

/** Asks the inventory once for each host and folder of a playbook. */
export function createPlayHosts({ loader, inventory, limit }: { readonly loader: Loader; readonly inventory: Inventory; readonly limit?: string | undefined }): PlayHosts {
  const known = new Map<string, readonly Dict[]>()
  const layersOf = (host: string, playbook: string): readonly Dict[] => {
    const key = `${dirname(playbook)} ${host}`
    const layers = known.get(key) ?? inventoryLayers({ loader, inventory }, host, playbook)
    known.set(key, layers)
    return layers
  }
  return ({ hosts: patterns, file }) => {
    const written = patterns.flatMap((pattern) => (typeof pattern === 'string' ? [pattern] : []))
    if (written.length < patterns.length) return { layers: new Set(), mayBeLocal: true }
    const hosts = chosenHosts(inventory, written, limit)
    const layers = new Set(hosts.flatMap((host) => layersOf(host, file)))
    return { layers, mayBeLocal: hosts.some((host) => inventory.host(host)?.implicit === true) || [...layers].some((layer) => layer.get('ansible_connection') === 'local') }
  }
}
