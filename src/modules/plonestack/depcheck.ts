/** plonerun.depcheck: whether a box can take its sites, before anything of it is touched. */
import type { Site } from '../../plonestack/sites.ts'
import { shellRead } from '../../probe/shell.ts'
import { toPlain } from '../../values/convert.ts'
import { action } from '../contract/module.ts'
import { dict, list, required } from '../contract/option.ts'
import { findProblems } from './depcheck-problems.ts'
import { lookScript } from './depcheck-script.ts'

export const depcheck = action({
  name: 'plonerun.depcheck',
  summary: 'Fails with all that keeps a box from running its sites: disk, memory, accounts, locales, Python, ports.',
  options: { sites: required(list(dict('A site as plonerun.sites derives it.'), 'The sites.')) },
  async run({ sites }, context) {
    const known = sites.map((site) => toPlain(site) as Site)
    if (known.length === 0) return { result: {} }
    const { look } = await context.read({ look: shellRead(lookScript(known), ['path:/proc']) })
    const problems = findProblems(known, (look as { readonly stdout: string }).stdout)
    if (problems.length === 0) return { result: {} }
    return { result: { problems }, failed: true, msg: `this box cannot take its sites:\n${problems.map((problem) => `- ${problem}`).join('\n')}` }
  },
})
