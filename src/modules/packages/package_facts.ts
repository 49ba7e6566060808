/** ansible.builtin.package_facts: the packages that are installed, as facts. */
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import type { Plain } from '../../values/value.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { state } from '../contract/module.ts'
import { defaulting, list, oneOf, text, type Input } from '../contract/option.ts'

type PackageFact = Readonly<Record<string, Plain>> & { readonly name: string }

interface Lister {
  /** Prints what is installed; fails where this database is not. */
  readonly script: string
  /** A package from a line of it. */
  parse(line: string): PackageFact | undefined
}

const LISTERS: Readonly<Record<string, Lister>> = {
  apk: {
    script: 'apk info -v',
    parse(line) {
      const [, name, version] = /^(.+)-([^-]+-[^-]+)$/.exec(line) ?? []
      return name === undefined ? undefined : { name, version: version! }
    },
  },
  // A host of the other family may carry dpkg. Packages of another architecture have it in their names, as apt has it.
  apt: {
    script: `[ -e /etc/debian_version ] && dpkg-query -W -f '\${db:Status-Status}\\t\${Package}\\t\${Version}\\t\${Architecture}\\t\${Section}\\n' | sed -n "s/^installed/$(dpkg --print-architecture)/p"`,
    parse(line) {
      const [native, name = '', version = '', arch = '', category = ''] = line.split('\t')
      return { name: arch === native || arch === 'all' ? name : `${name}:${arch}`, version, arch, category }
    },
  },
  pacman: {
    script: 'pacman -Q',
    parse(line) {
      const [name = '', version = ''] = line.split(' ')
      return { name, version }
    },
  },
  rpm: {
    script: `rpm -qa --qf '%{NAME}\\t%{VERSION}\\t%{RELEASE}\\t%{EPOCH}\\t%{ARCH}\\n'`,
    parse(line) {
      const [name = '', version = '', release = '', epoch = '', arch = ''] = line.split('\t')
      return { name, version, release, epoch: epoch === '(none)' ? null : epoch, arch: arch === '(none)' ? null : arch }
    },
  },
}

/** Managers that look into another one's database. */
const ALIASES: Readonly<Record<string, string>> = { dnf: 'rpm', dnf5: 'rpm', yum: 'rpm', zypper: 'rpm' }

const options = {
  manager: defaulting(list(text('apt, rpm, dnf, yum, zypper, apk, pacman or auto.'), 'Whose databases are asked.'), ['auto']),
  strategy: defaulting(oneOf(['first', 'all'], 'Takes the first database that has packages, or all.'), 'first'),
} as const

export const packageFacts = state({
  name: 'ansible.builtin.package_facts',
  summary: 'Gives the packages that are installed as the fact `packages`.',
  options,
  facts: ['packages'],
  prepare(input) {
    const unknown = managersOf(input).filter((manager) => !(manager in LISTERS))
    if (unknown.length > 0) throw new PlonerunError(`Unsupported package managers requested: ${unknown.join(', ')}`, { kind: 'task', hint: `There are ${[...Object.keys(LISTERS), ...Object.keys(ALIASES)].join(', ')}.` })
  },
  reads: (input): Readonly<Record<string, Read<ShellResult>>> => Object.fromEntries(managersOf(input).map((manager) => [manager, shellRead(LISTERS[manager]!.script, ['package:*'])])),
  plan(input, listings) {
    const managers = managersOf(input)
    if (managers.some((manager) => packagesOf(manager, listings[manager]).length > 0)) return {}
    return { fail: `Could not detect a supported package manager from the following list: ${managers.join(', ')}` }
  },
  result(input, listings) {
    const found = managersOf(input).map((manager) => packagesOf(manager, listings[manager])).filter((packages) => packages.length > 0)
    const packages: Record<string, PackageFact[]> = {}
    for (const each of (input.strategy === 'first' ? found.slice(0, 1) : found).flat()) (packages[each.name] ??= []).push(each)
    return { ansible_facts: { packages } }
  },
})

function managersOf({ manager }: Input<typeof options>): readonly string[] {
  const wanted = manager.map((name) => name.toLowerCase()).flatMap((name) => (name === 'auto' ? Object.keys(LISTERS) : [ALIASES[name] ?? name]))
  return [...new Set(wanted)]
}

function packagesOf(manager: string, listing: ShellResult | undefined): readonly PackageFact[] {
  if (listing === undefined) return []
  const packages = listing.stdout.split('\n').filter((line) => line !== '').flatMap((line) => LISTERS[manager]!.parse(line) ?? [])
  return packages.map((each) => ({ ...each, source: manager }))
}
