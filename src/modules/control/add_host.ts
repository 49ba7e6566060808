/** add_host: makes a host known to the rest of the run. */
import { defaulting, list, required, text } from '../contract/option.ts'
import { action } from '../contract/module.ts'
import type { Dict, Value } from '../../values/value.ts'

export const addHost = action({
  name: 'ansible.builtin.add_host',
  summary: 'Adds a host, with variables and groups, to the inventory of this run.',
  options: {
    name: required(text('The name of the host.', { aliases: ['host', 'hostname'] })),
    groups: defaulting(list(text('A group.'), 'Groups to put it into.', { aliases: ['group', 'groupname'] }), []),
  },
  open: true,
  once: true,
  run({ name: written, groups }, _context, given) {
    const [, host, port] = /^([^:[\]]+):(\d+)$/.exec(written) ?? []
    const name = host ?? written
    const vars: Dict = port === undefined ? given : new Map<Value, Value>([['ansible_ssh_port', Number(port)], ...given])
    return { result: { add_host: { host_name: name, groups, host_vars: vars } }, addHost: { name, groups, vars } }
  },
})
