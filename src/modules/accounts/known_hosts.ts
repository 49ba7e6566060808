/** ansible.builtin.known_hosts: which keys other machines show, for ssh on the host. */
import { createHmac, randomBytes } from 'node:crypto'
import type { PathState } from '../../probe/path-state.ts'
import { parseKnownHosts, hashName, type KnownKey } from '../../transport/ssh/known-hosts.ts'
import type { Plain } from '../../values/value.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, path, presence, required, text, type Input } from '../contract/option.ts'
import { editedFile, editReads, isPlan, planEdit, systemFile } from '../files/edit.ts'
import { pathResult } from '../files/path-result.ts'

const options = {
  name: required(text('The machine, as ssh is told it; `[name]:port` for another port than 22.', { aliases: ['host'] })),
  key: text('Its line: name, type of key, key.'),
  path: defaulting(path('The file.'), '~/.ssh/known_hosts'),
  hash_host: defaulting(flag('The name is written as a hash.'), false),
  state: presence('Whether the file has the key; without a key, absent takes away all of the machine.'),
} as const

type KnownHostsInput = Input<typeof options>

/** Salts of hashed names come from it, so that a task that is planned twice writes the same. */
const SEED = randomBytes(20)

export const knownHosts = state({
  name: 'ansible.builtin.known_hosts',
  summary: 'Makes keys of other machines be known to ssh, or not.',
  options,
  rules: { requiredIf: [['state', 'present', ['key']]] },
  readsAgain: true,
  reads: ({ path }, _prepared, known) => editReads(systemFile(path), known),
  plan: (input, known) => plan(input, known),
  result(input, known: Known, { after = known }) {
    const at = after['entry'] as PathState
    return { name: input.name, key: input.key ?? null, hash_host: input.hash_host, ...difference(input, known), path: at.path, ...pathResult(at) }
  },
})

function plan(input: KnownHostsInput, known: Known): Plan {
  const edit = systemFile(input.path)
  const edited = editedFile(edit, known)
  if (isPlan(edited)) return edited
  const before = edited.text ?? ''
  const wrong = mistakeIn(input)
  if (wrong !== undefined) return { fail: wrong }
  const after = changed(before, input)
  return { changes: after === before ? [] : planEdit(edit, edited, after, known) }
}

/** The file's text before and after, also where they are the same. */
function difference(input: KnownHostsInput, known: Known): Readonly<Record<string, Plain>> {
  const edited = editedFile(systemFile(input.path), known)
  if (isPlan(edited) || mistakeIn(input) !== undefined) return {}
  const before = edited.text ?? ''
  const { path } = known['entry'] as PathState
  return { diff: { before, after: changed(before, input), before_header: edited.text === null ? '/dev/null' : path, after_header: path } }
}

function mistakeIn({ name, key }: KnownHostsInput): string | undefined {
  if (key === undefined) return undefined
  if (/\S\s*,/.test(name)) return 'Comma separated list of names is not supported. Please pass a single name to lookup in the known_hosts file.'
  return parseKnownHosts(key, '', name.toLowerCase()).length === 0 ? 'Host parameter does not match hashed host field in supplied key' : undefined
}

/** The text with the key, or without it. A key of the same type gives way to it. */
function changed(before: string, { name, key, path, hash_host, state }: KnownHostsInput): string {
  const host = name.toLowerCase()
  const lines = before.split(/(?<=\n)/).filter((line) => line !== '')
  const rows = parseKnownHosts(before, '', host)
  if (key === undefined) {
    const gone = new Set(rows.filter(({ marker }) => marker === undefined).map(({ line }) => line))
    return lines.filter((_, index) => !gone.has(index + 1)).join('')
  }
  const wanted = parseKnownHosts(key, '', host)[0]!
  const line = `${(hash_host ? hashed(key, host, path) : key).replace(/\n$/, '')}\n`
  const same = rows.find((row) => isSame(row, lines[row.line - 1]!, wanted, line))
  if (same !== undefined) return state === 'present' ? before : lines.toSpliced(same.line - 1, 1).join('')
  const rival = rows.find((row) => row.marker === undefined && row.type === wanted.type)
  const others = rival === undefined ? lines : lines.toSpliced(rival.line - 1, 1)
  if (state === 'absent') return others.join('')
  const last = others.at(-1)
  return `${others.join('')}${last === undefined || last.endsWith('\n') ? '' : '\n'}${line}`
}

/** The same key under the same name; one hashed name is as good as another. */
function isSame(row: KnownKey, line: string, wanted: KnownKey, written: string): boolean {
  const [there, asked] = [hostsOf(line), hostsOf(written)]
  return row.marker === wanted.marker && row.type === wanted.type && row.key.equals(wanted.key) && (there === asked || (there.startsWith('|1|') && asked.startsWith('|1|')))
}

function hostsOf(line: string): string {
  const fields = line.trim().split(/\s+/)
  return (fields[0]!.startsWith('@') ? fields[1] : fields[0]) ?? ''
}

function hashed(key: string, host: string, path: string): string {
  const salt = createHmac('sha1', SEED).update(`${path}\0${host}`).digest()
  const fields = key.trim().split(/\s+/)
  return fields.with(fields[0]!.startsWith('@') ? 1 : 0, hashName(host, salt)).join(' ')
}
