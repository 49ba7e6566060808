/** `plonerun varnish`: tests the VCL of sites, or tests it and puts it to use without losing a request. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import type { RunCommand } from '../command-info.ts'
import { runSitePlaybook, type SiteOptions } from '../site-playbook.ts'

const VERBS = ['configtest', 'graceful']

export const run: RunCommand = ([given], more) => {
  const verb = String(given)
  const options: SiteOptions = more
  if (!VERBS.includes(verb)) throw new PlonerunError(`varnish has no '${verb}'`, { hint: didYouMean(verb, VERBS) ?? `it has ${VERBS.join(' and ')}` })
  return runSitePlaybook('varnish', options, { varnish_verb: verb })
}
