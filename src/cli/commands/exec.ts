/** `plonerun exec`: runs one module on hosts. */
import type { RunCommand } from '../command-info.ts'
import { singleTask } from '../single-task.ts'
import { runSession } from '../session.ts'
import type { SessionOptions } from '../session-options.ts'

export const run: RunCommand = ([pattern], given) => {
  const { moduleName = 'ansible.builtin.command', args = '', playbookDir, ...options }: SessionOptions & { readonly moduleName?: string; readonly args?: string; readonly playbookDir?: string } = given
  // What the module gave is what was asked for.
  const verbose = Math.max(1, options.verbose ?? 0)
  return runSession({ ...options, verbose }, ({ loader }) => [singleTask(loader, String(pattern), moduleName, args, playbookDir)])
}
