/** The state of a package: installed in which version, held, provided by others, and what the package lists offer. */
import { packageScript, parseDeb, parseManager, parseRpm } from './package-listing.ts'
import { read, type Imagined, type ProbeKind, type Read } from './read.ts'

/** dpkg's world or rpm's. */
export type PackageFamily = 'deb' | 'rpm'

export type PackageManager = 'apt' | 'dnf' | 'dnf5' | 'yum' | 'zypper' | 'apk' | 'pacman'

export interface PackageRequest {
  /** A package's or a virtual package's name, `libc6:i386`, or a pattern (`nginx*`, Debian only). No version. */
  readonly name: string
  /** What the package lists offer is asked also when it is installed. */
  readonly candidate?: boolean
  /** Asks this family's database, whatever the host says it is. */
  readonly family?: PackageFamily
}

export interface InstalledPackage {
  readonly name: string
  readonly architecture: string
  /** As the system prints it: `1.26.3-3+deb13u1`, `1:2.4.6-1.el9` (with the epoch when there is one). */
  readonly version: string
}

export interface PackageState {
  /** What this host installs packages with; undefined when nothing known was found. */
  readonly manager: PackageManager | undefined
  /** Packages of that name (one for each architecture) or matching the pattern, fully installed. */
  readonly installed: readonly InstalledPackage[]
  /** Installed packages that provide the name. */
  readonly providers: readonly InstalledPackage[]
  /** Debian: held back by `apt-mark hold`. */
  readonly held: boolean
  /** Debian: removed, but its configuration files are still there. */
  readonly leftovers: boolean
  /** Debian: unpacked but not configured, because something was interrupted. */
  readonly broken: boolean
  /**
   * What the lists offer, newest first. Asked of packages that are not installed, and of all with `candidate`; on Debian only.
   * Empty: the lists do not know the name. undefined: not asked, or (check mode) lists that nobody can foresee.
   */
  readonly versions?: readonly string[]
  /** The version an installation would take; undefined also for a virtual package. */
  readonly candidate?: string
  /** The lists mention the name, but there is no package of it: others may provide it. */
  readonly virtual?: true
}

/** Asks for the state of a package. */
export function packageRead(name: string, options: Omit<PackageRequest, 'name'> = {}): Read<PackageState> {
  return read(packageKind, { name, ...options })
}

export const packageKind: ProbeKind<PackageRequest, PackageState> = {
  name: 'package',
  script: packageScript,
  parse(requests, stdout) {
    const [manager = '', deb = '', policy = '', rpm = ''] = stdout.toString('utf8').split('\0')
    const found = parseManager(manager)
    const fromDeb = parseDeb(deb, policy)
    const fromRpm = parseRpm(rpm)
    return requests.map((request) => ({
      manager: found.manager,
      ...((request.family ?? found.family) === 'rpm' ? fromRpm(request.name) : fromDeb(request.name)),
    }))
  },
  touches: ({ name }) => [`package:${bareName(name)}`],
  imagine: ({ name }, real, imagined) => imagined.reduce((state, each) => imaginePackage(bareName(name), state, each), real),
}

/** The name without an architecture. */
function bareName(name: string): string {
  return name.replace(/:[a-z0-9-]+$/, '')
}

function imaginePackage(name: string, state: PackageState, imagined: Imagined): PackageState {
  if (imagined.kind === 'package-lists') {
    const { versions: _versions, candidate: _candidate, virtual: _virtual, ...rest } = state
    return rest
  }
  if (imagined.kind !== 'package' || imagined.name !== name) return state
  if (imagined.version === null) return { ...state, installed: [], providers: [], leftovers: false }
  return { ...state, installed: [{ name, architecture: state.installed[0]?.architecture ?? '', version: imagined.version }], broken: false }
}
