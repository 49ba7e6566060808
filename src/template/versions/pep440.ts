/** Order of Python package versions (PEP 440). */
import { PlonerunError } from '../../errors/plonerun-error.ts'

const PATTERN =
  /^\s*v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)(?:[-_.]?(?<preName>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<preNumber>\d+)?)?(?:-(?<postImplicit>\d+)|[-_.]?(?<postName>post|rev|r)[-_.]?(?<postNumber>\d+)?)?(?<dev>[-_.]?dev[-_.]?(?<devNumber>\d+)?)?(?:\+(?<local>[a-z\d]+(?:[-_.][a-z\d]+)*))?\s*$/i

const PRE_RANK: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2, preview: 2 }

interface Version {
  readonly epoch: number
  readonly release: readonly number[]
  readonly pre: readonly [rank: number, number: number]
  readonly post: number
  readonly dev: number
  readonly local: readonly (string | number)[] | undefined
}

/** Negative, zero or positive. Throws a PlonerunError for a text that is no version. */
export function comparePep440(left: string, right: string): number {
  const [a, b] = [parse(left), parse(right)]
  return a.epoch - b.epoch || compareLists(a.release, b.release) || a.pre[0] - b.pre[0] || a.pre[1] - b.pre[1] || a.post - b.post || (a.dev === b.dev ? 0 : a.dev - b.dev) || compareLocal(a.local, b.local)
}

function parse(text: string): Version {
  const groups = PATTERN.exec(text)?.groups
  if (!groups) throw new PlonerunError(`Version comparison failed: Invalid version: '${text}'`)
  const release = groups['release']!.split('.').map(Number)
  while (release.length > 1 && release.at(-1) === 0) release.pop()
  const isPost = groups['postImplicit'] !== undefined || groups['postName'] !== undefined
  const isDev = groups['dev'] !== undefined
  const preName = groups['preName']?.toLowerCase()
  // A development release comes before the pre-releases, a version without a pre-release after them.
  const pre: [number, number] = preName !== undefined ? [PRE_RANK[preName]!, Number(groups['preNumber'] ?? 0)] : isDev && !isPost ? [-1, 0] : [3, 0]
  return {
    epoch: Number(groups['epoch'] ?? 0),
    release,
    pre,
    post: isPost ? Number(groups['postImplicit'] ?? groups['postNumber'] ?? 0) : -1,
    dev: isDev ? Number(groups['devNumber'] ?? 0) : Number.POSITIVE_INFINITY,
    local: groups['local']?.toLowerCase().split(/[-_.]/).map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  }
}

function compareLists(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference) return difference
  }
  return 0
}

function compareLocal(left: Version['local'], right: Version['local']): number {
  if (!left || !right) return Number(left !== undefined) - Number(right !== undefined)
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [a, b] = [left[index]!, right[index]!]
    if (a === b) continue
    if (typeof a !== typeof b) return typeof a === 'number' ? 1 : -1
    return a < b ? -1 : 1
  }
  return left.length - right.length
}
