/** What the arguments of a task say before anything is known but the file that they stand in. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Task } from '../../load/tree/task.ts'
import { holdsTemplate } from '../../modules/contract/decode.ts'
import type { Templating } from '../../template/templating.ts'
import { Template } from '../../values/template.ts'
import { Pending, type Value } from '../../values/value.ts'
import { scopeOf } from '../../vars/scope.ts'

/** Gives an argument's value. Throws Pending for what only the run can tell. */
export type Read = (value: Value) => Value

/** A way to read a task's arguments, or one for each item where the list that it loops over is written out. */
export function writtenOut({ loop, loopControl }: Task, templating: Templating): readonly Read[] {
  const name = loopControl.loopVar
  const items = loop !== undefined && [null, 'items'].includes(loop.lookup) && Array.isArray(loop.items) ? (loop.items as readonly Value[]).flat() : []
  if (items.length === 0 || name instanceof Template || items.some(holdsTemplate)) return [(value) => told(value)]
  return items.map((item) => (value) => (value instanceof Template ? ofItem(value, name, item, templating) : told(value)))
}

/** The texts that an argument gives in each of these ways, as far as they are known. */
export function textsWrittenOut(task: Task, argument: Value, templating: Templating): readonly string[] {
  return writtenOut(task, templating).flatMap((read) => {
    try {
      const given = read(argument)
      return typeof given === 'string' ? [given] : []
    } catch (error) {
      if (error instanceof Pending) return []
      throw error
    }
  })
}

function told(value: Value): Value {
  if (holdsTemplate(value)) throw new Pending('an argument')
  return value
}

/** What a template gives that reads nothing but the item. */
function ofItem(template: Template, name: string, item: Value, templating: Templating): Value {
  if ([...templating.names(template)].some((each) => each !== name)) throw new Pending('an argument')
  try {
    return templating.resolve(template, scopeOf([new Map([[name, item]])]), { basedir: '', searchPath: [] })
  } catch (error) {
    throw error instanceof PlonerunError ? new Pending('an argument') : error
  }
}
