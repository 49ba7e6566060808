/** community.general.modprobe: kernel modules, loaded now and whenever the machine starts. */
import { contentRead, type FileContent } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import type { Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { splitWords } from '../../shell/words.ts'
import { bytesToText } from '../../values/bytes.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, oneOf, presence, required, text, type Input } from '../contract/option.ts'
import { parentOf } from '../files/destination.ts'
import { planEdit, systemFile } from '../files/edit.ts'
import type { PathState } from '../../probe/path-state.ts'

const options = {
  name: required(text('The module.')),
  state: presence('Whether it is loaded.'),
  params: defaulting(text('Its parameters.'), ''),
  persistent: defaulting(oneOf(['disabled', 'present', 'absent'], 'Whether the machine loads it when it starts; disabled: that is left as it is.'), 'disabled'),
} as const

type ModuleInput = Input<typeof options>

const LOADING = '/etc/modules-load.d'
const PARAMETERS = '/etc/modprobe.d'

export const modprobe = state({
  name: 'community.general.modprobe',
  summary: 'Loads kernel modules, or takes them out.',
  options,
  reads(input, _prepared, known: Known): Record<string, Read<unknown>> {
    const loaded = loadedRead(input)
    if (input.persistent === 'disabled') return { loaded }
    const listing = shellRead(`for f in ${LOADING}/* ${PARAMETERS}/*; do if [ -f "$f" ]; then echo "$f"; fi; done`, [`path:${LOADING}`, `path:${PARAMETERS}`])
    const files = known['listing'] === undefined ? [] : filesOf(input, known)
    return { loaded, listing, ...Object.assign({}, ...files.map(readsOf)) as Record<string, Read<unknown>> }
  },
  plan: (input, known) => plan(input, known),
  result: ({ name, params, state }) => ({ name, params, state }),
})

function loadedRead({ name }: ModuleInput): Read<ShellResult> {
  return shellRead(`grep -q ${quote(`^${name.replaceAll('-', '_')} `)} /proc/modules || grep -qF ${quote(`/${name}.ko`)} "/lib/modules/$(uname -r)/modules.builtin"`, ['path:/proc/modules'])
}

function readsOf(file: string): Record<string, Read<unknown>> {
  return { [`content ${file}`]: contentRead(file), [`entry ${file}`]: pathRead(file, { follow: true }), [`parent ${file}`]: pathRead(parentOf(file), { follow: true }) }
}

/** Those that are there, and those that would be made. */
function filesOf({ name }: ModuleInput, known: Known): readonly string[] {
  const listed = (known['listing'] as ShellResult).stdout.split('\n').filter((line) => line !== '')
  return [...new Set([...listed, `${LOADING}/${name}.conf`, `${PARAMETERS}/${name}.conf`])]
}

function plan(input: ModuleInput, known: Known): Plan {
  const { name, params, state, persistent } = input
  const loaded = (known['loaded'] as ShellResult).code === 0
  const load = (argv: readonly string[]): Change => ({ summary: `${argv.includes('-r') ? 'remove' : 'load'} ${name}`, writes: ['path:/proc', 'path:/sys', 'path:/dev'], steps: [{ argv }], leaves: [answered(loadedRead(input), '', state === 'present' ? 0 : 1)] })
  const now = state === 'present' && !loaded ? [load(['modprobe', '--', name, ...splitWords(params)])] : state === 'absent' && loaded ? [load(['modprobe', '-r', '--', name])] : []
  if (persistent === 'disabled') return { changes: now }
  const texts = new Map(filesOf(input, known).map((file) => [file, textOf(known[`content ${file}`] as FileContent)]))
  const wanted = persistent === 'present' ? kept(input, texts) : forgotten(input, texts)
  return {
    changes: [
      ...now,
      ...[...wanted].filter(([file, after]) => after !== (texts.get(file) ?? '')).flatMap(([file, after]) => writing(file, texts.get(file) ?? null, after, known)),
    ],
  }
}

function textOf({ bytes }: FileContent): string | null {
  return bytes === null ? null : bytesToText(bytes)
}

type Texts = ReadonlyMap<string, string | null>

/** The texts with the module and its parameters in them; other parameters of it are commented out. */
function kept(input: ModuleInput, texts: Texts): Map<string, string> {
  const { name, params } = input
  const wanted = new Map<string, string>()
  if (!has(texts, LOADING, moduleLine(name))) wanted.set(`${LOADING}/${name}.conf`, `${name}\n`)
  const asked = params.split(/\s+/).filter((each) => each !== '')
  const found = new Set(linesIn(texts, PARAMETERS).flatMap((line) => parameterLine(name).exec(line)?.[1] ?? []))
  if (found.size === asked.length && asked.every((each) => found.has(each))) return wanted
  for (const [file, text] of commentedOut(texts, PARAMETERS, parameterLine(name))) wanted.set(file, text)
  return wanted.set(`${PARAMETERS}/${name}.conf`, asked.map((each) => `options ${name} ${each}\n`).join(''))
}

function forgotten({ name }: ModuleInput, texts: Texts): Map<string, string> {
  return new Map([...commentedOut(texts, LOADING, moduleLine(name)), ...commentedOut(texts, PARAMETERS, parameterLine(name))])
}

const moduleLine = (name: string): RegExp => new RegExp(`^ *${escape(name)} *([#;].*)?$`)
const parameterLine = (name: string): RegExp => new RegExp(`^options ${escape(name)} (\\w+=\\S+) *([#;].*)?$`)

function escape(name: string): string {
  return name.replace(/\W/g, '\\$&')
}

function linesIn(texts: Texts, folder: string): readonly string[] {
  return [...texts].filter(([file]) => file.startsWith(`${folder}/`)).flatMap(([, text]) => (text ?? '').split('\n'))
}

function has(texts: Texts, folder: string, line: RegExp): boolean {
  return linesIn(texts, folder).some((each) => line.test(each))
}

function commentedOut(texts: Texts, folder: string, line: RegExp): readonly (readonly [file: string, text: string])[] {
  return [...texts].filter(([file, text]) => file.startsWith(`${folder}/`) && text !== null).map(([file, text]) => [file, text!.split('\n').map((each) => (line.test(each) ? `#${each}` : each)).join('\n')] as const)
}

function writing(file: string, before: string | null, after: string, known: Known): readonly Change[] {
  const entry = known[`entry ${file}`] as PathState
  return planEdit(systemFile(file), { current: { ...entry, path: entry.realPath }, text: before }, after, { parent: known[`parent ${file}`] })
}
