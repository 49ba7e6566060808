/** set_stats: data for the end of the run. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { checkVariableNames } from '../../load/variable-name.ts'
import { isDict } from '../../values/dict.ts'
import { asBool } from '../../values/python.ts'
import { action } from '../contract/module.ts'
import { defaulting, raw, required } from '../contract/option.ts'

export const setStats = action({
  name: 'ansible.builtin.set_stats',
  summary: 'Keeps data to be shown at the end of the run.',
  options: {
    data: required(raw('Names and values.')),
    per_host: defaulting(raw('Keeps them for each host.'), false),
    aggregate: defaulting(raw('Adds to what is there instead of replacing it.'), true),
  },
  run({ data, ...flags }, { position }) {
    if (!isDict(data)) throw new PlonerunError("The 'data' option needs to be a dictionary/hash", { where: position })
    checkVariableNames(data.keys(), () => position)
    // Here Ansible takes for no what is no boolean.
    const [perHost, aggregate] = [asBool(flags.per_host) === true, asBool(flags.aggregate) === true]
    return { result: { ansible_stats: { data, per_host: perHost, aggregate } }, stats: { data, perHost, aggregate } }
  },
})
