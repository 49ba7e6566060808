/** ansible.posix.seboolean: switches of the SELinux policy. */
import type { Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, required, text } from '../contract/option.ts'

/** `name  (on , off)  description`: as it is now, and as it will be. */
const LASTING = shellRead('semanage boolean -l -n', ['path:/etc/selinux', 'path:/var/lib/selinux'])

function currentRead(name: string): Read<ShellResult> {
  return shellRead(`getsebool ${quote(name)}`, ['path:/etc/selinux', 'path:/sys/fs/selinux'])
}

export const seboolean = state({
  name: 'ansible.posix.seboolean',
  summary: 'Turns switches of the SELinux policy on and off.',
  untried: 'SELinux',
  options: {
    name: required(text('The switch.')),
    state: required(flag('On or off.')),
    persistent: defaulting(flag('It stays so when the machine starts again.'), false),
    ignore_selinux_state: defaulting(flag('Also where SELinux is disabled.'), false),
  },
  reads: ({ name }) => ({
    enabled: shellRead('selinuxenabled', ['path:/etc/selinux', 'path:/sys/fs/selinux']),
    current: currentRead(name),
    lasting: LASTING,
  }),
  plan({ name, state: wanted, persistent, ignore_selinux_state: ignores }, { enabled, current, lasting }) {
    if (enabled.code !== 0 && !ignores) return { fail: 'SELinux is disabled on this host.' }
    if (current.code !== 0 && !ignores) return { fail: `SELinux boolean ${name} does not exist.` }
    const word = wanted ? 'on' : 'off'
    const kept = lasting.stdout.split('\n').map((line) => /^(\S+)\s+\(\s*(\w+)\s*,\s*(\w+)\s*\)/.exec(line)).find((line) => line?.[1] === name)?.[3]
    const isNow = current.stdout.trim().endsWith(`--> ${word}`)
    if (isNow && (!persistent || kept === word)) return []
    return [{ summary: `${name} is ${word}${persistent ? ', also after a restart' : ''}`, writes: ['path:/etc/selinux', 'path:/sys/fs/selinux', 'path:/var/lib/selinux'], steps: [{ argv: ['setsebool', ...(persistent ? ['-P'] : []), name, word] }], leaves: [answered(currentRead(name), `${name} --> ${word}\n`), ...(persistent ? [answered(LASTING, `${lasting.stdout.split('\n').filter((line) => line.split(/\s/)[0] !== name).join('\n')}\n${name}  (${word} , ${word})`)] : [])] }]
  },
  result: ({ name, state: wanted, persistent }) => ({ name, state: wanted, persistent }),
})
