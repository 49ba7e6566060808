/** What apt has to do for a list of names: pure, shared by apt and package. */
import type { PackageState } from '../../probe/package-state.ts'
import type { Change, Plan } from '../contract/change.ts'
import { aptGet, type AptGetOptions } from './apt-get.ts'
import { compareDebVersions } from './deb-version.ts'
import { hasNewer, installTarget, isSatisfied, type AptSpec } from './apt-spec.ts'

export interface Named {
  readonly spec: AptSpec
  readonly state: PackageState
}

/**
 * Installs what is missing, or for `latest` also what is not the newest.
 * @param fetching the lists are fetched before, so what they said so far counts for nothing
 */
export function planInstall(packages: readonly Named[], latest: boolean, options: AptGetOptions, fetching: boolean): Plan {
  const wanted = packages.filter(({ spec, state }) => {
    if (options.only_upgrade === true && state.installed.length === 0) return false
    return !isSatisfied(spec, state) || (latest && state.installed.length > 0 && (fetching || hasNewer(state)))
  })
  if (wanted.length === 0) return {}
  const targets = wanted.map(({ spec, state }) => ({ spec, state, target: installTarget(spec, state, !fetching) }))
  const missing = targets.flatMap(({ target }) => ('missing' in target ? [target.missing] : []))
  if (missing.length > 0) return { fail: missing.join('; '), ...(wanted.every(({ spec }) => spec.version !== undefined) && { result: {} }) }
  const found = targets.flatMap(({ target, ...rest }) => ('missing' in target ? [] : [{ ...rest, target }]))
  if (options.allow_downgrade !== true && options.force !== true && found.some(isOlder)) return refused('Packages were downgraded and -y was used without --allow-downgrades.')
  return {
    changes: [
      {
        summary: found.map(({ spec, state, target }) => installSummary(spec.name, state, target.version, fetching)).join(', '),
        writes: ['package:*', 'anything'],
        steps: [aptGet(options, 'install', ...found.map(({ target }) => target.argument))],
        leaves: found.map(({ spec, target }) => ({ kind: 'package', name: spec.name.replace(/:.*/, ''), version: target.version })),
      },
    ],
  }
}

/** Whether a newer version is there than the one that is asked for. */
function isOlder({ state, target }: { readonly state: PackageState; readonly target: { readonly version: string } }): boolean {
  return target.version !== '' && state.installed.some(({ version }) => compareDebVersions(target.version, version) < 0)
}

/** What apt-get says when it will not, known before it is called. */
function refused(why: string): Plan {
  return { fail: `E: ${why}`, result: { rc: 100, stderr: `E: ${why}\n` } }
}

function installSummary(name: string, { installed }: PackageState, version: string, fetching: boolean): string {
  const before = installed[0]?.version
  if (before === undefined) return `install ${name} ${version}`.trim()
  return fetching ? `upgrade ${name} ${before} when there is a newer one` : `${name} ${before} -> ${version}`
}

/**
 * What is asked for by name stays when nothing needs it any more, also where it was there because others do: apt-get
 * marks so only what it installs. As in Ansible this counts as no change of the task.
 */
export function planMarks(packages: readonly Named[]): readonly Change[] {
  const names = packages.filter(({ state }) => state.automatic).map(({ spec }) => spec.name)
  if (names.length === 0) return []
  return [{ summary: `${names.join(', ')} stays when nothing needs it`, writes: ['path:/var/lib/apt/extended_states'], steps: [{ argv: ['apt-mark', 'manual', ...names] }], leaves: [] }]
}

/** Removes what is installed, with `purge` also what only left its configuration files. */
export function planRemove(packages: readonly Named[], options: AptGetOptions): readonly Change[] {
  const { purge = false } = options
  const wanted = packages.filter(({ state }) => state.installed.length > 0 || state.broken || (purge && state.leftovers))
  if (wanted.length === 0) return []
  return [
    {
      summary: wanted.map(({ spec, state }) => `${purge ? 'purge' : 'remove'} ${spec.name} ${state.installed[0]?.version ?? ''}`.trim()).join(', '),
      writes: ['package:*', 'anything'],
      steps: [aptGet(options, 'remove', ...wanted.map(({ spec }) => spec.name))],
      leaves: wanted.flatMap(({ spec, state }) => [spec.name.replace(/:.*/, ''), ...state.installed.map(({ name }) => name)].map((name) => ({ kind: 'package' as const, name, version: null }))),
    },
  ]
}
