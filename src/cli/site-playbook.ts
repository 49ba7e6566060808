/** Playbooks that work on sites by their names: `plonerun backup --site demo` runs playbooks/backup.yml. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { didYouMean } from '../errors/suggest.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Playbook } from '../load/tree/play.ts'
import { installedStacks } from '../plonestack/stacks.ts'
import { dictOf } from '../values/convert.ts'
import { str } from '../values/print.ts'
import { Template } from '../values/template.ts'
import type { Plain } from '../values/value.ts'
import type { Outcome } from './exit-codes.ts'
import { hostScope } from './host-scope.ts'
import { packageRoot } from './package-root.ts'
import type { Project } from './project.ts'
import { runSession, type Own } from './session.ts'
import type { SessionOptions } from './session-options.ts'

/** With the options --site and --all. */
export interface SiteOptions extends SessionOptions {
  readonly site?: readonly string[]
  readonly all?: boolean
}

/**
 * Runs playbooks/NAME.yml of the current folder, or the one that comes with plonerun, over the hosts of the sites that the options name.
 * It finds them in `chosen_hosts`, and once playbooks/tasks/sites.yml has run, in `chosen_sites`, as plonerun.sites derives them.
 * @param vars more variables for its plays
 * @throws PlonerunError when no site is named, or one that no host has
 */
export function runSitePlaybook(name: string, options: SiteOptions, vars: { readonly [name: string]: Plain } = {}, own: Own = {}): Promise<Outcome> {
  const names = options.site?.flatMap((text) => text.split(',')).map((text) => text.trim())
  if ((names === undefined) === (options.all !== true)) throw new PlonerunError('which sites? Give --site NAME or --all')
  return runSession(options, (project) => {
    const chosen = choose(project, names)
    const given = dictOf({ ...vars, chosen_names: unique(chosen.map(({ site }) => site)), chosen_hosts: unique(chosen.map(({ host }) => host)) })
    given.set('chosen_sites', new Template("{{ plonestack_sites | selectattr('name', 'in', chosen_names) }}", { file: name, line: 1, column: 1 }))
    const { file, plays } = project.loader.loadPlaybook(playbookFile(`${name}.yml`))
    return [{ file, plays: plays.map((play) => ({ ...play, vars: new Map([...play.vars, ...given]) })) } satisfies Playbook]
  }, own)
}

/** Name, hosts of the Zopes and host of the storage of each site; the rest of a definition may need facts. */
const PARTS = `{{ sites | default([]) | map(attribute='name')
  | zip(sites | default([]) | map(attribute='zope_hosts', default=[]), sites | default([]) | map(attribute='storage.host', default=[])) }}`

interface Placed {
  readonly host: string
  readonly site: string
}

function choose(project: Project, names: readonly string[] | undefined): readonly Placed[] {
  const sites = sitesOf(project)
  const known = unique(sites.map(({ site }) => site))
  const unknown = names?.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    const hint = known.length === 0 ? 'no host of the inventory has sites' : didYouMean(unknown, known) ?? `there are ${known.join(', ')}`
    throw new PlonerunError(`no host of the inventory has a site '${unknown}'`, { hint })
  }
  return sites.filter(({ site }) => names?.includes(site) ?? true)
}

/** The sites that the hosts' variables define, with each host that has a part of them. */
function sitesOf(project: Project): readonly Placed[] {
  return [...project.inventory.hosts.keys()].flatMap((host) => {
    const { scope, context } = hostScope(project, host)
    const sites = project.templating.resolve(new Template(PARTS, { file: 'sites', line: 1, column: 1 }), scope, context)
    return (Array.isArray(sites) ? sites : []).flatMap((site) => {
      const [name = null, ...others] = Array.isArray(site) ? site : []
      return unique([host, ...others.flat().map(str)]).map((part) => ({ host: part, site: str(name) }))
    })
  })
}

/** In the current folder, in a plonestack that its package.json pins, or in plonerun's own folder. */
export function playbookFile(name: string): string {
  const own = join('playbooks', name)
  const roots = [process.cwd(), ...installedStacks(process.cwd()).map(({ root }) => root), packageRoot()]
  return roots.map((root) => join(root, own)).find((file) => existsSync(file)) ?? join(packageRoot(), own)
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
