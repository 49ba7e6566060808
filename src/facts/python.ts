/** The host's Python, which plonerun itself has no use for: the one that the inventory names, or the first there is. Without one there are no such facts. */
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

/** Where Python is looked for on a host, in Ansible's order: the newest goes before the system's own. */
export const PYTHONS: readonly string[] = ['python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.9', 'python3.8', 'python3', '/usr/libexec/platform-python', 'python']

export const python: FactSection = {
  name: 'python',
  facts: ['python', 'python_version', 'discovered_interpreter_python'],
  script: `
for python in \${interpreter:+"$interpreter"} ${PYTHONS.join(' ')}; do
  path=$(command -v $python) || continue
  answer=$("$path" -c 'import sys, platform; print("%s|%s|%s" % (platform.python_version(), "|".join(map(str, sys.version_info)), platform.python_implementation().lower()))' 2>/dev/null) || continue
  printf '%s\\n' "$path" "$answer"
  break
done
:`,
  parse(_, output): Readonly<Record<string, Plain>> {
    const [executable, answer] = output.trim().split('\n')
    if (executable === undefined || answer === undefined) return {}
    const [version, major, minor, micro, releaselevel, serial, type] = answer.split('|')
    const numbers = { major: Number(major), minor: Number(minor), micro: Number(micro) }
    return {
      python: {
        executable,
        has_sslcontext: true,
        type: type ?? '',
        version: { ...numbers, releaselevel: releaselevel ?? '', serial: Number(serial) },
        version_info: [...Object.values(numbers), releaselevel ?? '', Number(serial)],
      },
      python_version: version ?? '',
      discovered_interpreter_python: executable,
    }
  },
}
