/** ansible.builtin.service_facts: the services of a host and how they are, as facts. */
import { shellRead } from '../../probe/shell.ts'
import { state } from '../contract/module.ts'

interface ServiceFact extends Readonly<Record<string, string>> {
  readonly name: string
  readonly state: string
  readonly source: string
}

/** Init scripts' states, systemd's units and its unit files, and under all their names those of unit files that run, with a line between them. */
const LISTING = `if [ -d /etc/init.d ] && command -v service >/dev/null && ! command -v chkconfig >/dev/null; then service --status-all 2>&1; fi
echo ---
if [ -d /run/systemd/system ]; then systemctl list-units --no-pager --no-legend --type service --all --plain; fi
echo ---
if [ -d /run/systemd/system ]; then systemctl list-unit-files --no-pager --no-legend --type service --all; fi
echo ---
if [ -d /run/systemd/system ]; then systemctl show --no-pager -p Names -p ActiveState --type service --state active,activating,deactivating,reloading,failed '*'; fi`

export const serviceFacts = state({
  name: 'ansible.builtin.service_facts',
  summary: 'Gives the services of the host and how they are as the fact `services`.',
  options: {},
  facts: ['services'],
  reads: () => ({ listing: shellRead(LISTING, ['unit:*']) }),
  plan: () => [],
  result(_, { listing }) {
    const [scripts = '', units = '', files = '', names = ''] = listing.stdout.split('---\n')
    const services = { ...scriptsOf(scripts), ...unitsOf(units, files, statesOf(names)) }
    if (Object.keys(services).length === 0) return { skipped: true, msg: 'Failed to find any services.' }
    return { ansible_facts: { services } }
  },
})

/** `[ + ]  cron` for each. */
function scriptsOf(text: string): Record<string, ServiceFact> {
  const lines = [...text.matchAll(/^\s*\[ ([+-]) \]\s+(.+)$/gm)]
  return Object.fromEntries(lines.map(([, sign, name = '']) => [name, { name, state: sign === '+' ? 'running' : 'stopped', source: 'sysv' }]))
}

const BAD = ['not-found', 'masked', 'failed']

/** Units that systemd has loaded, and unit files, whose status (enabled, static ...) is the better one unless something is wrong. */
function unitsOf(units: string, files: string, states: ReadonlyMap<string, string>): Record<string, ServiceFact> {
  const found: Record<string, ServiceFact> = {}
  for (const [name = '', load = '', active = '', sub = ''] of fieldsOf(units)) {
    const bad = BAD.find((each) => [load, active, sub].includes(each))
    found[name] = { name, state: sub === 'running' ? 'running' : 'stopped', status: bad ?? active, source: 'systemd' }
  }
  for (const [name = '', status = ''] of fieldsOf(files)) {
    const unit = found[name]
    // A template has no state, and what is not loaded, under another name neither, does not run.
    if (unit === undefined) found[name] = { name, state: name.endsWith('@.service') ? 'unknown' : (states.get(name) ?? 'inactive'), status, source: 'systemd' }
    else if (!BAD.includes(unit['status']!)) found[name] = { ...unit, status }
  }
  return found
}

/** Blocks of two properties: each name with the state that they share. */
function statesOf(text: string): ReadonlyMap<string, string> {
  const property = (block: string, name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? ''
  return new Map(text.split('\n\n').flatMap((block) => property(block, 'Names').split(' ').map((name): [string, string] => [name, property(block, 'ActiveState')])))
}

function fieldsOf(text: string): readonly string[][] {
  return text.split('\n').filter((line) => line.includes('.service')).map((line) => line.trim().split(/\s+/))
}
