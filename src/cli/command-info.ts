/** What is known of a command before its code is loaded. */
import type { Outcome } from './exit-codes.ts'
import type { OptionGroup } from './options.ts'

export interface ArgumentInfo {
  /** As commander writes it: `<inventory>` must be given, `[host...]` may, and may be several. */
  readonly name: string
  readonly summary: string
}

/** What a command's file exports. `options` holds what commander made of the options of the table. */
export type RunCommand = (args: readonly (string | readonly string[] | undefined)[], options: Readonly<Record<string, unknown>>) => Promise<Outcome>

export interface CommandInfo {
  readonly name: string
  readonly summary: string
  /** Further sentences for its own help and the documentation. */
  readonly description?: string
  readonly arguments: readonly ArgumentInfo[]
  readonly groups: readonly OptionGroup[]
  readonly examples: readonly string[]
  readonly load: () => Promise<{ readonly run: RunCommand }>
}
