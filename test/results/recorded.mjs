/** A play whose tasks all register their results, and write them down at its end. */
import { isMap, isSeq, parseDocument } from 'yaml'

const LISTS = ['pre_tasks', 'tasks', 'post_tasks', 'block', 'rescue', 'always']

/** @typedef {{ readonly name: string, readonly register: string, readonly apart: ReadonlySet<string> }} Task */

/**
 * @param {string} text of a play
 * @returns {{ readonly recording: string, readonly tasks: readonly Task[] }} the play writes into the folder that the variable recorded_in names, a file for each task
 */
export function recorded(text) {
  const document = parseDocument(text, { logLevel: 'silent' })
  /** @type {Task[]} */
  const tasks = []
  if (!isSeq(document.contents)) throw new Error('a playbook is a list of plays')
  document.contents.items.forEach(tasksOf)
  const names = tasks.map(({ register }) => register)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`two tasks register ${twice}: only the last would be compared`)
  // A file each: in check mode plonerun does not know all of them. On the one host that there is: tasks may have added others.
  const record = { 'ansible.builtin.copy': { dest: '{{ recorded_in }}/{{ item }}.json', content: "{{ lookup('vars', item, default='no result') | to_json }}" }, loop: names, delegate_to: 'localhost', check_mode: false }
  document.add(document.createNode({ hosts: 'all[0]', gather_facts: false, tasks: [record] }))
  return { recording: document.toString({ lineWidth: 0 }), tasks }

  /** @param {unknown} around a play or a block */
  function tasksOf(around) {
    if (!isMap(around)) return
    for (const list of LISTS) {
      const inner = around.get(list)
      if (isSeq(inner)) inner.items.forEach(taskOf)
    }
  }

  /** @param {unknown} task */
  function taskOf(task) {
    if (!isMap(task)) throw new Error('a task is a map')
    if (task.has('block')) return tasksOf(task)
    const register = String(task.get('register') ?? `result_${String(tasks.length)}`)
    const { vars } = /** @type {{ vars?: { apart?: Record<string, string | readonly string[]> } }} */ (task.toJS(document))
    tasks.push({ name: String(task.get('name') ?? `${JSON.stringify(task)}`.slice(0, 150)), register, apart: new Set(Object.values(vars?.apart ?? {}).flat()) })
    task.set('register', register)
    if (!task.has('ignore_errors')) task.set('ignore_errors', true)
  }
}
