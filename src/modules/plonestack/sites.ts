/** plonerun.sites: checks the sites of a box and works out all that the roles need to know of them. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { deriveRedirects } from '../../plonestack/redirects.ts'
import { deriveSites } from '../../plonestack/sites.ts'
import { installedStacks, stackAt } from '../../plonestack/stacks.ts'
import type { Estate } from '../../plonestack/placement.ts'
import { fromPlain } from '../../values/convert.ts'
import { str } from '../../values/print.ts'
import type { Plain, Value } from '../../values/value.ts'
import { path, raw, required, text } from '../contract/option.ts'
import { action, type ActionContext } from '../contract/module.ts'

export const sites = action({
  name: 'plonerun.sites',
  summary: 'Checks the sites of a box, fills in their defaults and sets plonestack_sites, and plonestack_redirects for those that only redirect.',
  options: {
    sites: required(raw('Site definitions, as docs/plonestack.md describes them.')),
    release: required(text("The codename of the box's distribution (trixie), or of Red Hat's family its version (el9).")),
    stack: required(path('The folder, on the controller, of the plonestack that is asking; its roles and version lists are used by sites that ask for no other.')),
  },
  pure: true,
  run({ sites: definitions, release, stack: root }, context) {
    const read = (file: string): string => {
      try {
        return readFileSync(file, 'utf8')
      } catch {
        throw new PlonerunError(`there is no file '${file}'`, { hint: 'paths of a site definition start from the folder that plonerun is run in' })
      }
    }
    const stacks = [stackAt(resolve(root)) ?? unknownStack(root), ...installedStacks(process.cwd())]
    const derived = deriveSites(definitions, { release, estate: estateOf(context) }, { stacks, read })
    const redirects = deriveRedirects(Array.isArray(definitions) ? definitions : [])
    const facts = new Map<Value, Value>(Object.entries({ plonestack_sites: derived, plonestack_redirects: redirects }).map(([name, value]) => [name, fromPlain(value as unknown as Plain)]))
    return { result: { sites: [...derived, ...redirects].map(({ name }) => name) }, facts }
  },
})

function unknownStack(root: string): never {
  throw new PlonerunError(`${root} holds no plonestack`, { hint: 'it is the folder of the package plonestack, with roles/ and playbooks/' })
}

/** The other hosts are asked for their sites only, because a host's variables may be many. */
function estateOf(context: ActionContext): Estate {
  const { host } = context
  const names = context.expression("groups['all']")
  const hosts = Array.isArray(names) ? names.map(str) : [host]
  const of = (name: string, text: string): Value => context.expression(`hostvars[${JSON.stringify(name)}]${text}`)
  return {
    host,
    hosts,
    addressOf: (name) => str(of(name, `.plonestack_address | default(hostvars[${JSON.stringify(name)}].ansible_host) | default(${JSON.stringify(name)})`)),
    elsewhere: hosts.filter((name) => name !== host).map((name) => ({ host: name, sites: of(name, '.sites | default([])') })),
  }
}
