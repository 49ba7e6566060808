/** The variables of a host outside of any run: no facts, nothing registered, no connection. */
import { join } from 'node:path'
import { createMachinePool } from '../engine/machine-pool.ts'
import { preparePlay } from '../engine/play.ts'
import { createStats } from '../engine/stats.ts'
import { taskScope } from '../engine/variables.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { didYouMean } from '../errors/suggest.ts'
import type { TemplateContext } from '../template/context.ts'
import type { Scope, Value } from '../values/value.ts'
import type { Project } from './project.ts'
import { runOptions } from './session.ts'

/**
 * What a template sees on a host, with files searched from the current folder.
 * @throws PlonerunError when the inventory does not have the host
 */
export function hostScope(project: Project, name: string): { readonly scope: Scope; readonly context: TemplateContext } {
  if (project.inventory.host(name) === undefined) throw new PlonerunError(`the inventory has no host '${name}'`, { hint: didYouMean(name, project.inventory.hosts.keys()) })
  const [play] = project.loader.loadPlays([new Map<Value, Value>([['hosts', name], ['gather_facts', false]])], join(process.cwd(), 'playbook'))
  const run = {
    ...runOptions(project, {}),
    connection: {},
    become: {},
    machines: createMachinePool(() => Promise.reject(new PlonerunError(`${name} is not asked anything here`))),
    stats: createStats(), jobs: new Map(), inventoryChanges: [],
    secrets: new Set<string>(),
    signal: new AbortController().signal,
    emit: () => undefined,
    note: () => undefined,
    ask: () => Promise.resolve(null),
  }
  const state = preparePlay({ run, hosts: new Map(), nextId: () => 0, startAt: { reached: true }, step: { asks: false } }, play!, name, [name], [name], new Map())
  return {
    scope: taskScope({ run, play: state, host: state.hostState(name)! }, undefined),
    context: { basedir: process.cwd(), searchPath: [process.cwd()], decrypt: (content) => project.decrypt(content, '') },
  }
}
