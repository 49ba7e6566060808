/** The commands for sites, as data. */
import type { CommandInfo } from './command-info.ts'
import { changeOptions, inventoryOptions, outputOptions, reachOptions, type OptionInfo } from './options.ts'

const siteOptions: readonly OptionInfo[] = [
  { flags: '--site <names>', summary: 'the sites, with commas; may be given several times', repeat: 'list' },
  { flags: '--all', summary: 'all sites of the inventory' },
]

const part: OptionInfo = { flags: '--part <part>', summary: 'only zope (storage and Zopes) or ha (balancer and cache)', choices: ['zope', 'ha'] }

/** A command that is a playbook over sites. Its own options become variables of the playbook. */
function siteVerb(name: string, summary: string, own: readonly OptionInfo[] = []): CommandInfo {
  return {
    name,
    summary,
    arguments: [],
    groups: [{ title: 'Sites', options: [...siteOptions, ...own] }, inventoryOptions, changeOptions, ...reachOptions, outputOptions],
    examples: [`plonerun ${name} --site demo -i inventory/prod`, `plonerun ${name} --all -i inventory/prod${own[0] === part ? ' --part zope' : ''}`],
    load: async () => (await import('./commands/site-verb.ts')).siteVerb(name, own.map(({ flags }) => /--(\w+)/.exec(flags)![1]!)),
  }
}

export const siteCommands: readonly CommandInfo[] = [
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
          { flags: '--drain-timeout <seconds>', summary: 'how long requests under way may take, past which a Zope goes back and the cycle ends; what the site says unless given', number: true },
          { flags: '--dry-run', summary: 'changes nothing, and says what would be restarted and how it stands now' },
          { flags: '--force', summary: 'also when too few others are live; with one Zope the site is down meanwhile' },
          { flags: '--resume', summary: 'only what a cycle that was ended, or --canary, has left' },
          { flags: '--probe <url>', summary: 'asks the front of the site four times a second meanwhile, and shows the answers' },
        ],
      },
      inventoryOptions,
      ...reachOptions,
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
      ...reachOptions,
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
      ...reachOptions,
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
    groups: [{ title: 'What to test', options: siteOptions }, inventoryOptions, ...reachOptions, outputOptions],
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
]
