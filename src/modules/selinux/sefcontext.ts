/** community.general.sefcontext: which SELinux type files get. */
import { answered, shellRead } from '../../probe/shell.ts'
import type { Change } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, oneOf, presence, required, text } from '../contract/option.ts'

/** What semanage lists, and its letter. */
const FTYPES = { a: 'all files', b: 'block device', c: 'character device', d: 'directory', f: 'regular file', l: 'symbolic link', p: 'named pipe', s: 'socket' } as const

const OWN = shellRead('semanage fcontext -l -n -C', ['path:/etc/selinux', 'path:/var/lib/selinux'])

export const sefcontext = state({
  name: 'community.general.sefcontext',
  summary: 'Tells the SELinux policy which type files get; restorecon then gives it to them.',
  untried: 'SELinux',
  options: {
    target: required(text('A regular expression for paths.', { aliases: ['path'] })),
    setype: text('The type.'),
    substitute: text('A path whose files are labelled alike.', { aliases: ['equal'] }),
    ftype: defaulting(oneOf(Object.keys(FTYPES) as (keyof typeof FTYPES)[], 'What kind of files; a: all.'), 'a'),
    seuser: text('The SELinux user; system_u for a new one.'),
    selevel: text('The level; s0 for a new one.', { aliases: ['serange'] }),
    state: presence('Whether the policy has it.'),
    reload: defaulting(flag('The policy is loaded anew.'), true),
    ignore_selinux_state: defaulting(flag('Also where SELinux is disabled.'), false),
  },
  rules: { mutuallyExclusive: [['setype', 'substitute']] },
  reads: () => ({
    enabled: shellRead('selinuxenabled', ['path:/etc/selinux', 'path:/sys/fs/selinux']),
    own: OWN,
  }),
  plan({ target, setype, substitute, ftype, seuser, selevel, state: wanted, reload, ignore_selinux_state: ignores }, { enabled, own }) {
    if (enabled.code !== 0 && !ignores) return { fail: 'SELinux is disabled on this host.' }
    if (own.code !== 0) return { fail: 'semanage failed on the host: it needs policycoreutils-python-utils, and root' }
    if (wanted === 'present' && setype === undefined && substitute === undefined) return { fail: 'one of setype and substitute is needed' }
    const lines = own.stdout.split('\n')
    const typed = lines.find((line) => gives(line, target, FTYPES[ftype]))
    const equated = lines.find((line) => line.startsWith(`${target} = `))
    const call = (summary: string, argv: readonly string[], replaced: string | undefined, line = '') => [change(summary, ['semanage', 'fcontext', ...(reload ? [] : ['-N']), ...argv, target], [...lines.filter((each) => each !== replaced), line])]
    if (wanted === 'absent') {
      if (equated !== undefined && setype === undefined) return call(`${target} is no longer labelled as ${equalOf(equated)}`, ['-d', '-e', equalOf(equated)], equated)
      return typed === undefined ? [] : call(`${target} has no type of its own`, ['-d', '-f', ftype], typed)
    }
    if (substitute !== undefined) {
      if (equated !== undefined && equalOf(equated) === substitute) return []
      return call(`${target} is labelled as ${substitute}`, [equated === undefined ? '-a' : '-m', '-e', substitute], equated, `${target} = ${substitute}`)
    }
    const [user, , type, ...level] = (fieldsOf(typed ?? '')[2] ?? '').split(':')
    const same = typed !== undefined && type === setype && (seuser === undefined || user === seuser) && (selevel === undefined || level.join(':') === selevel)
    if (same) return []
    const [owner, range] = [seuser ?? (user || 'system_u'), selevel ?? (level.join(':') || 's0')]
    return call(`${target} has the type ${setype!}`, [typed === undefined ? '-a' : '-m', '-f', ftype, '-t', setype!, '-s', owner, '-r', range], typed, `${target}  ${FTYPES[ftype]}  ${owner}:object_r:${setype!}:${range}`)
  },
  result: ({ target, ftype, setype, state: wanted }) => ({ target, ftype, setype: setype ?? null, state: wanted }),
})

/** @param after what semanage would list then */
function change(summary: string, argv: readonly string[], after: readonly string[]): Change {
  return { summary, writes: ['path:/etc/selinux', 'path:/var/lib/selinux'], steps: [{ argv }], leaves: [answered(OWN, after.join('\n'))] }
}

function fieldsOf(line: string): readonly string[] {
  return line.trim().split(/\s{2,}/)
}

/** Whether a line is about the path and this kind of files. */
function gives(line: string, target: string, kind: string): boolean {
  const [path, of, context] = fieldsOf(line)
  return path === target && of === kind && context?.includes(':') === true
}

/** `/data = /srv`. */
function equalOf(line: string): string {
  return line.slice(line.indexOf(' = ') + 3)
}
