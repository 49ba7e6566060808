/** Facts by family: what is asked together. Everything cheap is one family, so that no fact costs a second question. */
import { hostWord } from '../probe/host-path.ts'
import { read, type ProbeKind, type Read } from '../probe/read.ts'
import { dictOf } from '../values/convert.ts'
import type { Dict } from '../values/value.ts'
import { capabilities } from './capabilities.ts'
import { devices } from './devices.ts'
import { dns } from './dns.ts'
import { firmware } from './firmware.ts'
import { hardware } from './hardware.ts'
import { hostKeys } from './host-keys.ts'
import { initiators } from './initiators.ts'
import { FACT_PATH, imagineLocal, local } from './local.ts'
import { lsb } from './lsb.ts'
import { lvm } from './lvm.ts'
import { mounts } from './mounts.ts'
import { network } from './network.ts'
import { python } from './python.ts'
import { reachable } from './reachable.ts'
import { filesOf, showFiles, type FactSection } from './section.ts'
import { system } from './system.ts'
import { systemd } from './systemd.ts'
import { user } from './user.ts'
import { userspace } from './userspace.ts'
import { virtualization } from './virtualization.ts'

const FAMILIES: ReadonlyMap<string, readonly FactSection[]> = new Map([
  ['core', [system, hardware, firmware, hostKeys, network, dns, initiators, user]],
  ['userspace', [userspace]],
  ['mounts', [mounts]],
  ['devices', [devices, lvm]],
  ['local', [local]],
  ['systemd', [systemd]],
  // The program of each takes as long as a third of the core, and few ask.
  ['virtualization', [virtualization]],
  ['lsb', [lsb]],
  ['capabilities', [capabilities]],
  ['reachable', [reachable]],
  // Starting one takes longer than all other facts together.
  ['python', [python]],
])

const FAMILY_OF: ReadonlyMap<string, string> = new Map([...FAMILIES].flatMap(([family, sections]) => sections.flatMap(({ facts }) => facts.map((fact): [string, string] => [fact, family]))))

/** The family that a fact (without `ansible_`) is asked with; undefined for what is no fact. */
export function familyOf(fact: string): string | undefined {
  return FAMILY_OF.get(fact) ?? (INTERFACE.test(fact) ? 'core' : undefined)
}

/** Each network interface is a fact by its own name, and nearly all of them have a number. */
const INTERFACE = /^((eth|en[opsx]|wl|br|bond|docker|virbr|veth|vlan|tun|tap|team)\w*|[A-Za-z_.]+\d[\w.]*)$/

/** All facts that are known by name. */
export function factNames(): readonly string[] {
  return [...FAMILY_OF.keys()]
}

export function familyNames(): readonly string[] {
  return [...FAMILIES.keys()]
}

/** Sections print between lines that hold a byte no fact has. */
const SEPARATOR = '\x1e'

function sectionsIn(family: string): readonly FactSection[] {
  return FAMILIES.get(family) ?? []
}

function filesIn(family: string): readonly string[] {
  return [...new Set(sectionsIn(family).flatMap(({ files = [] }) => files))]
}

/** What a family's scripts are told: shell variables with what a playbook or inventory says. */
type Told = Readonly<Record<string, string>>

interface FactRequest {
  readonly family: string
  readonly told: Told
}

/** What can be said about where facts come from. */
export interface FactSources {
  /** The folder of the host's own facts, when it is not the usual one. */
  readonly factPath?: string | undefined
  /** The Python that facts are told of, when it is not the first one that the host has. */
  readonly python?: string | undefined
}

function toldTo(family: string, { factPath, python: interpreter }: FactSources): Told {
  if (family === 'local') return { fact_path: factPath ?? FACT_PATH }
  return family === 'python' && interpreter !== undefined ? { interpreter } : {}
}

/** What a family runs: its files are shown by one program, since starting one costs more than what it reads. */
function partsOf({ family, told }: FactRequest): readonly string[] {
  const files = filesIn(family)
  const scripts = sectionsIn(family).flatMap(({ script }) => script ?? [])
  const assigned = Object.entries(told).map(([name, value]) => `${name}=${hostWord(value)}`).join(' ')
  return [...(files.length > 0 ? [showFiles(files)] : []), ...scripts.map((script) => `( ${assigned}${assigned === '' ? '' : '\n'}${script}\n)`)]
}

const factsKind: ProbeKind<FactRequest, Dict> = {
  name: 'facts',
  script: (requests) => requests.flatMap((request) => partsOf(request).map((part) => `${part}\nprintf '\\036'`)).join('\n'),
  parse(requests, stdout) {
    const outputs = stdout.toString('utf8').split(SEPARATOR)
    let next = 0
    return requests.map(({ family }) => {
      const facts: Dict = new Map()
      const files = filesIn(family).length > 0 ? filesOf(outputs[next++] ?? '') : new Map<string, string>()
      for (const section of sectionsIn(family)) {
        const output = section.script === undefined ? '' : (outputs[next++] ?? '')
        for (const [name, value] of dictOf(section.parse(files, output))) facts.set(name, value)
      }
      return facts
    })
  },
  imagine: ({ family, told }, facts, imagined) => (family === 'local' ? imagineLocal(facts, told['fact_path'] ?? FACT_PATH, imagined) : facts),
  // Nobody knows all that they come from. What a play has taken of them it keeps, whatever is written since.
  touches: () => ['anything'],
}

/** The facts of a family, without the `ansible_` prefix. */
export function factRead(family: string, sources: FactSources = {}): Read<Dict> {
  return read(factsKind, { family, told: toldTo(family, sources) })
}
