/** Unpacking an archive that only the host can look into. */
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Imagined, Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { hostWord } from '../../probe/host-path.ts'
import { downloadScript } from '../../shell/download.ts'
import { quote } from '../../shell/quote.ts'
import { sh, type Change, type Plan, type Step } from '../contract/change.ts'
import type { Known } from '../contract/module.ts'
import { compareAttributes, ownerSpec } from './attributes.ts'
import { join } from './destination.ts'
import { chmodMode } from './mode.ts'
import type { UnarchiveInput } from './unarchive-options.ts'

/** What a step prints that found nothing to do. */
const SAME = 'plonerun: nothing differs'

/** The exit code of the list of an archive that is not there: check mode may expect it of an earlier task. */
const NOT_THERE = 66

/** The archive first; then what is in it, and what differs; then whose that is, where the task cares. */
export function readsOfHost(input: UnarchiveInput, known: Known): Record<string, Read<unknown>> {
  const { src, dest, owner, group, mode } = input
  const touches = [pathResource(src), pathResource(dest)]
  const reads: Record<string, Read<unknown>> = {
    archive: pathRead(src, { follow: true, access: true }),
    kind: shellRead(`head -c 2 -- ${hostWord(src)} | od -An -tx1`, touches),
    list: shellRead(`archive=${hostWord(src)} dest=${hostWord(dest)}\n${functions(input)}\nif [ -e "$archive" ]; then list; else (exit ${NOT_THERE}); fi`, touches),
    differences: differencesRead(input),
  }
  if (owner !== undefined || group !== undefined || mode !== undefined) for (const name of names(known)) reads[`at ${name}`] = pathRead(join(dest, name))
  return reads
}

function differencesRead(input: UnarchiveInput): Read<ShellResult> {
  return shellRead(`archive=${hostWord(input.src)} dest=${hostWord(input.dest)}\n${functions(input)}\ndifferences`, [pathResource(input.src), pathResource(input.dest)])
}

/** Ansible's name for what unpacks it; tar finds out itself about all compressions. */
export function handlerOnHost(state: Known): string {
  const start = (state['kind'] as ShellResult).stdout.replaceAll(/\s/g, '')
  return start === '504b' ? 'ZipArchive' : start === '1f8b' ? 'TgzArchive' : 'TarArchive'
}

function names(state: Known): readonly string[] {
  return ((state['list'] as ShellResult | undefined)?.stdout ?? '').split('\n').filter((name) => name !== '')
}

export function planOfHost(input: UnarchiveInput, dest: PathState, state: Known): Plan {
  const [archive, list] = [state['archive'] as PathState, state['list'] as ShellResult]
  if (!archive.exists) return { fail: `Source '${archive.path}' does not exist` }
  if (archive.access?.read === false) return { fail: `Source '${archive.path}' not readable` }
  if (list.code === NOT_THERE) return { changes: [unpacking(input, dest, archive.path, `unpack ${archive.path}`, true, [{ kind: 'anything' }])] }
  if (archive.size === 0) return { fail: `Invalid archive '${archive.path}', the file is 0 bytes` }
  if (list.code !== 0) return { fail: `${archive.path} cannot be unpacked: ${list.stdout.trim() || 'no program on the host understands it'}` }
  const { owner, group, mode } = input
  const others = names(state).filter((name) => {
    const current = state[`at ${name}`] as PathState | undefined
    return current?.exists && compareAttributes({ owner, group, mode }, current).lines.length > 0
  })
  const lines = differencesOnHost(state)
  if (lines.length === 0 && others.length === 0) return {}
  const why = lines.length > 0 ? `unpack ${archive.path} (${lines[0]!}${lines.length > 1 ? ` and ${lines.length - 1} more` : ''})` : `owner or mode of ${others.length} from the archive`
  const leaves = names(state).map((name): Imagined => ({ kind: 'path', path: join(dest.realPath, name.replace(/\/$/, '')), state: { type: name.endsWith('/') ? 'directory' : 'file' } }))
  return { changes: [unpacking(input, dest, archive.path, why, lines.length > 0, [...leaves, answered(differencesRead(input), '')])] }
}

function unpacking(input: UnarchiveInput, dest: PathState, archive: string, why: string, differs: boolean, leaves: readonly Imagined[]): Change {
  const script = ['set -e', `archive=${quote(archive)} dest=${quote(dest.path)}`, functions(input), ...(differs ? ['extract'] : []), 'attributes']
  return { summary: `${dest.path}: ${why}`, writes: writesOf(dest), steps: [sh(script.join('\n'))], leaves }
}

/** What has to be unpacked, a line each; none where only owners or modes are to be set. */
export function differencesOnHost(state: Known): readonly string[] {
  return (state['differences'] as ShellResult).stdout.split('\n').filter((line) => line !== '')
}

/** The archive comes with the step, or from a URL, and the step finds out whether anything differs. */
export function planOfSent(input: UnarchiveInput, dest: PathState, bytes: Buffer | undefined): Plan {
  const script = [
    'set -e',
    `dest=${quote(dest.path)}`,
    'archive=$(mktemp)',
    `trap 'rm -f -- "$archive"' EXIT`,
    `trap 'exit 129' HUP INT TERM`,
    bytes ? 'cat >"$archive"' : `{ ${downloadScript(input.src, '"$archive"', input.validate_certs)}; } || exit`,
    functions(input),
    'list >/dev/null || { list >&2; exit 1; }',
    `if [ -z "$(differences)" ]; then echo ${quote(SAME)}; else extract; fi`,
    'attributes',
  ]
  const step: Step = { ...sh(script.join('\n')), ...(bytes && { stdin: bytes }) }
  return { changes: [{ summary: `${dest.path}: unpack ${input.src}, where it differs`, writes: writesOf(dest), steps: [step], leaves: [{ kind: 'anything' }] }] }
}

/** Whether a step has found nothing to do. */
export function wasSame(kind: string, replies: readonly { readonly stdout: Buffer }[]): boolean {
  return (kind === 'sent' || kind === 'url') && replies[0]?.stdout.toString('utf8').includes(SAME) === true
}

function writesOf(dest: PathState): [ReturnType<typeof pathResource>, ReturnType<typeof pathResource>] {
  return [pathResource(dest.path), pathResource(dest.realPath)]
}

/**
 * Shell functions over $archive and $dest: list (names), differences (empty: none), extract, attributes.
 * zip archives are known by their first bytes; everything else is tar's.
 */
function functions({ exclude, include, extra_opts, keep_newer, owner, group, mode }: UnarchiveInput): string {
  const words = (some: readonly string[]): string => some.map(quote).join(' ')
  const options = words([...(extra_opts.length > 0 ? ['--show-transformed-names', ...extra_opts] : []), ...exclude.map((pattern) => `--exclude=${pattern.replace(/\/+$/, '')}`), ...(keep_newer ? ['--keep-newer-files'] : [])])
  const tar = `tar -C "$dest" ${options} -f "$archive"`
  const zip = `${words(extra_opts)} "$archive" ${words(include)}${exclude.length > 0 ? ` -x ${words(exclude)}` : ''}`
  // Said about things that are set anyway, or that mean nothing.
  const ignored = [
    'Removing leading',
    'in the future$',
    'implausibly old time stamp',
    // What options have left nothing of the name of.
    ': : Warning: Cannot stat',
    ...(owner === undefined ? [] : ['Uid differs$']),
    ...(group === undefined ? [] : ['Gid differs$']),
    ...(mode === undefined ? [] : ['Mode differs$']),
  ]
  const spec = ownerSpec(owner, group)
  return [
    `is_zip() { [ "$(head -c 2 -- "$archive")" = PK ]; }`,
    `list() { if is_zip; then command -v unzip >/dev/null || { echo "Unable to find required 'unzip' on the host"; return 127; }; unzip -Z1 ${zip} 2>&1; else tar ${options} -f "$archive" --list --quoting-style=literal ${words(include)} 2>&1; fi; }`,
    'differences() {',
    '  if ! [ -d "$dest" ]; then list; return; fi',
    '  if is_zip; then',
    '    list | while IFS= read -r name; do',
    '      case $name in */) [ -d "$dest/$name" ] || echo "$name is missing"; continue;; esac',
    '      unzip -p "$archive" "$(printf "%s" "$name" | sed "s/[][*?\\\\\\\\]/\\\\\\\\&/g")" 2>/dev/null | cmp -s - "$dest/$name" || echo "$name differs"',
    '    done',
    // Whoever is not root cannot set owners, and what tar then says about them is no difference.
    `  else ${tar} --diff ${words(include)} 2>&1 | grep -vE ${quote(ignored.join('|'))} | if [ "$(id -u)" = 0 ]; then cat; else grep -vE '[UG]id differs$'; fi; fi; :`,
    '}',
    `extract() { if is_zip; then unzip -o -q -d "$dest" ${zip}; else ${tar} --extract ${words(include)}; fi; }`,
    'attributes() {',
    '  cd -- "$dest"',
    ...(spec === '' ? [] : [`  list | tr '\\n' '\\0' | xargs -0 chown -h -- ${quote(spec)}`]),
    ...(mode === undefined
      ? []
      : [`  list | while IFS= read -r name; do [ -L "$name" ] || printf '%s\\0' "$name"; done | xargs -0 chmod -- ${quote(typeof mode === 'number' ? chmodMode(mode) : mode)}`]),
    '  :',
    '}',
  ].join('\n')
}
