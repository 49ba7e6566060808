/** `plonerun cycle`: restarts the Zopes of sites without a request lost. */
import { join } from 'node:path'
import { didYouMean } from '../../errors/suggest.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Playbook } from '../../load/types.ts'
import { parseYaml } from '../../load/yaml.ts'
import { str } from '../../values/print.ts'
import { Template } from '../../values/template.ts'
import type { RunCommand } from '../commands.ts'
import { hostScope } from '../host-scope.ts'
import { packageRoot } from '../package-root.ts'
import type { Project } from '../project.ts'
import { runSession, type SessionOptions } from '../session.ts'

interface CycleOptions extends SessionOptions {
  readonly site?: readonly string[]
  readonly all?: boolean
  readonly only?: string
  readonly canary?: number
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly resume?: boolean
}

const FILE = 'cycle'

/** Its variables are what the command line says. */
const PLAY = `
- name: cycle
  become: true
  gather_facts: true
  gather_subset: [min]
  tasks:
    - name: sites
      plonerun.sites:
        sites: "{{ sites }}"
        release: "{{ ansible_facts.distribution_release }}"
        lists: "{{ cycle_lists }}"
    - name: cycle
      plonerun.cycle:
        site: "{{ site }}"
        only: "{{ cycle_only | default(omit) }}"
        canary: "{{ cycle_canary | default(omit) }}"
        force: "{{ cycle_force }}"
        resume: "{{ cycle_resume }}"
      loop: "{{ plonestack_sites | selectattr('name', 'in', cycle_sites) }}"
      loop_control:
        loop_var: site
        label: "{{ site.name }}"
`

export const run: RunCommand = (_, given) => {
  const options: CycleOptions = given
  const names = options.site?.flatMap((text) => text.split(',')).map((name) => name.trim())
  if ((names === undefined) === (options.all !== true)) throw new PlonerunError('which sites? Give --site NAME or --all')
  return runSession({ ...options, check: options.dryRun === true }, (project) => [playbook(project, names, options)])
}

function playbook(project: Project, names: readonly string[] | undefined, { only, canary, force = false, resume = false }: CycleOptions): Playbook {
  const sites = sitesOf(project)
  const known = [...new Set(sites.map(({ site }) => site))]
  for (const name of names ?? []) {
    if (known.includes(name)) continue
    throw new PlonerunError(`no host of the inventory has a site '${name}'`, { hint: didYouMean(name, known) ?? `there are ${known.join(', ')}` })
  }
  const chosen = sites.filter(({ site }) => names?.includes(site) ?? true)
  const plays = parseYaml(PLAY, FILE)
  const [play] = Array.isArray(plays) ? plays : []
  if (!(play instanceof Map)) throw new TypeError('the play of cycle is not a mapping')
  play.set('hosts', [...new Set(chosen.map(({ host }) => host))])
  play.set('vars', new Map(Object.entries({
    cycle_sites: [...new Set(chosen.map(({ site }) => site))],
    cycle_lists: join(packageRoot(), 'roles/plone/files/versions'),
    cycle_force: force,
    cycle_resume: resume,
    ...(only !== undefined && { cycle_only: only.split(',') }),
    ...(canary !== undefined && { cycle_canary: canary }),
  })))
  return { file: join(packageRoot(), 'playbooks', FILE), plays: project.loader.loadPlays([play], FILE) }
}

/** The sites that the hosts' variables define. */
function sitesOf(project: Project): { readonly host: string; readonly site: string }[] {
  return [...project.inventory.hosts.keys()].flatMap((host) => {
    const { scope, context } = hostScope(project, host)
    const names = project.templating.resolve(new Template("{{ sites | default([]) | map(attribute='name') }}", { file: FILE, line: 1, column: 1 }), scope, context)
    return (Array.isArray(names) ? names : []).map((site) => ({ host, site: str(site) }))
  })
}
