/** group_by: puts the host into a group whose name a task works out. */
import { defaulting, list, required, text } from '../contract/option.ts'
import { action } from '../contract/module.ts'

export const groupBy = action({
  name: 'ansible.builtin.group_by',
  summary: 'Puts the host into a group, which is made when it does not exist.',
  options: { key: required(text('The name of the group.')), parents: defaulting(list(text('A group.'), 'Groups above it.'), ['all']) },
  run({ key, parents }) {
    const group = key.replaceAll(' ', '-')
    return { result: { add_group: group, parent_groups: parents }, addToGroups: { groups: [group], parents } }
  },
})
