/** set_fact: sets variables of the host. */
import { defaulting, flag } from '../contract/option.ts'
import { action } from '../contract/module.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import type { Dict } from '../../values/value.ts'

export const setFact = action({
  name: 'ansible.builtin.set_fact',
  summary: 'Sets variables of the host, for the rest of the run.',
  options: { cacheable: defaulting(flag('Ranks them as facts as well.'), false) },
  pure: true,
  open: true,
  run({ cacheable }, { position }, rest) {
    const facts: Dict = new Map()
    for (const [name, value] of rest) {
      if (typeof name !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        throw new PlonerunError(`'${str(name)}' is no name for a variable`, { where: position, hint: 'Names have letters, digits and underscores, and begin with no digit.' })
      facts.set(name, value)
    }
    if (facts.size === 0) throw new PlonerunError('set_fact sets nothing', { where: position, hint: 'Give it names with their values.' })
    return { result: { ansible_facts: facts }, facts, cacheable }
  },
})
