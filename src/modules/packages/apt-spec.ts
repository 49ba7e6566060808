/** What a name in apt's list asks for: `nginx`, `nginx=1.2*`, `nginx>=1.20`, `nginx/trixie-backports`, `libc6:i386`, `php*`. */
import { isPattern, nameMatcher } from '../../probe/package-listing.ts'
import type { PackageState } from '../../probe/package-state.ts'
import { compareDebVersions } from './deb-version.ts'

export interface AptSpec {
  readonly text: string
  /** With the architecture, when one is given. */
  readonly name: string
  readonly version?: { readonly exact: boolean; readonly text: string }
  readonly release?: string
}

/** Takes a name apart. */
export function parseAptSpec(given: string): AptSpec {
  const text = given.trim()
  const [, name, sign, version] = /^([^=<>/\s]+?)\s*(>=|=|\/)\s*(\S+)$/.exec(text) ?? []
  if (name === undefined || version === undefined) return { text, name: text }
  if (sign === '/') return { text, name, release: version }
  return { text, name, version: { exact: sign === '=', text: version } }
}

/** Whether what is installed is what is asked for. */
export function isSatisfied({ version }: AptSpec, { installed, providers }: PackageState): boolean {
  if (version === undefined) return installed.length > 0 || providers.length > 0
  return installed.some((found) => versionFits(version, found.version))
}

function versionFits({ exact, text }: NonNullable<AptSpec['version']>, found: string): boolean {
  return exact ? nameMatcher(text)(found) : compareDebVersions(found, text) >= 0
}

/** Whether a newer one is on offer than the one that is installed. */
export function hasNewer({ installed, candidate }: PackageState): boolean {
  return candidate !== undefined && installed.some(({ version }) => compareDebVersions(version, candidate) < 0)
}

export type Target = { readonly argument: string; readonly version: string } | { readonly missing: string }

/**
 * What apt-get is told to install, and the version that gives ('' when it cannot be told).
 * @param judge whether what the lists offer can be relied on
 */
export function installTarget({ text, name, version, release }: AptSpec, { versions, candidate }: PackageState, judge: boolean): Target {
  if (judge && versions?.length === 0) return { missing: `No package matching '${name}' is available` }
  if (version !== undefined) {
    const fitting = versions?.find((each) => versionFits(version, each))
    if (judge && versions !== undefined && fitting === undefined) return { missing: `no available installation candidate for ${text}; the lists offer ${versions.join(', ')}` }
    if (!version.exact) return fitting === undefined ? { argument: name, version: '' } : { argument: `${name}=${fitting}`, version: fitting }
    return { argument: text, version: fitting ?? (isPattern(version.text) ? '' : version.text) }
  }
  return { argument: text, version: release === undefined ? (candidate ?? '') : '' }
}
