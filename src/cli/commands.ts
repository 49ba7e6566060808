/** All commands as data. `--help` and the documentation are made from it, and each command's code is loaded when it is run. */
import type { CommandInfo } from './command-info.ts'
import { changeOptions, inventoryOptions, limitOptions, outputOptions, playbookOptions, reachOptions, variableOptions, vaultOptions, verbose } from './options.ts'
import { siteCommands } from './site-commands.ts'

export const commands: readonly CommandInfo[] = [
  {
    name: 'deploy',
    summary: 'brings the hosts of an inventory to the state that its playbook describes',
    description:
      "The playbook is the one of -p, else the one that the inventory's variable plonerun_playbook names, else playbooks/site.yml of the current folder, else the site playbook that comes with plonerun.",
    arguments: [{ name: '<inventory>', summary: 'inventory file, folder or script, or the name of one in inventory/' }],
    groups: [
      { title: 'Hosts', options: [{ flags: '-p, --playbook <file>', summary: 'the playbook to run' }, ...limitOptions.options] },
      changeOptions,
      playbookOptions,
      ...reachOptions,
      outputOptions,
    ],
    examples: ['plonerun deploy inventory/demo', 'plonerun deploy prod --check --diff', 'plonerun deploy prod --limit web1 --tags zope'],
    load: () => import('./commands/deploy.ts'),
  },
  {
    name: 'run',
    summary: 'runs playbooks',
    arguments: [{ name: '<playbook...>', summary: 'playbook files' }],
    groups: [inventoryOptions, changeOptions, playbookOptions, ...reachOptions, outputOptions],
    examples: ['plonerun run upgrade.yml -i inventory/prod', 'plonerun run site.yml -i web1, -u root -e version=2'],
    load: () => import('./commands/run.ts'),
  },
  ...siteCommands,
  {
    name: 'exec',
    summary: 'runs one module on hosts',
    arguments: [{ name: '<pattern>', summary: 'hosts and groups: all, web*, web:!web3' }],
    groups: [
      {
        title: 'What to run',
        options: [
          { flags: '-m, --module-name <name>', summary: 'the module; command unless given', aliases: ['--module'] },
          { flags: '-a, --args <args>', summary: 'its arguments: k=v, the free form, or JSON' },
          { flags: '--task-timeout <seconds>', summary: 'seconds that it may take', number: true },
          { flags: '-B, --background <seconds>', summary: 'lets it run in the background for so long at most', number: true },
          { flags: '-P, --poll <seconds>', summary: 'with -B: seconds between looks at it; 0 does not wait', number: true },
          { flags: '--list-hosts', summary: 'lists the hosts, and runs nothing' },
          { flags: '--playbook-dir <folder>', summary: 'the folder that roles, files and group_vars are beside; the current one unless given' },
        ],
      },
      inventoryOptions,
      changeOptions,
      ...reachOptions,
      outputOptions,
    ],
    examples: ['plonerun exec all -i inventory/prod -a uptime', 'plonerun exec web -i inventory/prod -b -m service -a "name=apache2 state=reloaded"'],
    load: () => import('./commands/exec.ts'),
  },
  {
    name: 'bootstrap',
    summary: 'makes bare machines ready to be deployed to: user, key, sudo, base packages, known host key',
    description: 'Runs playbooks/bootstrap.yml of the current folder, or the one that comes with plonerun, over the hosts given. Log in with what the machine takes: -k for a password, -u for the user of a cloud image.',
    arguments: [{ name: '<host...>', summary: 'names or addresses, with user and port if needed: root@192.0.2.7:2222' }],
    groups: [changeOptions, ...reachOptions, outputOptions],
    examples: ['plonerun bootstrap 192.0.2.7 -u root -k', 'plonerun bootstrap debian@web1 -b'],
    load: () => import('./commands/bootstrap.ts'),
  },
  {
    name: 'inventory',
    summary: 'shows hosts, groups and where variables come from',
    arguments: [{ name: '[pattern]', summary: 'only these hosts' }],
    groups: [
      {
        title: 'What to show',
        options: [
          { flags: '--graph', summary: 'groups and their hosts as a tree (this is the default)' },
          { flags: '--list', summary: 'all hosts with their variables as JSON' },
          { flags: '--host <name>', summary: 'one host: each variable, and where it comes from' },
          { flags: '--json', summary: 'with --host: the variables as JSON' },
          { ...verbose, summary: 'taken, and without effect here' },
        ],
      },
      inventoryOptions,
      variableOptions,
      vaultOptions,
    ],
    examples: ['plonerun inventory -i inventory/prod', 'plonerun inventory -i inventory/prod --host web1'],
    load: () => import('./commands/inventory.ts'),
  },
  {
    name: 'facts',
    summary: 'shows what is found out about a host',
    arguments: [{ name: '<pattern>', summary: 'hosts and groups' }],
    groups: [
      { title: 'What to show', options: [{ flags: '--filter <pattern>', summary: 'only facts whose name matches, as in ansible_dist*' }] },
      inventoryOptions,
      ...reachOptions,
      { title: 'Output', options: [verbose] },
    ],
    examples: ['plonerun facts web1 -i inventory/prod', 'plonerun facts localhost --filter "ansible_dist*"'],
    load: () => import('./commands/facts.ts'),
  },
  {
    name: 'eval',
    summary: 'shows what a template gives, as JSON',
    arguments: [{ name: '<template>', summary: 'text with {{ }}, or - to read it from standard input' }],
    groups: [{ title: 'Hosts', options: [inventoryOptions.options[0]!, { flags: '--host <name>', summary: "with the variables of this host; localhost's unless given" }] }, variableOptions, vaultOptions],
    examples: [`plonerun eval "{{ [1, 2] | sum }}"`, `plonerun eval "{{ sites }}" -i inventory/prod --host web1`],
    load: () => import('./commands/eval.ts'),
  },
  {
    name: 'doc',
    summary: 'shows a module: its options, types and defaults',
    arguments: [{ name: '[module...]', summary: 'names of modules' }],
    groups: [{ title: 'What to show', options: [{ flags: '-l, --list', summary: 'all modules, a line each' }] }],
    examples: ['plonerun doc copy', 'plonerun doc --list'],
    load: () => import('./commands/doc.ts'),
  },
  {
    name: 'vault',
    summary: 'encrypts and decrypts files as ansible-vault does',
    arguments: [
      { name: '<action>', summary: 'encrypt, decrypt, view, rekey or encrypt_string' },
      { name: '[file...]', summary: 'files; for encrypt_string the text itself' },
    ],
    groups: [
      {
        title: 'What to write',
        options: [
          { flags: '--output <file>', summary: 'writes there instead of over the file (- for standard output)' },
          { flags: '-n, --name <name>', summary: 'encrypt_string: name of the variable' },
          { flags: '--encrypt-vault-id <id>', summary: 'encrypts with the password of this vault id' },
          { flags: '--new-vault-password-file <file>', summary: 'rekey: file with the new password' },
          { flags: '--new-vault-id <id>', summary: 'rekey: LABEL@FILE or LABEL@prompt of the new password' },
        ],
      },
      vaultOptions,
    ],
    examples: ['plonerun vault encrypt group_vars/all/secrets.yml', 'plonerun vault encrypt_string -n db_password'],
    load: () => import('./commands/vault.ts'),
  },
  {
    name: 'demo',
    summary: 'boots lab hosts on this machine, deploys a Plone site on them and prints its address',
    arguments: [],
    groups: [{ title: 'What to do', options: [{ flags: '--stop', summary: 'takes the lab hosts away again' }] }, outputOptions],
    examples: ['plonerun demo', 'plonerun demo --stop'],
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'completion',
    summary: 'prints what bash needs to complete commands and options',
    arguments: [],
    groups: [],
    examples: ['source <(plonerun completion)'],
    load: async () => (await import('./commands/completion.ts')).completion(commands),
  },
]
