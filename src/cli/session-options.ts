/** The options of a command that runs tasks. */
import type { PlayDefaults } from '../engine/context.ts'
import type { FactCacheOptions } from '../engine/fact-cache.ts'
import type { ProjectOptions } from './project.ts'
import type { OutputOptions } from './reports.ts'

/** The options of the table in options.ts, as commander gives them. */
export interface SessionOptions extends ProjectOptions, OutputOptions {
  readonly limit?: readonly string[] | undefined
  readonly check?: boolean | undefined
  readonly diff?: boolean | undefined
  readonly forks?: number | undefined
  readonly tags?: readonly string[] | undefined
  readonly skipTags?: readonly string[] | undefined
  readonly startAtTask?: string | undefined
  readonly forceHandlers?: boolean | undefined
  readonly exitChanged?: boolean | undefined
  readonly user?: string | undefined
  readonly port?: number | undefined
  readonly askPass?: boolean | undefined
  readonly connectionPasswordFile?: string | undefined
  readonly privateKey?: string | undefined
  readonly connection?: string | undefined
  readonly timeout?: number | undefined
  /** Of ansible.cfg. */
  readonly sshArgs?: string | undefined
  readonly sshCommonArgs?: string | undefined
  readonly sshExtraArgs?: string | undefined
  readonly hostKeyChecking?: 'strict' | 'accept-new' | 'no' | undefined
  readonly become?: boolean | undefined
  readonly becomeUser?: string | undefined
  readonly becomeMethod?: string | undefined
  readonly becomeExe?: string | undefined
  readonly becomeFlags?: string | undefined
  readonly askBecomePass?: boolean | undefined
  readonly becomePasswordFile?: string | undefined
  readonly step?: boolean | undefined
  readonly flushCache?: boolean | undefined
  /** Of ansible.cfg. */
  readonly playDefaults?: PlayDefaults | undefined
  readonly factCaching?: Omit<FactCacheOptions, 'warn'> | undefined
}
