/** Calls of apt-get that change something: never asking, waiting for the lock, healing what was interrupted. */
import { sh, type Step } from '../contract/change.ts'

/** What apt's options are named after in the task. */
export interface AptGetOptions {
  readonly force?: boolean | undefined
  readonly install_recommends?: boolean | undefined
  readonly default_release?: string | undefined
  readonly dpkg_options?: string | undefined
  readonly allow_unauthenticated?: boolean | undefined
  readonly allow_downgrade?: boolean | undefined
  readonly allow_change_held_packages?: boolean | undefined
  readonly fail_on_autoremove?: boolean | undefined
  readonly only_upgrade?: boolean | undefined
  readonly purge?: boolean | undefined
  readonly autoremove?: boolean | undefined
  /** Seconds. */
  readonly lock_timeout: number
  readonly policy_rc_d?: number | undefined
}

/** Options in front of the verb. */
export function aptGetFlags(options: AptGetOptions): string[] {
  const forced = options.force === true
  const when = (flag: string, ...conditions: readonly (boolean | undefined)[]): string[] => (conditions.includes(true) ? [flag] : [])
  return [
    '-y',
    '-q',
    ...(options.dpkg_options ?? 'force-confdef,force-confold').split(',').flatMap((each) => ['-o', `Dpkg::Options::=--${each.trim()}`]),
    ...['-o', `DPkg::Lock::Timeout=${options.lock_timeout}`],
    ...(options.install_recommends === undefined ? [] : ['-o', `APT::Install-Recommends=${options.install_recommends ? 'yes' : 'no'}`]),
    ...(options.default_release === undefined ? [] : ['-t', options.default_release]),
    ...when('--allow-unauthenticated', forced, options.allow_unauthenticated),
    ...when('--allow-downgrades', forced, options.allow_downgrade),
    ...when('--allow-change-held-packages', forced, options.allow_change_held_packages),
    ...when('--allow-remove-essential', forced),
    ...when('--no-remove', options.fail_on_autoremove),
    ...when('--only-upgrade', options.only_upgrade),
    ...when('--purge', options.purge),
    ...when('--auto-remove', options.autoremove),
  ]
}

/** A call of apt-get. */
export function aptGet(options: AptGetOptions, verb: string, ...names: readonly string[]): Step {
  const policy = options.policy_rc_d === undefined ? '' : String(options.policy_rc_d)
  return {
    ...sh(`${policy === '' ? '' : POLICY}${HEALING}`, policy, ...aptGetFlags(options), verb, ...names),
    environment: { DEBIAN_FRONTEND: 'noninteractive', DEBIAN_PRIORITY: 'critical', APT_LISTCHANGES_FRONTEND: 'none' },
  }
}

/** When it fails because an earlier run was interrupted, that is finished first; a second failure is the task's. */
const HEALING = `shift
apt-get "$@" </dev/null && exit
code=$?
if [ -z "$(ls /var/lib/dpkg/updates)" ] && apt-get -qq check >/dev/null 2>&1; then exit "$code"; fi
dpkg --force-confdef --force-confold --configure -a </dev/null >&2
apt-get -y -q -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold --fix-broken install </dev/null >&2 || exit
apt-get "$@" </dev/null`

/** Keeps packages from starting services, as policy-rc.d(8) has it, and puts back what was there. */
const POLICY = `policy=/usr/sbin/policy-rc.d
restore() { rm -f "$policy"; if [ -e "$policy.plonerun" ]; then mv "$policy.plonerun" "$policy"; fi; }
[ ! -e "$policy" ] || mv "$policy" "$policy.plonerun" || exit
trap restore EXIT
trap 'exit 130' HUP INT TERM
printf '#!/bin/sh\\nexit %s\\n' "$1" >"$policy" && chmod 755 "$policy" || exit
`

/** Whether a call did something, from what apt-get printed (in English, since plonerun's own commands run with LC_ALL=C). */
export function didSomething(output: string): boolean {
  const counts = /^(\d+) upgraded, (\d+) newly installed,(?: (\d+) reinstalled,)?(?: (\d+) downgraded,)? (\d+) to remove/m.exec(output)
  return counts === null || counts.slice(1).some((count) => Number(count ?? 0) > 0)
}

/** `Inst`, `Remv` and `Purg` lines of a simulation, one short text each. */
export function simulated(output: string): string[] {
  return [...output.matchAll(/^(Inst|Remv|Purg) (\S+)(?: \[([^\]]*)\])?(?: \((\S+))?/gm)].map(([, verb, name, before, after]) =>
    verb === 'Inst' ? `${before === undefined ? 'install' : 'upgrade'} ${name} ${before === undefined ? '' : `${before} -> `}${after}` : `${verb === 'Purg' ? 'purge' : 'remove'} ${name} ${before ?? ''}`.trim(),
  )
}
