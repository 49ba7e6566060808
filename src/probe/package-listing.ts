/** What package databases are asked, and what they say. */
import { quote } from '../shell/quote.ts'
import type { InstalledPackage, PackageFamily, PackageManager, PackageRequest, PackageState } from './package-state.ts'

type Listed = Omit<PackageState, 'manager'>

const DEB_FORMAT = '${Package}\\t${db:Status-Status}\\t${db:Status-Want}\\t${Architecture}\\t${Version}\\t${Provides}\\n'
const RPM_FORMAT = '%{NAME}\\t%{ARCH}\\t%{EPOCH}\\t%{VERSION}-%{RELEASE}\\n'

/**
 * One dpkg-query and at most one apt-cache, or one rpm and one more for each name that is not installed.
 * Answers are separated by NUL: family and manager, dpkg's lines, what apt installed of its own accord, apt's policy, rpm's lines.
 */
export function packageScript(requests: readonly PackageRequest[]): string {
  const namesOf = (...families: readonly (PackageFamily | undefined)[]): string =>
    [...new Set(requests.filter(({ family }) => families.includes(family)).map(({ name }) => name))].map(quote).join(' ')
  const judged = [...new Set(requests.filter(({ candidate }) => candidate).map(({ name }) => name))].map(quote).join(' ')
  return `${DETECT}
printf '%s %s\\0' "$family" "$manager"
tab=$(printf '\\t')
newline='
'
if [ "$family" = rpm ]; then set -- ${namesOf('deb')}; else set -- ${namesOf('deb', undefined)}; fi
if [ $# -gt 0 ]; then
  for name do shift; piece=\${name%%:*}; piece=\${piece%%[*?[]*}; set -- "$@" "$name"; pieces="$pieces$piece$newline"; done
  listing=$(dpkg-query -W -f ${quote(DEB_FORMAT)} 2>/dev/null | grep -F -e "\${pieces%?}")
  printf '%s\\0' "$listing"
  awk '/^Package: /{ name = $2 } /^Architecture: /{ name = name ":" $2 } /^Auto-Installed: 1/{ print name }' /var/lib/apt/extended_states 2>/dev/null | grep -F -e "\${pieces%?}"
  printf '\\0'
  for name do
    shift
    case $name in *[*?[]*) continue ;; esac
    case "$newline$listing" in *"$newline\${name%%:*}\${tab}installed$tab"*) ;; *) set -- "$@" "$name" ;; esac
  done
  ${judged === '' ? '' : `[ "$family" = rpm ] || set -- "$@" ${judged}`}
  [ $# = 0 ] || apt-cache policy -- "$@" 2>/dev/null
else
  printf '\\0\\0'
fi
printf '\\0'
if [ "$family" = rpm ]; then set -- ${namesOf('rpm', undefined)}; else set -- ${namesOf('rpm')}; fi
if [ $# -gt 0 ]; then
  listing=$(rpm -q --qf ${quote(`=${RPM_FORMAT}`)} "$@" 2>/dev/null)
  printf '%s\\n' "$listing"
  printf '%s\\n' "$listing" | sed -n 's/^package \\(.*\\) is not installed$/\\1/p' | while IFS= read -r name; do
    printf '>%s\\n' "$name"
    rpm -q --whatprovides --qf ${quote(`+${RPM_FORMAT}`)} "$name" 2>/dev/null
  done
fi
:`
}

/** os-release decides, because a host may carry the other family's tools too. */
const DETECT = `ID= ID_LIKE=
if [ -r /etc/os-release ]; then . /etc/os-release; fi
case " $ID $ID_LIKE " in
  *' debian '* | *' ubuntu '*) family=deb ;;
  *' fedora '* | *' rhel '* | *' centos '* | *' suse '* | *' opensuse '*) family=rpm ;;
  *) if command -v dpkg-query >/dev/null; then family=deb; elif command -v rpm >/dev/null; then family=rpm; else family=none; fi ;;
esac
manager=none
case $family in deb) managers=apt-get ;; rpm) managers='dnf5 dnf yum zypper' ;; *) managers='apk pacman' ;; esac
for name in $managers; do if command -v "$name" >/dev/null; then manager=$name; break; fi; done
pieces=`

/** What the host is and installs with. */
export function parseManager(line: string): { family: PackageFamily | undefined; manager: PackageManager | undefined } {
  const [family, manager] = line.trim().split(' ')
  return {
    family: family === 'deb' || family === 'rpm' ? family : undefined,
    manager: manager === 'apt-get' ? 'apt' : manager === 'none' ? undefined : (manager as PackageManager | undefined),
  }
}

interface DebLine extends InstalledPackage {
  readonly status: string
  readonly want: string
  readonly provides: readonly string[]
}

/** Answers for names from dpkg's listing, apt's list of what it installed of its own accord (`NAME:ARCHITECTURE`) and its policy. */
export function parseDeb(listing: string, automatic: string, policy: string): (name: string) => Listed {
  const lines: readonly DebLine[] = listing
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', status = '', want = '', architecture = '', version = '', provides = ''] = line.split('\t')
      return { name, status, want, architecture, version, provides: provides.split(',').map((each) => each.trim().split(/[ :]/)[0]!) }
    })
  const unasked = automatic.split('\n')
  const offers = parsePolicy(policy)
  return (name) => {
    const [bare = '', architecture] = name.split(':')
    const matches = nameMatcher(bare)
    const named = lines.filter((line) => matches(line.name) && (architecture === undefined || line.architecture === architecture || line.architecture === 'all'))
    const installed = named.filter(({ status }) => status === 'installed')
    const offer = offers.get(name) ?? offers.get(bare) ?? (installed.length === 0 && !isPattern(name) ? { versions: [] } : undefined)
    return {
      installed: installed.map(toPackage),
      providers: lines.filter(({ status, provides }) => status === 'installed' && provides.includes(bare)).map(toPackage),
      held: named.some(({ want }) => want === 'hold'),
      leftovers: named.some(({ status }) => status === 'config-files'),
      broken: named.some(({ status }) => /^(unpacked|half-|triggers-)/.test(status)),
      automatic: installed.length > 0 && installed.every((each) => isUnasked(unasked, each)),
      ...offer,
    }
  }
}

/** What is for all architectures apt lists under its own. */
function isUnasked(unasked: readonly string[], { name, architecture }: InstalledPackage): boolean {
  return unasked.some((each) => (architecture === 'all' ? each.startsWith(`${name}:`) : each === `${name}:${architecture}`))
}

function toPackage({ name, architecture, version }: InstalledPackage): InstalledPackage {
  return { name, architecture, version }
}

/** Whether a name holds wildcards of the shell's kind. */
export function isPattern(name: string): boolean {
  return /[*?[]/.test(name)
}

/** Whether a name fits, which may hold wildcards. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  if (!isPattern(pattern)) return (name) => name === pattern
  const source = pattern.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.').replaceAll('[!', '[^')
  const regex = new RegExp(`^${source}$`)
  return (name) => regex.test(name)
}

interface Offer {
  readonly versions?: readonly string[]
  readonly candidate?: string
  readonly virtual?: true
}

/** `apt-cache policy`: what is on offer for each name it knows. */
function parsePolicy(policy: string): Map<string, Offer> {
  const offers = new Map<string, Offer>()
  for (const block of policy.split(/\n(?=\S)/)) {
    const name = /^(\S+):$/m.exec(block)?.[1]
    if (name === undefined) continue
    const candidate = /^ {2}Candidate: (.*)$/m.exec(block)?.[1]
    const versions = [...block.matchAll(/^ (?:\*\*\*| {3}) (\S+) -?\d+$/gm)].map((match) => match[1]!)
    // A virtual package has no version of its own, and whether something provides it is not told.
    offers.set(name, versions.length === 0 ? { virtual: true } : { versions, ...(candidate !== undefined && candidate !== '(none)' && { candidate }) })
  }
  return offers
}

/** Answers for names from rpm's lines: `=` in front of what has the name, `+` of what provides the `>` name above it. */
export function parseRpm(text: string): (name: string) => Listed {
  const named: InstalledPackage[] = []
  const providers = new Map<string, InstalledPackage[]>()
  let asked = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('>')) asked = line.slice(1)
    if (!line.startsWith('=') && !line.startsWith('+')) continue
    const [name = '', architecture = '', epoch = '', version = ''] = line.slice(1).split('\t')
    const found = { name, architecture, version: epoch === '(none)' || epoch === '0' ? version : `${epoch}:${version}` }
    if (line.startsWith('=')) named.push(found)
    else providers.set(asked, [...(providers.get(asked) ?? []), found])
  }
  return (name) => ({
    installed: named.filter((each) => rpmNames(each).includes(name)),
    providers: providers.get(name) ?? [],
    held: false,
    leftovers: false,
    broken: false,
    automatic: false,
  })
}

/** The spellings under which rpm knows an installed package. */
function rpmNames({ name, architecture, version }: InstalledPackage): string[] {
  const full = version.replace(/^\d+:/, '')
  const bare = full.replace(/-[^-]*$/, '')
  return [name, `${name}-${bare}`, `${name}-${full}`].flatMap((each) => [each, `${each}.${architecture}`])
}
