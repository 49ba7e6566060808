/** ansible.builtin.package: packages by the manager that the host has. */
import { packageRead } from '../../probe/package.ts'
import type { PackageState } from '../../probe/package-state.ts'
import type { Read } from '../../probe/read.ts'
import { str } from '../../values/print.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, text, type Input } from '../contract/option.ts'
import { aptPlan, aptReads, aptResult, aptWork, type AptWork } from './apt.ts'
import { aptOptions, type AptInput } from './apt-options.ts'
import { dnfOptions, type DnfInput } from './dnf-options.ts'
import { dnfPlan, dnfReads } from './dnf-plan.ts'
import { dnfResult } from './dnf-result.ts'

const { state: aptState, name, ...aptRest } = aptOptions

/** Options beyond name and state are the manager's own; one that it does not have is an error, as it is there. */
const options = { ...dnfOptions, ...aptRest, name, state: aptState, use: defaulting(text('The manager; found out unless it is given here or by ansible_package_use.'), 'auto') }

type PackageInput = Input<typeof options>

export const packageModule = state({
  name: 'ansible.builtin.package',
  summary: "Installs and removes packages with the host's own manager: apt, dnf or yum.",
  options,
  actsAs: { option: 'use', modules: ['apt', 'dnf', 'dnf5', 'yum'], variables: ['ansible_package_use', 'ansible_pkg_mgr'] },
  prepare(input, controller) {
    const use = input.use === 'auto' ? str(controller.variable('ansible_package_use') ?? 'auto') : input.use
    return { asked: { ...input, use }, work: aptWork(asApt(input)) }
  },
  reads: (_input, { asked, work }, known: Known) => reads(asked, work, known),
  plan: (_input, known: Known, { asked, work }) => plan(asked, known, work),
  result(_input, known: Known, outcome, { asked, work }) {
    return family(asked, known) === 'apt' ? aptResult(asApt(asked), known, outcome, work) : dnfResult(asDnf(asked), known, outcome)
  },
})

function family({ use }: PackageInput, known: Known): 'apt' | 'dnf' | undefined {
  const manager = use === 'auto' ? (known.manager as PackageState | undefined)?.manager : use.replace(/^ansible\.\w+\./, '')
  if (manager === 'apt' || manager === 'apt-get') return 'apt'
  return manager !== undefined && ['dnf', 'dnf4', 'dnf5', 'yum', 'yum4'].includes(manager) ? 'dnf' : undefined
}

/** Any package tells the manager; the states are asked along with it, because both families answer alike. */
function reads(input: PackageInput, work: AptWork, known: Known): Record<string, Read<unknown>> {
  return { manager: packageRead('bash'), ...aptReads(asApt(input), work, known, 'any'), ...(family(input, known) === 'dnf' && dnfReads(asDnf(input))) }
}

function plan(input: PackageInput, known: Known, work: AptWork): Plan {
  const of = family(input, known)
  if (of === undefined) {
    if (input.use !== 'auto') return { fail: `Could not find a matching action for the "${input.use}" package manager.` }
    const { manager } = known.manager as PackageState
    return { fail: manager === undefined ? 'this host has no package manager that plonerun knows' : `packages of ${manager} are not supported` }
  }
  const foreign = Object.keys(of === 'apt' ? dnfOptions : aptOptions).filter((option) => !((option in (of === 'apt' ? aptOptions : dnfOptions)) || option === 'name'))
  const used = foreign.find((option) => isGiven(option, input))
  if (used !== undefined) return { fail: `Unsupported parameters for (${of}) module: ${used}` }
  return of === 'apt' ? aptPlan(asApt(input), known, work) : dnfPlan(asDnf(input), known)
}

/** Whether an option has another value than the one it has by default. */
function isGiven(option: string, input: PackageInput): boolean {
  const value = (input as Readonly<Record<string, unknown>>)[option]
  return value !== undefined && value !== (options as Readonly<Record<string, { readonly fallback?: unknown }>>)[option]?.fallback
}

function asApt(input: PackageInput): AptInput {
  return input
}

function asDnf({ state, update_cache, ...input }: PackageInput): DnfInput {
  return { ...input, update_cache: update_cache ?? false, state: state === 'latest' || state === 'absent' || state === 'removed' ? state : undefined }
}
