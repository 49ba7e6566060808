/** ansible.builtin.getent: entries of the name service, as facts. */
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import type { Plain } from '../../values/value.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, required, text, type Input } from '../contract/option.ts'

const options = {
  database: required(text('passwd, group, hosts, services and so on.')),
  key: text('The entry; without it all that can be listed.'),
  service: text('Asks this service only: files, dns ...'),
  split: text('What separates fields; a colon for passwd, group and their shadows, else blanks.'),
  fail_key: defaulting(flag('A key that is not there is a failure; otherwise its fact is null.'), true),
} as const

const DATABASES = ['ahosts', 'ahostsv4', 'ahostsv6', 'aliases', 'ethers', 'group', 'gshadow', 'hosts', 'initgroups', 'netgroup', 'networks', 'passwd', 'protocols', 'rpc', 'services', 'shadow']
const WITH_COLONS = new Set(['passwd', 'shadow', 'group', 'gshadow'])

/** What its exit codes mean, in Ansible's words. */
const FAILURES: Readonly<Record<number, string>> = {
  1: 'Missing arguments, or database unknown.',
  2: 'One or more supplied key could not be found in the database.',
  3: 'Enumeration not supported on this database.',
  127: 'getent was not found on the host.',
}

export const getent = state({
  name: 'ansible.builtin.getent',
  summary: 'Gives entries of the name service (passwd, group, hosts ...) as facts.',
  options,
  facts: DATABASES.map((database) => `getent_${database}`),
  reads: ({ database, key, service }) => ({
    entries: shellRead(['getent', ...(service === undefined ? [] : ['-s', service]), '--', database, ...(key === undefined ? [] : [key])].map(quote).join(' '), ['account:*', 'path:/etc']),
  }),
  plan(input, { entries: { code } }) {
    return code === 0 || mayMiss(input, code) ? {} : { fail: FAILURES[code] ?? `getent ended with ${code}` }
  },
  result(input, { entries }) {
    const { database, key } = input
    if (mayMiss(input, entries.code)) return { ansible_facts: { [`getent_${database}`]: { [key!]: null } }, msg: FAILURES[2] }
    return { ansible_facts: { [`getent_${database}`]: entriesOf(input, entries) } }
  },
})

function mayMiss({ key, fail_key }: Input<typeof options>, code: number): boolean {
  return code === 2 && key !== undefined && !fail_key
}

/** The fields behind the key; several lists of them where a key has several entries. */
function entriesOf({ database, split }: Input<typeof options>, { stdout }: ShellResult): Record<string, Plain> {
  const separator = split ?? (WITH_COLONS.has(database) ? ':' : undefined)
  const found = new Map<string, string[][]>()
  for (const line of stdout.split('\n').filter((each) => each !== '')) {
    const [name = '', ...fields] = separator === undefined ? line.trim().split(/\s+/) : line.split(separator)
    found.set(name, [...(found.get(name) ?? []), fields])
  }
  return Object.fromEntries([...found].map(([name, entries]) => [name, entries.length === 1 ? entries[0]! : entries]))
}
