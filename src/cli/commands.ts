/** All commands as data. `--help` and the documentation are made from it, and each command's code is loaded when it is run. */
import type { Outcome } from './exit-codes.ts'
import {
  becomeOptions,
  changeOptions,
  connectionOptions,
  extraVars,
  inventoryOptions,
  limitOptions,
  outputOptions,
  playbookOptions,
  vaultOptions,
  verbose,
  type OptionGroup,
  type OptionInfo,
} from './options.ts'

export interface ArgumentInfo {
  /** As commander writes it: `<inventory>` must be given, `[host...]` may, and may be several. */
  readonly name: string
  readonly summary: string
}

/** What a command's file exports. `options` holds what commander made of the options of the table. */
export type RunCommand = (args: readonly (string | readonly string[] | undefined)[], options: Readonly<Record<string, unknown>>) => Promise<Outcome>

export interface CommandInfo {
  readonly name: string
  readonly summary: string
  /** Further sentences for its own help and the documentation. */
  readonly description?: string
  readonly arguments: readonly ArgumentInfo[]
  readonly groups: readonly OptionGroup[]
  readonly examples: readonly string[]
  readonly load: () => Promise<{ readonly run: RunCommand }>
}

const variables: OptionGroup = { title: 'Variables', options: [extraVars] }
const siteOptions: readonly OptionInfo[] = [
  { flags: '--site <names>', summary: 'the sites, with commas; may be given several times', repeat: 'list' },
  { flags: '--all', summary: 'all sites of the inventory' },
]
const reaching = [variables, connectionOptions, becomeOptions, vaultOptions]

const part: OptionInfo = { flags: '--part <part>', summary: 'only zope (storage and Zopes) or ha (balancer and cache)', choices: ['zope', 'ha'] }

/** A command that is a playbook over sites. Its own options become variables of the playbook. */
function siteVerb(name: string, summary: string, own: readonly OptionInfo[] = []): CommandInfo {
  return {
    name,
    summary,
    arguments: [],
    groups: [{ title: 'Sites', options: [...siteOptions, ...own] }, inventoryOptions, changeOptions, ...reaching, outputOptions],
    examples: [`plonerun ${name} --site demo -i inventory/prod`, `plonerun ${name} --all -i inventory/prod${own[0] === part ? ' --part zope' : ''}`],
    load: async () => (await import('./commands/site-verb.ts')).siteVerb(name, own.map(({ flags }) => /--(\w+)/.exec(flags)![1]!)),
  }
}

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
      ...reaching,
      outputOptions,
    ],
    examples: ['plonerun deploy inventory/demo', 'plonerun deploy prod --check --diff', 'plonerun deploy prod --limit web1 --tags zope'],
    load: () => import('./commands/deploy.ts'),
  },
  {
    name: 'run',
    summary: 'runs playbooks',
    arguments: [{ name: '<playbook...>', summary: 'playbook files' }],
    groups: [inventoryOptions, changeOptions, playbookOptions, ...reaching, outputOptions],
    examples: ['plonerun run upgrade.yml -i inventory/prod', 'plonerun run site.yml -i web1, -u root -e version=2'],
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'cycle',
    summary: 'restarts the Zopes of a site one by one, and no visitor notices',
    description:
      'Each Zope leaves the balancer, is drained, stopped, started, woken by the wake urls of the site and put back before the next one has its turn. The first one that does not come back ends the cycle; the next cycle begins with it.',
    arguments: [],
    groups: [
      {
        title: 'What to restart',
        options: [
          ...siteOptions,
          { flags: '--only <zopes>', summary: 'only these of their Zopes, with commas' },
          { flags: '--canary <number>', summary: 'only so many Zopes; --resume does the others later', number: true },
          { flags: '--serial <number>', summary: 'so many at a time, or a percentage of them; one unless given' },
          { flags: '--minimum <number>', summary: 'how many others must be live while one is out; all of them unless given', number: true },
          { flags: '--dry-run', summary: 'changes nothing, and says what would be restarted and how it stands now' },
          { flags: '--force', summary: 'also when too few others are live; with one Zope the site is down meanwhile' },
          { flags: '--resume', summary: 'only what a cycle that was ended, or --canary, has left' },
          { flags: '--probe <url>', summary: 'asks the front of the site four times a second meanwhile, and shows the answers' },
        ],
      },
      inventoryOptions,
      ...reaching,
      outputOptions,
    ],
    examples: ['plonerun cycle --site demo -i inventory/prod', 'plonerun cycle --all -i inventory/prod --canary 1', 'plonerun cycle --site demo -i inventory/prod --dry-run'],
    load: () => import('./commands/cycle.ts'),
  },
  {
    name: 'sites',
    summary: 'shows the sites of an inventory: versions, Zopes in and out of the balancer, ports, the last deploy',
    arguments: [],
    groups: [
      { title: 'What to show', options: [siteOptions[0]!, { flags: '--json', summary: 'as JSON, with more of each Zope' }] },
      inventoryOptions,
      ...reaching,
    ],
    examples: ['plonerun sites -i inventory/prod', 'plonerun sites -i inventory/prod --site www --json'],
    load: () => import('./commands/sites.ts'),
  },
  {
    name: 'status',
    summary: 'shows how sites stand: what the balancer says of their Zopes beside what the kernel and systemd do',
    description: 'It only looks. --output json prints the same as JSON; with --watch that is a line for each site and look.',
    arguments: [],
    groups: [
      { title: 'What to show', options: [...siteOptions, { flags: '--watch', summary: 'looks again every two seconds, until it is interrupted' }] },
      inventoryOptions,
      ...reaching,
      outputOptions,
    ],
    examples: ['plonerun status --all -i inventory/prod', 'plonerun status --site demo -i inventory/prod --watch', 'plonerun status --site demo -i inventory/prod --output json'],
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'varnish',
    summary: 'tests the VCL of sites, or tests it and puts it to use without losing a request',
    description: 'What is tested is the VCL that the last deploy wrote, with what was edited on the box since.',
    arguments: [{ name: '<verb>', summary: 'configtest or graceful' }],
    groups: [{ title: 'What to test', options: siteOptions }, inventoryOptions, ...reaching, outputOptions],
    examples: ['plonerun varnish configtest --all -i inventory/prod', 'plonerun varnish graceful --site demo -i inventory/prod'],
    load: () => import('./commands/varnish.ts'),
  },
  siteVerb('start', 'starts sites, their storage first, and waits until their Zopes answer', [part]),
  siteVerb('stop', 'stops sites, what visitors meet first', [part]),
  siteVerb('restart', 'stops sites and starts them again; `plonerun cycle` does it without an interruption', [part]),
  siteVerb('migrate', 'brings products, profiles, properties and mutators of sites about, as their definitions say'),
  siteVerb('pack', 'throws old revisions of the objects of sites away'),
  siteVerb('backup', 'backs up the databases and blobs of sites'),
  siteVerb('restore', 'puts the databases and blobs of sites back as they were in a backup', [
    { flags: '--date <date>', summary: 'as it was then (2026-11-28-04-00-00 or its beginning, UTC); the newest backup unless given' },
    { flags: '--list', summary: 'changes nothing, and lists the backups' },
  ]),
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
        ],
      },
      inventoryOptions,
      changeOptions,
      ...reaching,
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
    groups: [changeOptions, ...reaching, outputOptions],
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
      variables,
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
      ...reaching,
      { title: 'Output', options: [verbose] },
    ],
    examples: ['plonerun facts web1 -i inventory/prod', 'plonerun facts localhost --filter "ansible_dist*"'],
    load: () => import('./commands/facts.ts'),
  },
  {
    name: 'eval',
    summary: 'shows what a template gives, as JSON',
    arguments: [{ name: '<template>', summary: 'text with {{ }}, or - to read it from standard input' }],
    groups: [{ title: 'Hosts', options: [inventoryOptions.options[0]!, { flags: '--host <name>', summary: "with the variables of this host; localhost's unless given" }] }, variables, vaultOptions],
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
    load: () => import('./commands/completion.ts'),
  },
]
