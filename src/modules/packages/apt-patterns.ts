/** Names with wildcards (`php8.2-*`): all packages that apt's lists know and that fit, as if each were named. */
import { isPattern, nameMatcher } from '../../probe/package-listing.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import type { Known } from '../contract/module.ts'
import type { AptSpec } from './apt-spec.ts'

/** Asks which packages there are, for each pattern. */
export function patternReads(specs: readonly AptSpec[]): Record<string, Read<ShellResult>> {
  return Object.fromEntries(patternsOf(specs).map(({ name }) => [keyOf(name), shellRead(`apt-cache pkgnames ${quote(/^[^*?[]*/.exec(name)![0])}`, ['package:*'])]))
}

/** What the patterns stand for, as far as that is known. */
export function expanded(specs: readonly AptSpec[], known: Known): readonly AptSpec[] {
  return specs.flatMap((spec) => (isPattern(spec.name) ? fitting(spec, known) : [spec]))
}

/** The patterns that no package fits. */
export function unmatched(specs: readonly AptSpec[], known: Known): readonly string[] {
  return patternsOf(specs).filter((spec) => fitting(spec, known).length === 0).map(({ name }) => name)
}

function patternsOf(specs: readonly AptSpec[]): readonly AptSpec[] {
  return specs.filter(({ name }) => isPattern(name))
}

/** A version with a pattern counts for nothing in Ansible either; an architecture does. */
function fitting({ name }: AptSpec, known: Known): readonly AptSpec[] {
  const found = known[keyOf(name)] as ShellResult | undefined
  const [pattern = '', ...architecture] = name.split(':')
  const names = found?.stdout.split('\n').filter(nameMatcher(pattern)).sort() ?? []
  return names.map((each) => [each, ...architecture].join(':')).map((each) => ({ text: each, name: each }))
}

function keyOf(name: string): string {
  return `names ${name}`
}
