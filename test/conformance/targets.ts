/** The list of integration targets: which pass whole, which in part, and which are left out, with the reasons. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface Target {
  readonly name: string
  /** whole: it ends well, with every assertion in it. part: it fails in the end, or runs without some of its lines. */
  readonly passes: 'whole' | 'part'
  /** Tasks that run at least. */
  readonly tasks: number
  /** Lines of its runme.sh, or of a role's tasks, that hold one of these are left out. */
  readonly without: readonly string[]
  /** The host has Python, because the target itself needs it. */
  readonly python: boolean
  /** Packages that the target expects of a host. */
  readonly packages: readonly string[]
  readonly why?: string
}

type Entry = number | Partial<Omit<Target, 'name' | 'passes'>>

interface List {
  readonly whole: Readonly<Record<string, Entry>>
  readonly part: Readonly<Record<string, Entry>>
  readonly out: Readonly<Record<string, string>>
}

const list = parse(readFileSync(join(import.meta.dirname, 'targets.yml'), 'utf8')) as List

/** The targets that are run, in the order of the list. */
export const targets: readonly Target[] = (['whole', 'part'] as const).flatMap((passes) => Object.entries(list[passes]).map(([name, entry]) => toTarget(name, passes, entry)))

/** Those that are not run, by name, with the reason. */
export const leftOut: Readonly<Record<string, string>> = list.out

function toTarget(name: string, passes: Target['passes'], entry: Entry): Target {
  const given = typeof entry === 'number' ? { tasks: entry } : entry
  return { tasks: 0, without: [], python: false, packages: [], ...given, name, passes }
}
