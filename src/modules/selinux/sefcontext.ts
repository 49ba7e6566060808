/** community.general.sefcontext: which SELinux type files get. */
import { answered, shellRead } from '../../probe/shell.ts'
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
    const isMeant = ([path, kind, context]: readonly string[]): boolean => path === target && kind === FTYPES[ftype] && context?.includes(':') === true
    const fieldsOf = (line: string): readonly string[] => line.trim().split(/\s{2,}/)
    const fields = lines.map(fieldsOf).find(isMeant)
    const [user, , type, ...level] = (fields?.[2] ?? '').split(':')
    const equal = lines.map((line) => line.split(' = ')).find(([path]) => path === target)?.[1]
    const words = (...parts: readonly string[]): readonly string[] => ['semanage', 'fcontext', ...(reload ? [] : ['-N']), ...parts, target]
    // The line that semanage would list then, in place of the one that it lists now.
    const call = (summary: string, argv: readonly string[], line = '', replaces = (each: string): boolean => isMeant(fieldsOf(each))) => [{ summary, writes: ['path:/etc/selinux' as const, 'path:/var/lib/selinux' as const], steps: [{ argv }], leaves: [answered(OWN, [...lines.filter((each) => !replaces(each)), line].join('\n'))] }]
    const equates = (line: string): boolean => line.split(' = ')[0] === target && line.includes(' = ')
    if (wanted === 'absent') {
      if (equal !== undefined && setype === undefined) return call(`${target} is no longer labelled as ${equal}`, words('-d', '-e', equal), '', equates)
      return fields === undefined ? [] : call(`${target} has no type of its own`, words('-d', '-f', ftype))
    }
    if (substitute !== undefined) return equal === substitute ? [] : call(`${target} is labelled as ${substitute}`, words(equal === undefined ? '-a' : '-m', '-e', substitute), `${target} = ${substitute}`, equates)
    const same = fields !== undefined && type === setype && (seuser === undefined || user === seuser) && (selevel === undefined || level.join(':') === selevel)
    if (same) return []
    const [owner, range] = [seuser ?? (user || 'system_u'), selevel ?? (level.join(':') || 's0')]
    return call(`${target} has the type ${setype!}`, words(fields === undefined ? '-a' : '-m', '-f', ftype, '-t', setype!, '-s', owner, '-r', range), `${target}  ${FTYPES[ftype]}  ${owner}:object_r:${setype!}:${range}`)
  },
  result: ({ target, ftype, setype, state: wanted }) => ({ target, ftype, setype: setype ?? null, state: wanted }),
})
