/** ansible.builtin.hostname: what a machine calls itself, now and after a restart. */
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { oneOf, required, text, type Input } from '../contract/option.ts'
import { editedFile, editReads, isPlan, planEdit, systemFile } from '../files/edit.ts'

const options = {
  name: required(text('The name.')),
  use: oneOf(['systemd', 'debian', 'alpine', 'generic'], 'How it is set: by hostnamectl, by /etc/hostname and hostname, or (generic) until the next restart. Found out unless given.'),
} as const

const FILE = '/etc/hostname'

const CURRENT = shellRead('[ ! -d /run/systemd/system ] || echo systemd\necho ---\ncat /proc/sys/kernel/hostname\necho ---\nhostname -f', ['path:/proc/sys/kernel/hostname', 'path:/etc/hosts', `path:${FILE}`])

export const hostname = state({
  name: 'ansible.builtin.hostname',
  summary: 'Sets the name of the machine.',
  options,
  facts: ['ansible_hostname', 'ansible_nodename', 'ansible_fqdn', 'ansible_domain'],
  readsAgain: true,
  reads: (_, _prepared, known) => ({
    ...editReads(systemFile(FILE), known),
    current: CURRENT,
  }),
  plan: (input, known) => plan(input, known),
  result({ name }, known, { after, foreseen }) {
    const fqdn = !foreseen && after ? currentOf(after).fqdn : currentOf(known).name === name ? currentOf(known).fqdn : name
    return { name, ansible_facts: { ansible_hostname: name.split('.')[0]!, ansible_nodename: name, ansible_fqdn: fqdn || name, ansible_domain: (fqdn || name).split('.').slice(1).join('.') } }
  },
})

function currentOf(known: Known): { readonly systemd: boolean; readonly name: string; readonly fqdn: string } {
  const [systemd = '', name = '', fqdn = ''] = (known['current'] as ShellResult).stdout.split('---\n').map((part) => part.trim())
  return { systemd: systemd !== '', name, fqdn }
}

function plan({ name, use }: Input<typeof options>, known: Known): Plan {
  if (name.length > 64) return { fail: `the name is longer than 64 characters: ${name}` }
  const edited = editedFile(systemFile(FILE), known)
  if (isPlan(edited)) return edited
  const current = currentOf(known)
  const running = current.name !== name
  const lasting = use !== 'generic' && (edited.text ?? '').trim() !== name
  const writes: Change['writes'] = ['path:/proc/sys/kernel/hostname', `path:${FILE}`, 'path:/etc/machine-info']
  const then = answered(CURRENT, [current.systemd ? 'systemd\n' : '', `${name}\n`, `${name}\n`].join('---\n'))
  if (use === 'systemd' || (use === undefined && current.systemd)) {
    const call = (...kinds: readonly string[]): Change['steps'][number] => ({ argv: ['hostnamectl', ...kinds, 'set-hostname', name] })
    // In one call an older systemd takes away the pretty name that is no other.
    const steps = [...(lasting ? [call('--pretty', '--static')] : []), ...(running ? [call('--transient')] : [])]
    return { changes: steps.length === 0 ? [] : [{ summary: `hostname ${current.name} -> ${name}`, writes, steps, leaves: [{ kind: 'path', path: FILE, state: { type: 'file', content: Buffer.from(`${name}\n`) } }, then] }] }
  }
  return {
    changes: [
      ...(lasting ? planEdit(systemFile(FILE), edited, `${name}\n`, known) : []),
      ...(running ? [{ summary: `hostname ${current.name} -> ${name}`, writes, steps: [{ argv: ['hostname', name] }], leaves: [then] }] : []),
    ],
  }
}
