/** What is asked about a service, and its state. */

export type UnitScope = 'system' | 'user' | 'global'

export interface UnitRequest {
  /** `apache2`, `ssh.service`, `zope@1`; `.service` is meant when there is no suffix. */
  readonly name: string
  readonly scope?: UnitScope
}

export interface UnitState {
  /** What runs services here: systemd (it was booted), init scripts, or nothing known. */
  readonly manager: 'systemd' | 'sysv' | 'none'
  readonly exists: boolean
  /** Runs, or is about to (`active`, `activating`, `reloading`). */
  readonly active: boolean
  /** Starts with the machine. */
  readonly enabled: boolean
  /** Has no [Install] section, so that it can be neither enabled nor disabled (`static`, `generated`, `transient`). */
  readonly fixed: boolean
  readonly masked: boolean
  /** systemd has not read its files since they changed. */
  readonly needsReload: boolean
  /** systemd: everything that `systemctl show` tells. */
  readonly properties: Readonly<Record<string, string>>
}
