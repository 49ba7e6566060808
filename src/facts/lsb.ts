/** What the distribution says of itself through lsb_release, or its file; a host that has neither says nothing, as in Ansible. */
import type { Plain } from '../values/value.ts'
import { assignments, type FactSection } from './section.ts'

const FILE = '/etc/lsb-release'
/** A line that lsb_release prints -> the fact; what comes later counts. */
const PRINTED: readonly (readonly [line: string, fact: string])[] = [['LSB Version', 'release'], ['Distributor ID', 'id'], ['Description', 'description'], ['Release', 'release'], ['Codename', 'codename']]
const ASSIGNED: readonly (readonly [key: string, fact: string])[] = [['DISTRIB_ID', 'id'], ['DISTRIB_RELEASE', 'release'], ['DISTRIB_DESCRIPTION', 'description'], ['DISTRIB_CODENAME', 'codename']]

export const lsb: FactSection = {
  name: 'lsb',
  facts: ['lsb'],
  files: [FILE],
  script: 'lsb_release -a 2>/dev/null\n:',
  parse(files, output): Readonly<Record<string, Plain>> {
    const printed = PRINTED.flatMap(([line, fact]) => [...output.matchAll(new RegExp(`^${line}:\\s*(.*)$`, 'gm'))].map(([, value]): [string, string] => [fact, value!.trim()]))
    const assigned = assignments(files.get(FILE) ?? '')
    const found = printed.length > 0 ? printed : ASSIGNED.flatMap(([key, fact]): [string, string][] => { const value = assigned.get(key); return value === undefined ? [] : [[fact, value]] })
    const facts = Object.fromEntries(found.map(([fact, value]) => [fact, value.replace(/^['"\\]+|['"\\]+$/g, '')]))
    return { lsb: { ...facts, ...(facts['release'] !== undefined && { major_release: facts['release'].split('.')[0] }) } }
  },
}
