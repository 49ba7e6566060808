/** `plonerun exec`: runs one module on hosts. */
import type { RunCommand } from '../command-info.ts'
import { splitPattern } from '../../load/inventory/patterns.ts'
import { listHosts } from '../listing.ts'
import { singleTask, type SingleTask } from '../single-task.ts'
import { runSession } from '../session.ts'
import type { SessionOptions } from '../session-options.ts'

interface ExecOptions extends SessionOptions, Omit<SingleTask, 'module' | 'args'> {
  readonly moduleName?: string
  readonly args?: string
  readonly playbookDir?: string
  readonly listHosts?: boolean
}

export const run: RunCommand = async ([pattern], given) => {
  const { moduleName = 'ansible.builtin.command', args = '', playbookDir, taskTimeout, background, poll, listHosts: lists, ...options }: ExecOptions = given
  const named = String(pattern)
  // As Ansible has it, a pattern that says nothing means all.
  const hosts = splitPattern(named).length === 0 ? 'all' : named
  if (lists) return listHosts(hosts, options)
  // What the module gave is what was asked for.
  const verbose = Math.max(1, options.verbose ?? 0)
  const task: SingleTask = { module: moduleName, args, taskTimeout, background, poll }
  return runSession({ ...options, verbose }, ({ loader }) => [singleTask(loader, hosts, task, playbookDir)])
}
