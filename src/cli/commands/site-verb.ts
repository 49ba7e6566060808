/** Commands that are a playbook of their own name over the sites given: `plonerun backup --site demo` runs playbooks/backup.yml. */
import type { Plain } from '../../values/value.ts'
import type { RunCommand } from '../command-info.ts'
import { runSitePlaybook, type SiteOptions } from '../site-playbook.ts'

/**
 * @param own names of options that the playbook gets as variables of the verb's name: `restore_date`
 */
export function siteVerb(name: string, own: readonly string[] = []): { readonly run: RunCommand } {
  const run: RunCommand = (_, given) => {
    const options: SiteOptions & { readonly [option: string]: unknown } = given
    return runSitePlaybook(name, options, Object.fromEntries(own.map((option) => [`${name}_${option}`, options[option] as Plain])))
  }
  return { run }
}
