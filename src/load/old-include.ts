/** The `include` of older roles, which Ansible has taken away: read as the import or include that it stood for. */
import { place, placesOf } from '../values/positions.ts'
import { asBool } from '../values/python.ts'
import { Template } from '../values/template.ts'
import type { Dict, Value } from '../values/value.ts'
import { mappingOrEmpty } from './mapping.ts'
import { builtinName, type ModuleCall } from './module-call.ts'

interface Written {
  readonly source: Dict
  readonly call: ModuleCall
}

/** An `include` becomes include_tasks where it loops or its file is only known later, else import_tasks. What is written beside the file are variables. Anything else stays as it is. */
export function withoutOldInclude(written: Written): Written {
  const { source, call } = written
  if (builtinName(call.module) !== 'include') return written
  const key = call.args.has('file') ? 'file' : '_raw_params'
  const vars = new Map([...call.args].filter(([name]) => name !== key && name !== 'static'))
  const loops = [...source.keys()].some((name) => name === 'loop' || (typeof name === 'string' && name.startsWith('with_')))
  const late = loops || call.args.get(key) instanceof Template || asBool(call.args.get('static') ?? true) === false
  const args: Dict = new Map([...call.args].filter(([name]) => name === key))
  const modern: Dict = vars.size === 0 ? source : new Map([...source, ['vars', new Map<Value, Value>([...mappingOrEmpty(source.get('vars')), ...vars])]])
  return { source: withPlacesOf(source, modern), call: { ...call, module: late ? 'include_tasks' : 'import_tasks', args: withPlacesOf(call.args, args) } }
}

function withPlacesOf(from: Dict, to: Dict): Dict {
  const places = placesOf(from)
  if (places !== undefined && from !== to) place(to, places)
  return to
}
