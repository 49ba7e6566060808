/** `plonerun cycle`: restarts the Zopes of sites without a request lost. */
import type { RunCommand } from '../commands.ts'
import { runSession, type SessionOptions } from '../session.ts'
import { chosenSites, sitePlaybook, type SiteChoice } from '../site-playbook.ts'

interface CycleOptions extends SessionOptions, SiteChoice {
  readonly only?: string
  readonly canary?: number
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly resume?: boolean
}

/** Its variables are what the command line says. */
const TASKS = `
- name: cycle
  plonerun.cycle:
    site: "{{ site }}"
    only: "{{ cycle_only | default(omit) }}"
    canary: "{{ cycle_canary | default(omit) }}"
    force: "{{ cycle_force }}"
    resume: "{{ cycle_resume }}"
  loop: "{{ chosen_sites }}"
  loop_control:
    loop_var: site
    label: "{{ site.name }}"
`

export const run: RunCommand = (_, given) => {
  const options: CycleOptions = given
  const names = chosenSites(options)
  const { only, canary, force = false, resume = false } = options
  const vars = {
    cycle_force: force,
    cycle_resume: resume,
    ...(only !== undefined && { cycle_only: only.split(',') }),
    ...(canary !== undefined && { cycle_canary: canary }),
  }
  return runSession({ ...options, check: options.dryRun === true }, (project) => [sitePlaybook(project, names, { name: 'cycle', tasks: TASKS, vars })])
}
