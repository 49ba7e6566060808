/** What systemd and the kernel say of a site's units: state, memory, how long they run, and what Plone a Zope has. Linux, proc(5). */

export interface Unit {
  /** `active`, `inactive`, `failed` ... */
  readonly active: string
  /** Bytes of its processes in memory; absent when none is known. */
  readonly memory?: number
  /** Seconds since its main process started. */
  readonly seconds?: number
  /** Of the packages that its Python loads, by their names in small letters. */
  readonly packages: Readonly<Record<string, string>>
}

/** Of the many packages of a Plone those that tell what it is, as patterns: installers of Python 2 leave a name as it is written. */
const PACKAGES = ['[Pp]roducts[._][Cc][Mm][Ff][Pp]lone', '[Zz]ope', 'Zope2']

/**
 * A shell function that prints the packages of a process: `packages UNIT PROGRAM SCRIPT`.
 * A folder of packages has notes of them beside its Python; what a buildout has made names its eggs in the script itself.
 */
export const PACKAGES_SCRIPT = `packages() {
  for package in ${PACKAGES.map((name) => `"\${2%/*}"/../lib/python*/site-packages/${name}-*.dist-info`).join(' ')}; do
    [ -e "$package" ] && echo "package $1 \${package##*/} \${package%/site-packages/*}"
  done
  sed -n "s%^ *'.*/\\(${PACKAGES.join('\\|')}\\)-\\([^-/]*\\)-py\\([0-9.]*\\)[^/']*[.]egg',*\$%package $1 \\1-\\2.dist-info python\\3%p" "\${3:-/dev/null}" 2>/dev/null
}`

/**
 * A shell text that prints what unitsOf reads. It needs no program but those of systemd and libc's.
 * @param units names without `.service`, which a shell does not have to quote
 */
export function unitsScript(units: readonly string[]): string {
  return `
${PACKAGES_SCRIPT}
getconf PAGESIZE; getconf CLK_TCK; cut -d ' ' -f 1 /proc/uptime
for unit in ${units.join(' ')}; do
  state=$(systemctl show --property ActiveState --value "$unit"); pid=$(systemctl show --property MainPID --value "$unit")
  echo "unit $unit $state $pid"
  [ "$pid" -gt 0 ] 2>/dev/null || continue
  { read -r program; read -r script; } <<END
$(tr '\\000' '\\n' </proc/$pid/cmdline 2>/dev/null)
END
  packages "$unit" "$program" "$script"
done
cat /proc/[0-9]*/stat 2>/dev/null`
}

/** Units by their names; those of which nothing was printed are missing. */
export function unitsOf(printed: string): ReadonlyMap<string, Unit> {
  const [pageSize = '', ticks = '', uptime = '', ...lines] = printed.trim().split('\n')
  const processes = lines.flatMap(processOf)
  const units = new Map<string, Unit>()
  for (const line of lines) {
    const [what, name = '', ...rest] = line.split(' ')
    if (what === 'unit') {
      const [active = 'unknown', pid] = rest
      const main = processes.find((process) => process.pid === Number(pid))
      units.set(name, {
        active,
        packages: {},
        ...(main && { memory: familyOf(main, processes).reduce((sum, { pages }) => sum + pages, 0) * Number(pageSize), seconds: Number(uptime) - main.started / Number(ticks) }),
      })
    }
    const unit = units.get(name)
    if (what !== 'package' || unit === undefined) continue
    const [, packageName, version] = /^(.+)-(.+)\.dist-info$/.exec(rest[0] ?? '') ?? []
    const python = /python([\d.]+)$/.exec(rest[1] ?? '')?.[1]
    units.set(name, { ...unit, packages: { ...unit.packages, ...(packageName !== undefined && { [packageName.toLowerCase().replace('.', '_')]: version! }), ...(python !== undefined && { python }) } })
  }
  return units
}

interface Process {
  readonly pid: number
  readonly parent: number
  /** Clock ticks after the machine. */
  readonly started: number
  readonly pages: number
}

/** A program's name is in brackets and may hold anything, so what follows is counted from the last bracket. */
function processOf(line: string): Process[] {
  const pid = Number(/^(\d+) \(/.exec(line)?.[1])
  if (Number.isNaN(pid)) return []
  const fields = line.slice(line.lastIndexOf(') ') + 2).split(' ')
  return [{ pid, parent: Number(fields[1]), started: Number(fields[19]), pages: Number(fields[21]) }]
}

/** A process and all that come from it. */
function familyOf(process: Process, all: readonly Process[]): Process[] {
  return [process, ...all.filter(({ parent }) => parent === process.pid).flatMap((child) => familyOf(child, all))]
}
