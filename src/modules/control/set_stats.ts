/** set_stats: data for the end of the run. */
import { defaulting, dict, flag, required } from '../contract/option.ts'
import { action } from '../contract/module.ts'

export const setStats = action({
  name: 'ansible.builtin.set_stats',
  summary: 'Keeps data to be shown at the end of the run.',
  options: {
    data: required(dict('Names and values.')),
    per_host: defaulting(flag('Keeps them for each host.'), false),
    aggregate: defaulting(flag('Adds to what is there instead of replacing it.'), true),
  },
  run: ({ data, per_host: perHost, aggregate }) => ({ result: { ansible_stats: { data, per_host: perHost, aggregate } }, stats: { data, perHost, aggregate } }),
})
