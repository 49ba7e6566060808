/** ansible.builtin.dnf and yum: Red Hat's packages. */
import { state, type Known } from '../contract/module.ts'
import { dnfOptions } from './dnf-options.ts'
import { dnfPlan, dnfReads } from './dnf-plan.ts'
import { dnfResult } from './dnf-result.ts'

export const dnf = state({
  name: 'ansible.builtin.dnf',
  aliases: ['ansible.builtin.dnf5', 'ansible.builtin.yum'],
  summary: 'Installs, upgrades and removes packages on Red Hat and its kin.',
  options: dnfOptions,
  rules: { mutuallyExclusive: [['best', 'nobest']] },
  reads: (input) => dnfReads(input, 'rpm'),
  plan: (input, known: Known) => dnfPlan(input, known),
  result: (input, known: Known, outcome) => dnfResult(input, known, outcome),
})
