/** The Python of a host that its variables name, or else the setting interpreter_python. */
import { evaluateText, type TaskView } from './task-view.ts'

export function namedPython(view: TaskView): string | undefined {
  const named = evaluateText(view, view.scope.lookup('ansible_python_interpreter')) ?? view.place.run.defaults?.interpreterPython
  return named === undefined || named.startsWith('auto') ? undefined : named
}
