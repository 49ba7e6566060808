/** ansible_local: what the host says of itself in /etc/ansible/facts.d (JSON, INI, or a script that prints JSON). */
import type { Imagined } from '../probe/read.ts'
import { fromPlain } from '../values/convert.ts'
import { Unknown } from '../values/unknown.ts'
import type { Dict, Plain } from '../values/value.ts'
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

const FACT_FILE = /^\/etc\/ansible\/facts\.d\/([^/]+)\.fact$/

/** check mode: what a file would say that is yet to be written; of a script nobody can tell. */
export function imagineLocal(facts: Dict, imagined: readonly Imagined[]): Dict {
  const local: Dict = new Map(facts.get('local') as Dict)
  for (const each of imagined) {
    const name = each.kind === 'path' ? FACT_FILE.exec(each.path)?.[1] : undefined
    if (each.kind !== 'path' || name === undefined) continue
    const { state } = each
    if (state === null) local.delete(name)
    else if (state.content === undefined && local.has(name)) continue
    else if (state.content === undefined || ((state.mode ?? 0) & EXECUTABLE) !== 0) local.set(name, new Unknown(`ansible_local.${name}`))
    else local.set(name, fromPlain(understand(Buffer.from(state.content).toString())))
  }
  return new Map(facts).set('local', local)
}

const EXECUTABLE = 0o111

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
