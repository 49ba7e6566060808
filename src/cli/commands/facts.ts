/** `plonerun facts`: what is found out about hosts, as JSON. */
import { addFailure, failureLines, failureOf, type Failure } from '../../report/failures.ts'
import type { Report } from '../../report/report.ts'
import { createStyle } from '../../report/style.ts'
import { wantsColours } from '../colours.ts'
import type { RunCommand } from '../command-info.ts'
import { runSession } from '../session.ts'
import type { SessionOptions } from '../session-options.ts'
import { singleTask } from '../single-task.ts'

export const run: RunCommand = ([pattern], given) => {
  const { filter, ...options }: SessionOptions & { readonly filter?: string } = given
  const args = filter === undefined ? '' : JSON.stringify({ filter: [filter] })
  return runSession(options, ({ loader }) => [singleTask(loader, String(pattern), { module: 'ansible.builtin.setup', args })], { reports: [factsReport()] })
}

/** The facts of one host as they are, those of several by their names; failures on stderr. */
function factsReport(): Report {
  const facts: Record<string, unknown> = {}
  const failures: Failure[] = []
  return {
    emit(event) {
      const failure = failureOf(event)
      if (failure) addFailure(failures, failure)
      if (event.type === 'task-ended' && 'ansible_facts' in event.result) facts[event.host] = event.result['ansible_facts']
    },
    end() {
      const hosts = Object.values(facts)
      if (hosts.length > 0) process.stdout.write(`${JSON.stringify(hosts.length === 1 ? hosts[0] : facts, null, 2)}\n`)
      const style = createStyle(wantsColours(process.stderr))
      process.stderr.write(failures.flatMap((failure) => [...failureLines(failure, style), '']).join('\n'))
      return Promise.resolve()
    },
  }
}
