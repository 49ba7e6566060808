/** `plonerun demo`: a Plone site on lab hosts of this machine. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { Secret } from '../../values/secret.ts'
import type { Value } from '../../values/value.ts'
import { Template } from '../../values/template.ts'
import type { RunCommand } from '../command-info.ts'
import { hostScope } from '../host-scope.ts'
import { packageRoot } from '../package-root.ts'
import { openProject } from '../project.ts'
import { runSession } from '../session.ts'
import type { SessionOptions } from '../session-options.ts'

export const run: RunCommand = async (_, given) => {
  const { stop, ...options }: SessionOptions & { readonly stop?: boolean } = given
  const inventory = join(packageRoot(), 'inventory', 'demo')
  const hosts = [...(await openProject({ inventory: [inventory] }, () => undefined)).inventory.hosts.keys()]
  if (stop) {
    await lab('down', ...hosts)
    return 'ok'
  }
  await lab('up', ...hosts)
  // Read anew: the inventory tells now where the hosts are.
  const outcome = await runSession({ ...options, inventory: [inventory] }, ({ loader }) => [loader.loadPlaybook(join(packageRoot(), 'playbooks', 'site.yml'))])
  if (outcome === 'ok' || outcome === 'changed') process.stdout.write(await farewell(inventory, hosts))
  return outcome
}

/** The lab's program, which says itself what it needs when it cannot run. */
function labProgram(): string {
  const program = join(packageRoot(), 'lab', 'lab')
  if (!existsSync(program)) throw new PlonerunError('the demo boots lab hosts, and the lab is not part of this installation', { hint: 'clone the repository of plonerun and run ./plonerun demo there' })
  return program
}

/** Runs the lab with its words on stderr, so that standard output stays the report's. */
function lab(...args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(labProgram(), args, { stdio: ['ignore', 2, 2] })
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new PlonerunError(`the lab could not ${args[0] ?? ''} the hosts ${args.slice(1).join(', ')}`))))
  })
}

/** Where the sites are, who may log in, and how to end it. */
async function farewell(inventory: string, hosts: readonly string[]): Promise<string> {
  const project = await openProject({ inventory: [inventory] }, () => undefined)
  const sites = hosts.flatMap((host) => {
    const { scope, context } = hostScope(project, host)
    const evaluate = (source: string) => project.templating.resolve(new Template(source, { file: 'demo', line: 1, column: 1 }), scope, context)
    const address = text(evaluate('{{ ansible_host }}'))
    const defined = evaluate('{{ sites | default([]) }}')
    return (Array.isArray(defined) ? defined : []).flatMap((site) => (site instanceof Map ? [siteText(site, address)] : []))
  })
  return `\n${sites.join('\n')}\nTo stop it:  plonerun demo --stop\n`
}

function siteText(site: ReadonlyMap<Value, Value>, address: string): string {
  const domain = text(site.get('domain') ?? address)
  return [
    `Plone answers at  https://${address}/`,
    ...(domain === address ? [] : [`  (its name is ${domain}; with a line '${address} ${domain}' in /etc/hosts also at https://${domain}/)`]),
    `  login     ${text(site.get('admin_user') ?? 'admin')}`,
    `  password  ${text(site.get('admin_password') ?? '')}`,
    '',
  ].join('\n')
}

/** The demo's password is public, so it may be read here. */
function text(value: Value): string {
  return value instanceof Secret ? value.reveal() : str(value)
}
