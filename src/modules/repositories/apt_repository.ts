/** ansible.builtin.apt_repository: one-line sources of apt. */
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { treeRead, type Tree } from '../../probe/tree.ts'
import { quote } from '../../shell/quote.ts'
import { sh, type Change, type Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, integer, mode, presence, required, text, type Input } from '../contract/option.ts'
import { updateLists } from '../packages/apt-lists.ts'
import { parsePpa, planPpaKey, ppaKeyReads, ppaSource, type Ppa } from './ppa.ts'
import { addSource, normaliseSource, removeSource, suggestedName, type SourceFiles } from './sources-list.ts'
import { planWholeFile, wholeFileContent, wholeFileReads } from './whole-file.ts'

const options = {
  repo: required(text("The source: 'deb [OPTIONS] URL SUITE COMPONENTS', or ppa:OWNER/NAME.")),
  state: presence('Whether it is used.'),
  filename: text('The file in sources.list.d, without .list; made from the url unless given.'),
  mode: mode('Permissions of the file that a source is added to.'),
  codename: text("The release that a PPA is taken for, instead of the host's."),
  update_cache: defaulting(flag('Fetches the package lists when something changed.', { aliases: ['update-cache'] }), true),
  update_cache_retries: defaulting(integer('How often fetching the lists is tried.'), 5),
  update_cache_retry_max_delay: defaulting(integer('The longest pause between two tries, in seconds.'), 12),
  validate_certs: defaulting(flag("Whether Launchpad's certificate is checked."), true),
  install_python_apt: defaulting(flag('Accepted; nothing needs Python.'), true),
} as const

type RepositoryInput = Input<typeof options>

const MAIN = '/etc/apt/sources.list'
const PARTS = '/etc/apt/sources.list.d'

export const aptRepository = state({
  name: 'ansible.builtin.apt_repository',
  summary: "Adds one-line sources to apt, or takes them away.",
  options,
  prepare({ repo }) {
    if (parsePpa(repo) === undefined) normaliseSource(repo)
  },
  reads: (input, _prepared, known: Known) => reads(input, known),
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known) {
    const files = sourceFiles(input, known)
    const edited = editedFiles(input, known)
    return {
      repo: input.repo,
      state: input.state,
      sources_added: [...edited].filter(([file, text]) => text !== '' && !files.has(file)).map(([file]) => file),
      sources_removed: [...edited].filter(([, text]) => text === '').map(([file]) => file),
    }
  },
  // apt ends with 100 when it cannot fetch something, and the source is taken back.
  failure: ({ update_cache_retries: retries }, _known, { stderr, code }) => (code === 100 ? { msg: `Failed to update apt cache after ${retries} retries: ${stderr.toString().trimEnd()}`, changed: false } : { msg: stderr.toString() }),
})

/** All files first; the archive's key when it is to be added. */
function reads(input: RepositoryInput, known: Known): Record<string, Read<unknown>> {
  const ppa = parsePpa(input.repo)
  const files = Object.assign({}, ...filesOf(input, known).map((file) => wholeFileReads(file, file))) as Record<string, Read<unknown>>
  const asked = {
    parts: treeRead(PARTS, { depth: 1 }),
    ...(ppa !== undefined && input.codename === undefined && { codename: shellRead(CODENAME, ['path:/etc/os-release', 'package:base-files']) }),
    ...files,
  }
  const listed = Object.keys(asked).every((key) => key in known)
  const adds = listed && input.state === 'present' && editedFiles(input, known).size > 0
  return { ...asked, ...(adds && ppa !== undefined && ppaKeyReads(ppa, input.validate_certs, known)) }
}

const CODENAME = '. /etc/os-release && printf %s "${UBUNTU_CODENAME:-$VERSION_CODENAME}"'

/** Files that hold sources, and the one that a new source goes to. */
function filesOf(input: RepositoryInput, known: Known): readonly string[] {
  const parts = known.parts as Tree | undefined
  if (parts === undefined) return [MAIN]
  const found = parts.entries.filter(({ path, type }) => type !== 'directory' && path.endsWith('.list')).map(({ path }) => path)
  const fresh = newFile(input, known)
  return [...new Set([MAIN, ...found.sort(), ...(fresh === undefined ? [] : [fresh])])]
}

function sourceOf({ repo, codename }: RepositoryInput, known: Known): string | undefined {
  const ppa = parsePpa(repo)
  if (ppa === undefined) return normaliseSource(repo)
  const release = codename ?? (known.codename as ShellResult | undefined)?.stdout
  return release === undefined ? undefined : ppaSource(ppa, release)
}

function newFile(input: RepositoryInput, known: Known): string | undefined {
  const source = sourceOf(input, known)
  if (input.state === 'absent' || source === undefined) return undefined
  const name = `${input.filename ?? suggestedName(parsePpa(input.repo) === undefined ? source : `${input.repo}_${source.split(' ')[2]!}`)}.list`
  return name.includes('/') ? name : `${PARTS}/${name}`
}

function sourceFiles(input: RepositoryInput, known: Known): SourceFiles {
  return new Map(
    filesOf(input, known).flatMap((file): [string, string][] => {
      const content = wholeFileContent(file, known)
      return content === undefined ? [] : [[file, content.toString('utf8')]]
    }),
  )
}

function editedFiles(input: RepositoryInput, known: Known): SourceFiles {
  const source = sourceOf(input, known)
  if (source === undefined) return new Map()
  const files = sourceFiles(input, known)
  return input.state === 'absent' ? removeSource(files, source) : addSource(files, source, newFile(input, known)!)
}

function plan(input: RepositoryInput, known: Known): Plan {
  const ppa = parsePpa(input.repo)
  const edited = editedFiles(input, known)
  const key = keyPlan(input, ppa, known)
  if (key.fail !== undefined) return key
  const files = sourceFiles(input, known)
  const changes = [...edited].flatMap(([file, text]): Change[] => {
    const wanted = file === newFile(input, known) ? { mode: input.mode } : {}
    const change = planWholeFile(file, known, text === '' ? null : text, wanted)
    return change === undefined ? [] : [{ ...change, summary: `${input.state === 'absent' ? 'remove' : 'add'} ${input.repo} ${input.state === 'absent' ? 'from' : 'to'} ${file}` }]
  })
  return { changes: [...(key.changes ?? []), ...changes, ...(changes.length > 0 && input.update_cache ? [updateOrRevert(input, [...edited.keys()], files)] : [])] }
}

function keyPlan({ state }: RepositoryInput, ppa: Ppa | undefined, known: Known): Plan {
  return ppa === undefined || state === 'absent' ? {} : planPpaKey(ppa, known)
}

/** A source that cannot be used is taken back, so that it does not break what comes after. */
function updateOrRevert(input: RepositoryInput, edited: readonly string[], before: SourceFiles): Change {
  const update = updateLists({ ...input, lock_timeout: 60 })
  const restore = edited.map((file) => {
    const text = before.get(file)
    return text === undefined ? `rm -f -- ${quote(file)}` : `printf %s ${quote(Buffer.from(text).toString('base64'))} | base64 -d >${quote(file)}`
  })
  return { ...update, steps: update.steps.map(({ argv }) => sh(`"$@" && exit\ncode=$?\n${restore.join('\n')}\nexit $code`, ...argv)) }
}
