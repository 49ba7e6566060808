/** Tasks that nobody wrote: the check of a role's arguments before it, and the mark that it is complete behind it. */
import { basename } from 'node:path'
import { str } from '../values/print.ts'
import type { Dict, Value } from '../values/value.ts'
import { NOWHERE, positionOf } from '../values/positions.ts'
import type { Enclosure, Task } from './tree/task.ts'
import type { Role } from './tree/role.ts'

/** The task that checks the arguments of a role against what meta/argument_specs.yml says about an entry point, when it says anything. */
export function argumentCheck(role: Role, entryPoint: string, specs: Dict, enclosure: Enclosure): Task[] {
  const spec = specs.get(entryPoint)
  if (!(spec instanceof Map) || spec.size === 0) return []
  const description = spec.get('short_description')
  const args = new Map<Value, Value>([
    ['argument_spec', spec.get('options') ?? new Map()],
    ['provided_arguments', role.params],
    ['validate_args_context', new Map<Value, Value>([['type', 'role'], ['name', basename(role.path)], ['argument_spec_name', entryPoint], ['path', role.path]])],
  ])
  const name = `Validating arguments against arg spec '${entryPoint}'${description === undefined ? '' : ` - ${str(description)}`}`
  return [{ ...mark('ansible.builtin.validate_argument_spec', args, enclosure), name, implicit: false, position: positionOf(specs, entryPoint) ?? role.position }]
}

/** `meta: role_complete`: behind the last task of a role. */
export function roleComplete(enclosure: Enclosure): Task {
  return mark('ansible.builtin.meta', new Map([['_raw_params', 'role_complete']]), enclosure)
}

function mark(module: string, args: Dict, enclosure: Enclosure): Task {
  return {
    kind: 'task',
    ...enclosure.keywords,
    tags: [...new Set([...enclosure.keywords.tags, 'always'])],
    module,
    modulePosition: NOWHERE,
    args,
    loopControl: { loopVar: 'item' },
    listen: [],
    includeVars: enclosure.includeVars,
    ...(enclosure.role && { role: enclosure.role }),
    implicit: true,
    position: enclosure.role?.position ?? NOWHERE,
    source: new Map(),
    enclosure,
  }
}
