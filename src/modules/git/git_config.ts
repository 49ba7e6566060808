/** community.general.git_config: settings of git. */
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { hostWord } from '../../probe/host-path.ts'
import { quote } from '../../shell/quote.ts'
import { sh, type Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, oneOf, path, presence, required, text, type Input } from '../contract/option.ts'

const options = {
  name: required(text('The setting, such as user.email.')),
  value: text('What it is set to.'),
  state: presence('Whether it is set.'),
  scope: oneOf(['file', 'local', 'global', 'system'], 'Where: in a file, a repository, for the user, or for the host (unless given).'),
  repo: path('The repository of the scope local.'),
  file: path('The file of the scope file.'),
  add_mode: defaulting(oneOf(['add', 'replace-all'], 'add keeps other values of the same name.'), 'replace-all'),
} as const

type ConfigInput = Input<typeof options>

export const gitConfig = state({
  name: 'community.general.git_config',
  summary: 'Sets and unsets settings of git.',
  options,
  rules: { requiredIf: [['scope', 'local', ['repo']], ['scope', 'file', ['file']], ['state', 'present', ['value']]] },
  reads: (input) => ({ values: valuesRead(input), ...(input.scope === 'local' && { repo: pathRead(input.repo!, { follow: true }) }) }),
  plan: (input, { values, repo }: Known) => plan(input, values as ShellResult, repo as PathState | undefined),
  result: ({ state: wanted }, _known, { changed }) => ({ msg: changed ? 'setting changed' : wanted === 'absent' ? 'no setting to unset' : '' }),
})

function valuesRead(input: ConfigInput): Read<ShellResult> {
  return shellRead(`${folder(input)} && ${git(input)} --get-all ${quote(input.name)} 2>&1`, ['anything'])
}

const NO_FOLDER = 3

/** Any other folder could be a repository with settings of its own. */
function folder({ scope, repo }: ConfigInput): string {
  return scope === 'local' ? `{ cd -- ${hostWord(repo!)} || (exit ${NO_FOLDER}); }` : 'cd /'
}

function git({ scope = 'system', file }: ConfigInput): string {
  return `git config --includes ${scope === 'file' ? `--file ${hostWord(file!)}` : `--${scope}`}`
}

function plan(input: ConfigInput, { stdout, code: ended }: ShellResult, repo: PathState | undefined): Plan {
  // A repository that is only planned has no settings yet.
  const code = ended === NO_FOLDER && repo?.exists === true ? 1 : ended
  const { name, value, add_mode: mode, state: wanted } = input
  if (code === 127) return { fail: 'git was not found on the host: install git' }
  if (wanted === 'present' && !value) return { fail: 'If state=present, a value must be specified.' }
  // 1: there is no such setting.
  if (code > 1) return { fail: `git cannot read its settings: ${stdout.trim()}` }
  const before = code === 1 ? [] : stdout.replace(/\n$/, '').split('\n')
  if (wanted === 'absent' ? before.length === 0 : before.includes(value!) && (before.length === 1 || mode === 'add')) return {}
  const after = wanted === 'absent' ? [] : mode === 'add' ? [...before, value!] : [value!]
  const words = wanted === 'absent' ? ['--unset-all', name] : [`--${mode}`, name, value!]
  const lines = (values: readonly string[]): string => values.map((each) => `${name} = ${each}\n`).join('')
  return {
    changes: [
      {
        summary: wanted === 'absent' ? `unset ${name}` : `${name} = ${value!}`,
        diff: { before: lines(before), after: lines(after) },
        writes: [place(input)],
        leaves: [answered(valuesRead(input), after.map((each) => `${each}\n`).join(''), after.length === 0 ? 1 : 0)],
        steps: [sh(`${folder(input)} && exec ${git(input)} "$@"`, ...words)],
      },
    ],
  }
}

function place({ scope, repo, file }: ConfigInput): ReturnType<typeof pathResource> {
  if (scope === 'file' && file!.startsWith('/')) return pathResource(file!)
  if (scope === 'local' && repo!.startsWith('/')) return pathResource(repo!)
  return scope === undefined || scope === 'system' ? 'path:/etc' : 'anything'
}
