/** Versions of Python packages and what they are compared with, as PEP 440 defines them. */

interface Version {
  readonly epoch: number
  readonly release: readonly number[]
  /** Sorts dev before a, b, rc before the release before post: [phase, number, post, dev]. */
  readonly rank: readonly number[]
  readonly local: string
}

const PATTERN = /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)[-_.]?(?:(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?$/i
const PHASES: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2, preview: 2 }

function parse(text: string): Version | undefined {
  const match = PATTERN.exec(text.trim())
  if (match === null) return undefined
  const [, epoch = '0', release = '', pre, preNumber, implicitPost, post, dev, devNumber, local = ''] = match
  const hasPost = implicitPost !== undefined || post !== undefined
  const phase = pre !== undefined ? PHASES[pre.toLowerCase()]! : dev !== undefined && !hasPost ? -1 : 3
  return {
    epoch: Number(epoch),
    release: release.split('.').map(Number),
    rank: [phase, Number(preNumber ?? 0), hasPost ? Number(implicitPost ?? post ?? 0) : -1, dev === undefined ? Infinity : Number(devNumber ?? 0)],
    local: local.toLowerCase(),
  }
}

/** Negative when the first is older. A local label (`+deb1`) counts only with `local`. */
function compare(a: Version, b: Version, local = false): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch
  for (let index = 0; index < Math.max(a.release.length, b.release.length); index++) {
    const difference = (a.release[index] ?? 0) - (b.release[index] ?? 0)
    if (difference !== 0) return difference
  }
  for (let index = 0; index < a.rank.length; index++) if (a.rank[index] !== b.rank[index]) return a.rank[index]! < b.rank[index]! ? -1 : 1
  if (!local || a.local === b.local) return 0
  return a.local < b.local ? -1 : 1
}

/**
 * Whether a version fits specifiers such as `>=1.2,!=1.5,<2`.
 * @returns undefined when a version or specifier is not understood
 */
export function fits(version: string, specifiers: string): boolean | undefined {
  const parts = specifiers.split(',').map((part) => part.trim())
  const verdicts = parts.filter((part) => part !== '').map((part) => fitsOne(version, part))
  if (verdicts.includes(false)) return false
  return verdicts.includes(undefined) ? undefined : true
}

function fitsOne(version: string, specifier: string): boolean | undefined {
  const [, operator, wanted = ''] = /^(===|~=|==|!=|<=|>=|<|>)\s*(\S+)$/.exec(specifier) ?? []
  if (operator === undefined) return undefined
  if (operator === '===') return version === wanted
  const [found, other] = [parse(version), parse(wanted.replace(/\.\*$/, ''))]
  if (found === undefined || other === undefined) return undefined
  if (wanted.endsWith('.*')) {
    const same = found.epoch === other.epoch && other.release.every((part, index) => part === (found.release[index] ?? 0))
    return operator === '==' ? same : operator === '!=' ? !same : undefined
  }
  const order = compare(found, other, other.local !== '')
  switch (operator) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<=':
      return order <= 0
    case '>=':
      return order >= 0
    // An older or newer release of the same version is not meant: `<2` leaves out 2rc1, `>2` leaves out 2.post1.
    case '<':
      return order < 0 && !(isBefore(found) && !isBefore(other) && sameRelease(found, other))
    case '>':
      return order > 0 && !(found.rank[2]! >= 0 && other.rank[2]! < 0 && sameRelease(found, other))
    default:
      return order >= 0 && other.release.slice(0, -1).every((part, index) => part === (found.release[index] ?? 0))
  }
}

function isBefore({ rank }: Version): boolean {
  return rank[0]! < 3
}

function sameRelease(a: Version, b: Version): boolean {
  return compare({ ...a, rank: [] }, { ...b, rank: [] }) === 0
}
