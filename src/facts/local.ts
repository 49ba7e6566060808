/** ansible_local: what the host says of itself in /etc/ansible/facts.d (JSON, INI, or a script that prints either). */
import type { Imagined } from '../probe/read.ts'
import { fromPlain } from '../values/convert.ts'
import { str } from '../values/print.ts'
import { Unknown } from '../values/unknown.ts'
import type { Dict, Plain } from '../values/value.ts'
import { readIni } from './ini.ts'
import type { FactSection } from './section.ts'

/** Where Ansible looks, too. */
export const FACT_PATH = '/etc/ansible/facts.d'

export const local: FactSection = {
  name: 'local',
  facts: ['local'],
  // Of each: its path, what it says, the exit code of a script, and what that complained about.
  script: `
for f in "$fact_path"/*.fact; do
  if [ -f "$f" ] && [ -x "$f" ]; then
    printf '%s\\0' "$f"
    { complaint=$(timeout 10 "$f" </dev/null 2>&1 >&3; echo " $?"); } 3>&1
    printf '\\0%s\\0%s\\0' "\${complaint##* }" "\${complaint% *}"
  elif [ -f "$f" ]; then
    printf '%s\\0' "$f"
    cat -- "$f" 2>/dev/null
    printf '\\0%s\\0\\0' 0
  elif [ -L "$f" ]; then
    printf '%s\\0\\0%s\\0\\0' "$f" gone
  fi
done`,
  parse(_, output) {
    const parts = output.split('\0')
    const facts: Record<string, Plain> = {}
    for (let index = 0; index + 3 < parts.length; index += 4) {
      const [file = '', text = '', code = '', complaint = ''] = parts.slice(index, index + 4)
      facts[file.replace(/^.*\//, '').replace(/\.fact$/, '')] = factOf(file, text, code, complaint)
    }
    return { local: facts }
  },
}

/** As Ansible has it, what went wrong is the value. */
function factOf(file: string, text: string, code: string, complaint: string): Plain {
  if (code === 'gone') return `Could not stat fact (${file})`
  if (code !== '0') return `Failure executing fact script (${file}), rc: ${code}, err: ${complaint}`
  return understand(text, file)
}

/** What went wrong with files of facts, out of the values that stand for them. */
export function complaints(facts: Dict): string[] {
  return [...facts.values()].filter((value) => typeof value === 'string' && /^(Could not stat fact|Failure executing fact script|error loading facts as) /.test(value)).map(str)
}

/** check mode: what a file would say that is yet to be written; of a script nobody can tell. */
export function imagineLocal(facts: Dict, folder: string, imagined: readonly Imagined[]): Dict {
  const local: Dict = new Map(facts.get('local') as Dict)
  for (const each of imagined) {
    const name = each.kind === 'path' ? factName(each.path, folder) : undefined
    if (each.kind !== 'path' || name === undefined) continue
    const { path, state } = each
    if (state === null) local.delete(name)
    else if (state.content === undefined && local.has(name)) continue
    else if (state.content === undefined || ((state.mode ?? 0) & EXECUTABLE) !== 0) local.set(name, new Unknown(`ansible_local.${name}`))
    else local.set(name, fromPlain(understand(Buffer.from(state.content).toString(), path)))
  }
  return new Map(facts).set('local', local)
}

const EXECUTABLE = 0o111

function factName(path: string, folder: string): string | undefined {
  const name = path.startsWith(`${folder}/`) ? /^([^/]+)\.fact$/.exec(path.slice(folder.length + 1)) : null
  return name?.[1]
}

function understand(text: string, file: string): Plain {
  try {
    return JSON.parse(text) as Plain
  } catch {
    const read = readIni(text)
    return typeof read === 'string' ? `error loading facts as ${read} - please check content: ${file}` : read
  }
}
