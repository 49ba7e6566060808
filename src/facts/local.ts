/** ansible_local: what the host says of itself in /etc/ansible/facts.d (JSON, INI, or a script that prints JSON). */
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

export const local: FactSection = {
  name: 'local',
  facts: ['local'],
  script: `
for f in /etc/ansible/facts.d/*.fact; do
  [ -f "$f" ] || continue
  printf '%s\\0' "$f"
  if [ -x "$f" ]; then timeout 10 "$f" </dev/null 2>/dev/null; else cat -- "$f"; fi
  printf '\\0'
done`,
  parse(_, output) {
    const parts = output.split('\0')
    const facts: Record<string, Plain> = {}
    for (let index = 0; index + 1 < parts.length; index += 2) {
      const name = parts[index]!.replace(/^.*\//, '').replace(/\.fact$/, '')
      facts[name] = understand(parts[index + 1]!)
    }
    return { local: facts }
  },
}

function understand(text: string): Plain {
  try {
    return JSON.parse(text) as Plain
  } catch {
    return ini(text)
  }
}

function ini(text: string): Plain {
  const sections: Record<string, Record<string, Plain>> = {}
  let section: Record<string, Plain> | undefined
  for (const line of text.split('\n').map((each) => each.trim())) {
    const header = /^\[(.+)\]$/.exec(line)
    const pair = /^([^#;=:]+?)\s*[=:]\s*(.*)$/.exec(line)
    if (header) section = sections[header[1]!] ??= {}
    else if (pair && section) section[pair[1]!.toLowerCase()] = pair[2]!
  }
  return sections
}
