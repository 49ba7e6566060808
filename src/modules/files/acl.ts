/** ansible.posix.acl: entries of POSIX access control lists. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Imagined, Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { hostWord } from '../../probe/host-path.ts'
import { quote } from '../../shell/quote.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { resourcesOf } from './write-file.ts'

const options = {
  path: required(path('The file or folder.', { aliases: ['name'] })),
  state: defaulting(oneOf(['absent', 'present', 'query'], 'query only tells what there is.'), 'query'),
  etype: oneOf(['group', 'mask', 'other', 'user'], 'Of what kind the entry is.'),
  entity: defaulting(text('The user or group; none for the owner.'), ''),
  permissions: text('Such as rwx, rX.'),
  entry: text('The entry in one: etype:entity:permissions, with default: in front for a folder.'),
  default: defaulting(flag('What new files of the folder get.'), false),
  follow: defaulting(flag('Links are followed.'), true),
  recursive: defaulting(flag('Also for all that is below.', { aliases: ['recurse'] }), false),
  recalculate_mask: defaulting(oneOf(['default', 'mask', 'no_mask'], 'Whether setfacl sets the mask anew.'), 'default'),
  use_nfsv4_acls: defaulting(flag('Not supported.'), false),
} as const

type AclInput = Input<typeof options>

export const acl = state({
  name: 'ansible.posix.acl',
  summary: 'Sets, removes and tells entries of access control lists.',
  untried: 'ACL',
  options,
  rules: { mutuallyExclusive: [['entry', 'etype'], ['entry', 'permissions']] },
  readsAgain: true,
  prepare(input) {
    const fail = (message: string): never => {
      throw new PlonerunError(message, { kind: 'task' })
    }
    if (input.use_nfsv4_acls) fail('use_nfsv4_acls is not supported: only POSIX access control lists are')
    if (input.state === 'query' && input.recursive) fail("'recursive' MUST NOT be set when 'state=query'.")
    if (input.state === 'query' && input.recalculate_mask !== 'default') fail("'recalculate_mask' MUST NOT be set to 'mask' or 'no_mask' when 'state=query'.")
    if (input.state === 'query') return
    if (input.entry === undefined && input.etype === undefined) fail("either 'entry' or 'etype' MUST be set when 'state=present|absent'")
    if (input.entry !== undefined && !/^((d|default):)?[a-z]+:[^:]*(:[rwxX-]*)?$/.test(input.entry)) fail("'entry' MUST have 2 or 3 sections divided by ':', with 'default:' in front for a default ACL")
    if (input.state === 'present' && input.entry === undefined && !input.permissions) fail("'permissions' MUST be set when 'state=present'")
  },
  reads: (input): Record<string, Read<unknown>> => ({
    file: pathRead(input.path, { follow: input.follow }),
    acl: shellRead(`getfacl --absolute-names --omit-header${entryOf(input).isDefault ? ' -d' : ''}${input.recursive ? ' -R' : ''}${input.follow ? '' : ' -P'} ${hostWord(input.path)} 2>&1`, ['anything']),
    ...(input.state !== 'query' && { test: testRead(input) }),
  }),
  plan: (input, known: Known) => plan(input, known),
  result: (input, known: Known, { after = known }) => ({ msg: messageOf(input), acl: (after.acl as ShellResult).stdout.split('\n').filter((line) => line !== '') }),
})

function testRead(input: AclInput): Read<ShellResult> {
  return shellRead(`setfacl --test ${wordsOf(input).map(quote).join(' ')} -- ${hostWord(input.path)} 2>&1`, ['anything'])
}

/** What setfacl is told. */
function wordsOf(input: AclInput): readonly string[] {
  const { state: wanted, follow, recursive, recalculate_mask: mask } = input
  const { isDefault, entry } = entryOf(input)
  return [...(isDefault ? ['-d'] : []), ...(recursive ? ['-R'] : []), ...(recursive && !follow ? ['-P'] : []), ...(mask === 'mask' ? ['--mask'] : mask === 'no_mask' ? ['--no-mask'] : []), wanted === 'present' ? '-m' : '-x', entry]
}

/** `user:zope:rwx`; one that goes has no permissions. */
function entryOf({ state: wanted, entry, etype, entity, permissions, default: byOption }: AclInput): { readonly isDefault: boolean; readonly entry: string } {
  const written = entry ?? [etype ?? '', entity, permissions ?? ''].join(':')
  const isDefault = byOption || /^(d|default):/.test(written)
  const [kind = '', name = '', granted = ''] = written.replace(/^(d|default):/, '').split(':')
  return { isDefault, entry: wanted === 'absent' ? `${kind}:${name}` : `${kind}:${name}:${granted}` }
}

function messageOf(input: AclInput): string {
  return input.state === 'query' ? 'current acl' : `${entryOf(input).entry} is ${input.state}`
}

function plan(input: AclInput, known: Known): Plan {
  const [file, listing, test] = [known.file as PathState, known.acl as ShellResult, known.test as ShellResult | undefined]
  if (!file.exists) return { fail: 'Path not found or not accessible.' }
  if (entryOf(input).isDefault && file.type !== 'directory') return { fail: 'default is for folders' }
  if (listing.code === 127 || test?.code === 127) return { fail: 'getfacl and setfacl were not found on the host: install acl' }
  if (listing.code !== 0) return { fail: listing.stdout.trim() }
  if (test === undefined) return {}
  if (test.code !== 0) return { fail: test.stdout.trim(), result: { rc: test.code } }
  // `--test` lists what would be; `*,*` stands for a file that stays as it is.
  if (test.stdout.split('\n').every((line) => line === '' || line.endsWith('*,*'))) return {}
  const words = wordsOf(input)
  return { changes: [{ summary: `${file.path}: setfacl ${words.join(' ')}`, writes: resourcesOf(file), steps: [{ argv: ['setfacl', ...words, '--', file.path] }], leaves: leaving(input) }] }
}

/** check mode: the same once more changes nothing, and an entry that is set can be removed. */
function leaving(input: AclInput): readonly Imagined[] {
  return [answered(testRead(input), ''), ...(input.state === 'present' ? [answered(testRead({ ...input, state: 'absent' }), 'set')] : [])]
}
