import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAnsibleConfig } from '../../../src/load/ansible-cfg.ts'
import { errorText, tree } from './tree.ts'

function read(files: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}) {
  const root = tree(files)
  const notes: string[] = []
  const config = readAnsibleConfig(root, environment, ({ message, position }) => notes.push(`${String(position?.line)} ${message.replaceAll(`${root}/`, '')}`))
  return { root, notes, config: JSON.parse(JSON.stringify(config).replaceAll(`${root}/`, '')) as Record<string, unknown> }
}

test('settings of a file, with paths relative to it', () => {
  const { config, notes } = read({
    'ansible.cfg': `# note
[defaults]
inventory = inv/hosts,extra ; behind
roles_path = roles:/opt/roles:
    more
forks: 20
host_key_checking = False
remote_user=deploy
vault_password_file = .vault
nocows = 1
[privilege_escalation]
become = yes
become_user = root
[ssh_connection]
pipelining = True
ssh_args = -F ssh.cfg -o ControlPersist=60s
ssh_common_args = -J bastion
host_key_checking = no
[diff]
always = on
`,
  })
  expect(config).toEqual({
    file: 'ansible.cfg',
    inventory: ['inv/hosts', 'extra'],
    rolesPath: ['roles', '/opt/roles', 'more'],
    forks: 20,
    hostKeyChecking: false,
    sshHostKeyChecking: false,
    sshArgs: '-F ssh.cfg -o ControlPersist=60s',
    sshCommonArgs: '-J bastion',
    remoteUser: 'deploy',
    vaultPasswordFile: '.vault',
    become: true,
    becomeUser: 'root',
    diff: true,
  })
  expect(notes).toEqual([])
})

test('the environment wins over the file', () => {
  const { config } = read({ 'ansible.cfg': '[defaults]\nforks = 1\ntimeout = 5\n' }, { ANSIBLE_FORKS: '7', ANSIBLE_INVENTORY: 'a,b,', ANSIBLE_ROLES_PATH: '/x', ANSIBLE_TIMEOUT: '' })
  expect(config).toMatchObject({ forks: 7, timeout: 5, inventory: ['a,b,'], rolesPath: ['/x'] })
})

test('$ANSIBLE_CONFIG names a file or its folder', () => {
  const { root } = read({ 'sub/ansible.cfg': '[defaults]\nforks = 3\n', 'ansible.cfg': '[defaults]\nforks = 1\n' })
  for (const name of ['sub', 'sub/ansible.cfg']) expect(readAnsibleConfig(root, { ANSIBLE_CONFIG: name }, () => undefined).forks).toBe(3)
  expect(errorText(root, () => readAnsibleConfig(root, { ANSIBLE_CONFIG: 'gone.cfg' }, () => undefined))).toBe('there is no file gone.cfg, which $ANSIBLE_CONFIG names')
})

test('a file in a folder that everybody may write to is not read', () => {
  const { root } = read({ 'ansible.cfg': '[defaults]\nforks = 1\n' })
  chmodSync(root, 0o777)
  const notes: string[] = []
  expect(readAnsibleConfig(root, {}, ({ message }) => notes.push(message)).forks).toBeUndefined()
  expect(notes).toEqual([`${join(root, 'ansible.cfg')} is not read, because everybody may write to its folder`])
})

test('old names, and what is not known', () => {
  const { config, notes } = read({ 'ansible.cfg': '[defaults]\ncollections_paths = c\nrole_path = x\nfrobnicate = 1\n[galaxy]\nserver = x\n' })
  expect(config).toMatchObject({ collectionsPath: ['c'] })
  expect(notes).toEqual(["3 the setting 'role_path' in [defaults] is not known: did you mean 'roles_path'?", "4 the setting 'frobnicate' in [defaults] is not known"])
})

test.each([
  ['[defaults]\nforks = many\n', "'forks' takes a number, not 'many'\nansible.cfg:2:1"],
  ['[defaults]\nhost_key_checking = perhaps\n', "'host_key_checking' takes yes or no, not 'perhaps'\nansible.cfg:2:1"],
  ['forks = 1\n', 'a setting stands before the first section\nansible.cfg:1:1\nhint: write settings as name = value, below a section such as [defaults]'],
  ['[defaults]\nforks\n', "'forks' is no setting\nansible.cfg:2:1\nhint: write settings as name = value, below a section such as [defaults]"],
])('%j is an error', (text, wanted) => {
  const root = tree({ 'ansible.cfg': text })
  expect(errorText(root, () => readAnsibleConfig(root, {}, () => undefined))).toBe(wanted)
})
