/** What is asked about a package, and its state. */

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
  /** Debian: all of it was only installed because others need it, so autoremove takes it once they do not. */
  readonly automatic: boolean
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
