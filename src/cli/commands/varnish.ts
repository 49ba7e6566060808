/** `plonerun varnish`: tests the VCL of sites, or tests it and puts it to use without losing a request. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import type { RunCommand } from '../commands.ts'
import { runSession, type SessionOptions } from '../session.ts'
import { chosenSites, sitePlaybook, type SiteChoice } from '../site-playbook.ts'

const VERBS = ['configtest', 'graceful']

const TASKS = `
- name: varnishtool {{ varnish_verb }}
  ansible.builtin.command: "{{ site.home }}/bin/varnishtool {{ varnish_verb }}"
  changed_when: varnish_verb == 'graceful'
  check_mode: "{{ ansible_check_mode and varnish_verb == 'graceful' }}"
  loop: "{{ chosen_sites }}"
  loop_control:
    loop_var: site
    label: "{{ site.name }}"
`

export const run: RunCommand = ([given], more) => {
  const verb = String(given)
  const options: SessionOptions & SiteChoice = more
  if (!VERBS.includes(verb)) throw new PlonerunError(`varnish has no '${verb}'`, { hint: didYouMean(verb, VERBS) ?? `it has ${VERBS.join(' and ')}` })
  const names = chosenSites(options)
  return runSession(options, (project) => [sitePlaybook(project, names, { name: 'varnish', tasks: TASKS, vars: { varnish_verb: verb } })])
}
