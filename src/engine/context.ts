/** What all parts of a run share: its inputs, and the few things it keeps. Made once by run.ts. */
import type { Position } from '../errors/position.ts'
import type { Inventory } from '../load/inventory/types.ts'
import type { Loader } from '../load/loader.ts'
import type { ActionResult, Job, Module } from '../modules/contract/module.ts'
import type { Templating } from '../template/templating.ts'
import type { Dict } from '../values/value.ts'
import type { Secret } from '../values/secret.ts'
import type { Emit } from './events.ts'
import type { FactCache } from './fact-cache.ts'
import type { MachinePool } from './machine-pool.ts'
import type { Stats } from './stats.ts'

/** Modules by every name they answer to. */
export type Modules = ReadonlyMap<string, Module>

export interface ConnectionDefaults {
  readonly user?: string
  readonly port?: number
  readonly privateKeyFile?: string
  readonly password?: Secret
  readonly connection?: string
  /** Seconds to wait for a connection. */
  readonly timeout?: number
  readonly hostKeyChecking?: 'strict' | 'accept-new' | 'no'
  readonly sshArgs?: string
}

export interface BecomeDefaults {
  readonly become?: boolean
  readonly user?: string
  readonly method?: string
  readonly exe?: string
  readonly flags?: string
  readonly password?: Secret
}

/** Settings for plays and tasks that say nothing themselves. */
export interface PlayDefaults {
  /** explicit: facts are only gathered by the setup module. smart: those of an earlier play are kept. */
  readonly gathering?: string
  readonly strategy?: string
  /** The Python of hosts that name none. */
  readonly interpreterPython?: string
  /** Seconds that a task may take that says nothing of it itself. */
  readonly taskTimeout?: number
  readonly anyErrorsFatal?: boolean
  /** Notifying a handler that is not there is a warning. */
  readonly missingHandlers?: boolean
  readonly noLog?: boolean
  /** Dicts of one name are merged, where otherwise the stronger one hides the weaker. */
  readonly mergeHashes?: boolean
  /** The ansible.cfg that was read. */
  readonly configFile?: string
}

/** What a host's add_host or group_by wants. */
export interface InventoryChange {
  readonly addHost: ActionResult['addHost']
  readonly addToGroups: ActionResult['addToGroups']
  readonly host: string
}

/** What does not change during a run. */
export interface RunContext {
  readonly loader: Loader
  /** As it was read last; read it anew from here each time. */
  inventory: Inventory
  /** Reads the inventory's sources again. */
  readonly readInventory: () => Inventory
  /** What add_host and group_by have made of the inventory, in order. */
  readonly inventoryChanges: InventoryChange[]
  readonly modules: Modules
  readonly templating: Templating
  readonly machines: MachinePool
  readonly stats: Stats
  /** What went into the background, by its id. */
  readonly jobs: Map<string, Job>
  readonly emit: Emit
  readonly signal: AbortSignal
  readonly extraVars: Dict
  readonly check: boolean
  readonly diff: boolean
  readonly forks: number
  readonly verbosity: number
  readonly connection: ConnectionDefaults
  readonly become: BecomeDefaults
  readonly forceHandlers: boolean
  /** What plays and tasks are like that do not say. */
  readonly defaults?: PlayDefaults
  /** Where facts last from run to run. */
  readonly factCache?: FactCache | undefined
  readonly limit: string | undefined
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly startAtTask: string | undefined
  /** The person is asked before each task. */
  readonly step?: boolean | undefined
  /** Opens vault-encrypted file content. */
  readonly decrypt: (content: string, file: string) => string
  /** Asks the person; null without a terminal. */
  readonly ask: (prompt: string, options?: { readonly secret?: boolean; readonly timeout?: number }) => Promise<string | null>
  /** Texts that must never be shown; grows as secrets are used. */
  readonly secrets: Set<string>
  /** A warning or word to the person, said once. */
  readonly note: (level: 'warning' | 'deprecated' | 'info', message: string, where?: Position) => void
}
