/** The host's Python, which plonerun itself has no use for: the one that the inventory names, or the first there is. Without one there are no such facts. */
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

export const python: FactSection = {
  name: 'python',
  facts: ['python', 'python_version'],
  script: `
for python in \${interpreter:+"$interpreter"} python3 python; do
  path=$(command -v $python) || continue
  echo "$path"
  exec "$path" -c 'import sys, platform; print("%s|%s|%s" % (platform.python_version(), "|".join(map(str, sys.version_info)), platform.python_implementation().lower()))' 2>/dev/null
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
    }
  },
}
