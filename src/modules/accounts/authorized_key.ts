/** ansible.posix.authorized_key: who may log in with which ssh key. */
import { userRead, type UserState } from '../../probe/account.ts'
import { contentRead, type FileContent } from '../../probe/content.ts'
import { fetchedRead, parseFetched } from '../../probe/fetched.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { entryResource } from '../../probe/resource.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { bytesToText } from '../../values/bytes.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, path, presence, required, text, type Input } from '../contract/option.ts'
import { compareAttributes } from '../files/attributes.ts'
import { parentOf } from '../files/destination.ts'
import { makeDirectories, missingAbove } from '../files/directories.ts'
import { editedFile, editReads, isPlan, planEdit, systemFile, type EditInput } from '../files/edit.ts'
import { pathResult } from '../files/path-result.ts'
import { attributesOnly } from '../files/write-file.ts'
import { changeKeys } from './authorized-keys.ts'

const options = {
  user: required(text('Whose logins.')),
  key: required(text('Public keys, a line each; or an address that the host fetches them from.')),
  path: path('The file; ~/.ssh/authorized_keys of the user unless given.'),
  manage_dir: defaulting(flag("Its folder is made, and is the user's alone."), true),
  state: presence('Whether the keys are there.'),
  key_options: text('Options in front of the keys, such as no-pty,from="10.0.0.1".'),
  exclusive: defaulting(flag('All other keys go.'), false),
  comment: text('Stands behind the keys instead of their own comments.'),
  validate_certs: defaulting(flag('An address must have a certificate that the host trusts.'), true),
  follow: defaulting(flag('Writes what a link leads to, instead of replacing it.'), false),
} as const

type KeyInput = Input<typeof options>

export const authorizedKey = state({
  name: 'ansible.posix.authorized_key',
  summary: "Makes ssh keys be in a user's authorized_keys, or not.",
  options,
  readsAgain: true,
  reads(input, _prepared, known): Record<string, Read<unknown>> {
    const file = fileOf(input, known['user'] as UserState | null | undefined)
    return {
      user: userRead(input.user),
      ...keyReads(input),
      ...(file !== undefined && { ...editReads(editOf(input, file, undefined), known), itself: pathRead(file) }),
    }
  },
  plan: (input, known: Known) => plan(input, known),
  result: ({ user, key, exclusive, key_options, comment, manage_dir, path, state, follow, validate_certs }, known: Known, { after = known }) => ({
    user, key, exclusive, key_options: key_options ?? null, comment: comment ?? null, manage_dir, path: path ?? null, state, follow, validate_certs,
    // Ansible tells of a file that is named in the task, and its state instead of the task's.
    ...(path !== undefined && pathResult(after['entry'] as PathState)),
    keyfile: (known['entry'] as PathState | undefined)?.path ?? path ?? null,
  }),
})

function fileOf({ path }: KeyInput, user: UserState | null | undefined): string | undefined {
  return path ?? (user ? `${user.home}/.ssh/authorized_keys` : undefined)
}

/** sshd wants the file to be the user's. */
function editOf({ user }: KeyInput, file: string, account: UserState | undefined): EditInput {
  return systemFile(file, { owner: user, mode: 0o600, ...(account?.group !== undefined && { group: account.group }) })
}

/** What an address leads to. */
function keyReads({ key, validate_certs: validate }: KeyInput): Record<string, Read<unknown>> {
  const url = key.trim()
  if (url.startsWith('file:')) return { 'key file': contentRead(url.replace(/^file:(\/\/)?/, '')) }
  return /^https?:/.test(url) ? { fetched: fetchedRead(url, validate) } : {}
}

/** The keys themselves; undefined when their address leads nowhere. */
function keysOf({ key }: KeyInput, { fetched, ['key file']: file }: Known): string | undefined {
  if (fetched === undefined && file === undefined) return key
  const content = fetched === undefined ? (file as FileContent).bytes : parseFetched(fetched as ShellResult)
  return Buffer.isBuffer(content) ? bytesToText(content) : undefined
}

function plan(input: KeyInput, known: Known): Plan {
  const account = known['user'] as UserState | null
  if (account === null) return { fail: `Failed to lookup user ${input.user}: "getpwnam(): name not found: '${input.user}'"` }
  const key = keysOf(input, known)
  if (key === undefined) return { fail: `Error getting key from: ${input.key}` }
  const edit = editOf(input, fileOf(input, account)!, account)
  const edited = editedFile(edit, known)
  if (isPlan(edited)) return edited
  const { key_options: keyOptions, comment, exclusive, state } = input
  let after: string
  try {
    after = changeKeys(edited.text ?? '', { key, present: state === 'present', exclusive, options: keyOptions, comment })
  } catch (error) {
    return { fail: (error as Error).message }
  }
  if (after === (edited.text ?? '')) return {}
  const itself = known['itself'] as PathState
  const target = input.follow || !itself.exists ? edited : { ...edited, current: itself }
  return { changes: [...folderChanges(input, account, edit.path, known), ...planEdit(edit, target, after, withFolder(known))] }
}

/** The folder is made with the user as its owner; one that is there is made the user's. */
function folderChanges({ user, manage_dir: manages }: KeyInput, account: UserState, file: string, known: Known): readonly Change[] {
  const parent = known['parent'] as PathState
  const wanted = { owner: user, mode: 0o700, ...(account.group !== undefined && { group: account.group }) }
  if (!parent.exists) return [makeDirectories(missingAbove(file, known), manages ? wanted : {})]
  if (!manages || compareAttributes(wanted, parent).lines.length === 0) return []
  return [{ ...attributesOnly(parent, wanted)!, writes: [entryResource(parentOf(file)), entryResource(parent.realPath)] }]
}

/** planEdit need not make it once more. */
function withFolder(known: Known): Known {
  return { ...known, parent: { ...(known['parent'] as PathState), exists: true } }
}
