/** ansible.posix.selinux: whether SELinux enforces, permits or is off, and its policy. */
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { editedFile, editReads, isPlan, planEdit, systemFile } from '../files/edit.ts'

const options = {
  state: required(oneOf(['enforcing', 'permissive', 'disabled'], 'How SELinux works.')),
  policy: text('The policy, such as targeted; needed unless it is disabled.'),
  configfile: defaulting(path('Its configuration.', { aliases: ['conf', 'file'] }), '/etc/selinux/config'),
  update_kernel_param: defaulting(flag('Not supported: changes the parameters of the kernel too.'), false),
} as const

const ENFORCING = shellRead('getenforce', ['path:/sys/fs/selinux'])

export const selinux = state({
  name: 'ansible.posix.selinux',
  summary: 'Sets whether SELinux enforces its policy.',
  untried: 'SELinux',
  options,
  reads: ({ configfile }, _prepared, known) => ({
    ...editReads({ ...systemFile(configfile), create: false }, known),
    enforcing: ENFORCING,
  }),
  plan: (input, known) => plan(input, known),
  result(input, known) {
    const { state, policy, configfile } = input
    return { state, policy: policy ?? null, configfile, reboot_required: (state === 'disabled') === (runningState(known) !== 'disabled'), msg: (plan(input, known).changes ?? []).map(({ summary }) => summary).join(', ') }
  },
})

function runningState(known: Known): string {
  return (known['enforcing'] as ShellResult).stdout.trim().toLowerCase() || 'disabled'
}

function plan({ state, policy, configfile, update_kernel_param: kernel }: Input<typeof options>, known: Known): Plan {
  if (kernel) return { fail: 'update_kernel_param is not supported: change the parameters of the kernel with the command grubby' }
  if (state !== 'disabled' && policy === undefined) return { fail: `Policy is required if state is not 'disabled'` }
  const edit = { ...systemFile(configfile), create: false }
  const edited = editedFile(edit, known)
  if (isPlan(edited)) return { fail: `Unable to find file ${configfile}: ${edited.fail ?? ''}` }
  const before = edited.text ?? ''
  const set = (text: string, key: string, value: string): string => (new RegExp(`^${key}=.*$`, 'm').test(text) ? text.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=${value}`) : `${text}${key}=${value}\n`)
  const after = policy === undefined ? set(before, 'SELINUX', state) : set(set(before, 'SELINUX', state), 'SELINUXTYPE', policy)
  const running = runningState(known)
  // What is off comes on, and the other way round, with a restart only; until then it permits.
  const now = running === 'disabled' ? undefined : state === 'enforcing' ? 'enforcing' : 'permissive'
  const switching: readonly Change[] = now === undefined || now === running ? [] : [{ summary: `SELinux is ${now}`, writes: ['path:/sys/fs/selinux'], steps: [{ argv: ['setenforce', now === 'enforcing' ? '1' : '0'] }], leaves: [answered(ENFORCING, `${now}\n`)] }]
  return {
    changes: [...switching, ...(after === before ? [] : planEdit(edit, edited, after, known))],
    warnings: (state === 'disabled') === (running === 'disabled') ? [] : [`SELinux is ${running} until the machine is restarted`],
  }
}
