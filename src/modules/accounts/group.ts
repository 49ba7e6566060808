/** ansible.builtin.group: makes a group exist, or not. */
import { groupRead, userRead, type GroupState } from '../../probe/account.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { hasLibuser, libuserRead } from './libuser.ts'
import { defaulting, flag, integer, presence, required, text, type Input } from '../contract/option.ts'

const options = {
  name: required(text('The group.')),
  state: presence('Whether it exists.'),
  gid: integer('Its number.'),
  system: defaulting(flag('A new group gets a number from those for the system.'), false),
  local: defaulting(flag('Only /etc/group counts, not a directory service.'), false),
  non_unique: defaulting(flag('The number may be in use already.'), false),
  force: defaulting(flag("Removes a group although it is some user's primary one."), false),
  gid_min: integer('The lowest number for a new group.'),
  gid_max: integer('The highest number for a new group.'),
} as const

export const group = state({
  name: 'ansible.builtin.group',
  summary: 'Makes a group exist, or not.',
  options,
  rules: { requiredIf: [['non_unique', true, ['gid']]] },
  readsAgain: true,
  reads: (input, _prepared, known: Known) => reads(input, known),
  plan(input, { group, libuser, ...known }: Known): readonly Change[] | Plan {
    const withLocal = (['gid_min', 'gid_max', 'force'] as const).find((name) => input.local && input[name] !== undefined && input[name] !== false)
    if (withLocal !== undefined) return { fail: `'${withLocal}' can not be used with 'local'` }
    const found = named(input.name, group)
    const why = refused(input, found, known)
    return why === undefined ? plan(input, found, hasLibuser(libuser) ? 'l' : '') : { fail: `${why}\n`, result: { name: input.name } }
  },
  result: ({ name, state, system, gid }, { group }: Known, { after }) => {
    const found = named(name, after?.group ?? group)
    return { name, state, ...(state === 'present' && { system, gid: found === null || Number.isNaN(found.gid) ? gid : found.gid }) }
  },
  failure: ({ name }, _known, { stderr }) => ({ name, msg: stderr.toString() }),
})

/** Besides the group, what stands in its way: who has its number, and whose primary group it is. */
function reads({ name, local, state, gid, non_unique: shared, force }: Input<typeof options>, known: Known): Record<string, Read<unknown>> {
  const member = (known['member'] as ShellResult | undefined)?.stdout.trim() ?? ''
  return {
    group: groupRead(name, local ? { local } : {}),
    ...(local && { libuser: libuserRead() }),
    ...(state === 'present' && gid !== undefined && !shared && { holder: groupRead(String(gid), local ? { local } : {}) }),
    ...(state === 'absent' && !force && { member: shellRead(`g=$(getent group -- ${quote(name)} | cut -d: -f3); [ -z "$g" ] || getent passwd | awk -F: -v g="$g" '$4 == g { print $1; exit }'`, ['account:*']) }),
    // An earlier task may be to remove that user.
    ...(member !== '' && { user: userRead(member) }),
  }
}

/** Why it cannot be made or removed. */
function refused({ gid, state }: Input<typeof options>, found: GroupState | null, known: Known): string | undefined {
  const [holder, member] = [known['holder'] as GroupState | null | undefined, (known['member'] as ShellResult | undefined)?.stdout.trim()]
  if (state === 'absent') return found !== null && member && known['user'] != null ? `groupdel: cannot remove the primary group of user '${member}'` : undefined
  return gid !== undefined && found?.gid !== gid && holder != null && holder.name !== found?.name ? `${found === null ? 'groupadd' : 'groupmod'}: GID '${gid}' already exists` : undefined
}

/** A group may be found by its number; here only its name counts. */
function named(name: string, found: unknown): GroupState | null {
  const group = found as GroupState | null
  return group?.name === name ? group : null
}

/** @param l what the names of the programs begin with: libuser's with an l */
function plan({ name, state, gid, system, non_unique, force, gid_min, gid_max }: Input<typeof options>, group: GroupState | null, l: 'l' | ''): readonly Change[] {
  const writes = ['account:*' as const]
  if (state === 'absent') {
    if (group === null) return []
    return [{ summary: `remove group ${name}`, writes, steps: [{ argv: [`${l}groupdel`, ...(force ? ['-f'] : []), name] }], leaves: [{ kind: 'group', name, entry: null }] }]
  }
  const number = gid === undefined ? [] : ['-g', String(gid), ...(non_unique ? ['-o'] : [])]
  const leaves = [{ kind: 'group' as const, name, entry: gid === undefined ? {} : { gid } }]
  if (group === null) {
    const range = [...(gid_min === undefined ? [] : ['-K', `GID_MIN=${gid_min}`]), ...(gid_max === undefined ? [] : ['-K', `GID_MAX=${gid_max}`])]
    return [{ summary: `create group ${name}${gid === undefined ? '' : ` (${gid})`}`, writes, steps: [{ argv: [`${l}groupadd`, ...number, ...range, ...(system ? ['-r'] : []), name] }], leaves }]
  }
  if (gid === undefined || gid === group.gid) return []
  return [{ summary: `group ${name}: gid ${group.gid} -> ${gid}`, writes, steps: [{ argv: [`${l}groupmod`, ...number, name] }], leaves }]
}
