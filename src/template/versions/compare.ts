/** Compares versions as Ansible's `version` test does, by each of its rules. */
import { compare as compareSemantic, parse as parseSemantic } from 'semver'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { comparePep440 } from './pep440.ts'

/** Negative, zero or positive. Throws a PlonerunError for a text that is no version by these rules. */
export function compareVersions(left: string, right: string, rules: string): number {
  switch (rules) {
    case 'loose':
      return compareParts(looseParts(left), looseParts(right))
    case 'strict':
      return compareStrict(left, right)
    case 'semver':
    case 'semantic':
      return compareSemantic(semantic(left), semantic(right))
    case 'pep440':
      return comparePep440(left, right)
    default:
      throw new PlonerunError(`Invalid version type (${rules})`, { hint: 'known are loose, strict, semver, semantic, pep440' })
  }
}

type Part = number | string

/** Numbers and the words between them; dots only separate. */
function looseParts(version: string): Part[] {
  return (version.match(/\d+|[a-z]+|[^\da-z.]+|\.(?=\.)/g) ?? []).map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

function compareParts(left: readonly Part[], right: readonly Part[]): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [a, b] = [left[index]!, right[index]!]
    if (a === b) continue
    if (typeof a !== typeof b) throw new PlonerunError(`Version comparison failed: '<' not supported between instances of '${typeof a === 'number' ? 'int' : 'str'}' and '${typeof b === 'number' ? 'int' : 'str'}'`, { hint: "version_type='semver' or 'pep440' orders such versions" })
    return a < b ? -1 : 1
  }
  return left.length - right.length
}

const STRICT = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/

function compareStrict(left: string, right: string): number {
  const [a, b] = [strictParts(left), strictParts(right)]
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return a[index]! - b[index]!
  return 0
}

function strictParts(version: string): number[] {
  const match = STRICT.exec(version)
  if (!match) throw new PlonerunError(`Version comparison failed: invalid version number '${version}'`)
  const [, major, minor, patch = '0', letter, pre] = match
  return [Number(major), Number(minor), Number(patch), letter === undefined ? 2 : letter === 'a' ? 0 : 1, Number(pre ?? 0)]
}

function semantic(version: string): string {
  const parsed = parseSemantic(version)
  if (!parsed || !/^\d/.test(version)) throw new PlonerunError(`Version comparison failed: invalid semantic version '${version}'`)
  return parsed.version
}
