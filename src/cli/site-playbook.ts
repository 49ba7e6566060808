/** A playbook over the hosts that have certain sites, for commands that take --site NAME or --all. */
import { join } from 'node:path'
import { didYouMean } from '../errors/suggest.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Playbook } from '../load/types.ts'
import { parseYaml } from '../load/yaml.ts'
import { str } from '../values/print.ts'
import { Template } from '../values/template.ts'
import type { Value } from '../values/value.ts'
import { hostScope } from './host-scope.ts'
import { packageRoot } from './package-root.ts'
import type { Project } from './project.ts'

/** What the options --site and --all give. */
export interface SiteChoice {
  readonly site?: readonly string[]
  readonly all?: boolean
}

export interface SitePlay {
  /** Names the play in reports and in errors. */
  readonly name: string
  /** YAML. They find the sites in `chosen_sites`, as plonerun.sites derives them, and those of the host in `plonestack_sites`. */
  readonly tasks: string
  /** What the command line says, for the tasks. */
  readonly vars: Readonly<Record<string, Value>>
}

const DERIVE = `
- name: sites
  plonerun.sites:
    sites: "{{ sites }}"
    release: "{{ ansible_facts.distribution_release }}"
    lists: "{{ plonestack_lists }}"
`

/** The names that were given, or undefined for all. Throws a PlonerunError unless it is one or the other. */
export function chosenSites({ site, all = false }: SiteChoice): readonly string[] | undefined {
  const names = site?.flatMap((text) => text.split(',')).map((name) => name.trim())
  if ((names === undefined) === !all) throw new PlonerunError('which sites? Give --site NAME or --all')
  return names
}

/**
 * A play over the hosts that have one of the sites.
 * Throws a PlonerunError when no host of the inventory has a site of that name.
 * @param names undefined for all
 */
export function sitePlaybook(project: Project, names: readonly string[] | undefined, { name: title, tasks, vars }: SitePlay): Playbook {
  const sites = sitesOf(project)
  const known = [...new Set(sites.map(({ site }) => site))]
  for (const name of names ?? []) {
    if (known.includes(name)) continue
    throw new PlonerunError(`no host of the inventory has a site '${name}'`, { hint: didYouMean(name, known) ?? `there are ${known.join(', ')}` })
  }
  const chosen = sites.filter(({ site }) => names?.includes(site) ?? true)
  const play = new Map<Value, Value>(Object.entries({
    name: title,
    hosts: [...new Set(chosen.map(({ host }) => host))],
    become: true,
    gather_facts: true,
    gather_subset: ['min'],
    tasks: [...tasksOf(DERIVE, title), ...tasksOf(tasks, title)],
    vars: new Map<Value, Value>(Object.entries({
      chosen_names: [...new Set(chosen.map(({ site }) => site))],
      chosen_sites: new Template("{{ plonestack_sites | selectattr('name', 'in', chosen_names) }}", { file: title, line: 1, column: 1 }),
      plonestack_lists: join(packageRoot(), 'roles/plone/files/versions'),
      ...vars,
    })),
  }))
  return { file: join(packageRoot(), 'playbooks', title), plays: project.loader.loadPlays([play], title) }
}

function tasksOf(yaml: string, file: string): Value[] {
  const tasks = parseYaml(yaml, file)
  if (!Array.isArray(tasks)) throw new TypeError(`the tasks of ${file} are not a list`)
  return tasks
}

/** The sites that the hosts' variables define. */
function sitesOf(project: Project): { readonly host: string; readonly site: string }[] {
  return [...project.inventory.hosts.keys()].flatMap((host) => {
    const { scope, context } = hostScope(project, host)
    const names = project.templating.resolve(new Template("{{ sites | default([]) | map(attribute='name') }}", { file: 'sites', line: 1, column: 1 }), scope, context)
    return (Array.isArray(names) ? names : []).map((site) => ({ host, site: str(site) }))
  })
}
