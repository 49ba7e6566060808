/** set_fact: sets variables of the host. */
import { defaulting, flag } from '../contract/option.ts'
import { action } from '../contract/module.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { typeName } from '../../values/python.ts'
import type { Dict } from '../../values/value.ts'

/** These mean something of their own in expressions. */
const CONSTANTS = new Set(['true', 'false', 'none', 'True', 'False', 'None'])

export const setFact = action({
  name: 'ansible.builtin.set_fact',
  summary: 'Sets variables of the host, for the rest of the run.',
  options: { cacheable: defaulting(flag('Ranks them as facts as well.'), false) },
  pure: true,
  open: true,
  run({ cacheable }, { position }, rest) {
    const facts: Dict = new Map()
    for (const [name, value] of rest) {
      if (typeof name !== 'string') throw new PlonerunError(`Invalid variable name '${str(name)}' of type '${typeName(name)}'`, { where: position })
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || CONSTANTS.has(name))
        throw new PlonerunError(`Invalid variable name '${name}'`, { where: position, hint: 'Names have letters, digits and underscores, and begin with no digit.' })
      facts.set(name, value)
    }
    if (facts.size === 0) throw new PlonerunError('set_fact sets nothing', { where: position, hint: 'Give it names with their values.' })
    return { result: { ansible_facts: facts }, facts, cacheable }
  },
})
