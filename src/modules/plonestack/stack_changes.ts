/** plonerun.stack_changes: says what it means that a box has another version of the plonestack than it is to get. */
import { existsSync, readFileSync } from 'node:fs'
import semver from 'semver'
import { changesBetween, type Stack } from '../../plonestack/stacks.ts'
import { DEPLOYED, parseRecord } from '../../plonestack/deployed.ts'
import type { Site } from '../../plonestack/sites.ts'
import { shellRead } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { toPlain } from '../../values/convert.ts'
import { action, type Reads } from '../contract/module.ts'
import { dict, list, required } from '../contract/option.ts'

export const stackChanges = action({
  name: 'plonerun.stack_changes',
  summary: 'Says which changes of the plonestack lie between what a box has and what it is to get.',
  options: { sites: required(list(dict('A site as plonerun.sites derives it.'), 'The sites.')) },
  async run({ sites }, context) {
    const known = sites.map((site) => toPlain(site) as Site)
    const reads: Reads = Object.fromEntries(known.map(({ name, home }) => [name, shellRead(`cat ${quote(`${home}/${DEPLOYED}`)}`, [`path:${home}/${DEPLOYED}`])]))
    const seen = await context.read(reads)
    const changes = known.flatMap(({ name, stack }) => {
      const from = parseRecord((seen[name] as { readonly stdout: string }).stdout)?.stack
      return from === undefined || from === stack.version ? [] : [{ site: name, from, to: stack.version, lines: explain(name, from, stack) }]
    })
    for (const { lines } of changes) for (const line of lines) context.say(line)
    return { result: { stacks: changes.map(({ site, from, to }) => ({ site, from, to })) } }
  },
})

/** What a person reads about the step from one version to another. */
export function explain(site: string, from: string, { version, changelog }: Stack): readonly string[] {
  const older = semver.lt(version, from)
  const entries = older || !existsSync(changelog) ? [] : changesBetween(readFileSync(changelog, 'utf8'), from, version)
  return [
    `${site}  plonestack ${from} -> ${version}${older ? ', which is older: what is new since then is taken back; --check --diff shows what that is' : ''}`,
    ...(entries.length > 0 || older ? entries.flatMap((entry) => entry.split('\n')).map((line) => `  ${line}`.trimEnd()) : ['  its changelog says nothing of this; --check --diff shows what it is']),
  ]
}
