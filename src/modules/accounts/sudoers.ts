/** community.general.sudoers: what users may do with sudo, a file for each rule. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead, type FileContent } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { textToBytes } from '../../values/bytes.ts'
import type { Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, path, presence, required, text, type Input } from '../contract/option.ts'
import { imaginedPath, resourcesOf, sha1, writeFile } from '../files/write-file.ts'

const options = {
  name: required(text('The name of the rule and of its file.')),
  state: presence('Whether it is there.'),
  user: text('The user who may.'),
  group: text('The group whose members may.'),
  commands: list(text('A command, or ALL.'), 'What they may run.'),
  host: defaulting(text('The host that it is for.'), 'ALL'),
  runas: text('As whom they may run it.'),
  nopassword: defaulting(flag('No password is asked for.'), true),
  noexec: defaulting(flag('The command may run no others.'), false),
  setenv: defaulting(flag('The environment may be kept.'), false),
  sudoers_path: defaulting(path('The folder of the files.'), '/etc/sudoers.d'),
  validation: defaulting(oneOf(['absent', 'detect', 'required'], 'Whether visudo checks the rule; detect: where there is one.'), 'detect'),
} as const

type SudoersInput = Input<typeof options>

export const sudoers = state({
  name: 'community.general.sudoers',
  summary: 'Makes rules of sudo be there, or not.',
  options,
  rules: { mutuallyExclusive: [['user', 'group']] },
  prepare({ name, state: wanted, user, group, commands }) {
    const fail = (message: string): never => {
      throw new PlonerunError(message, { kind: 'task' })
    }
    if (name.includes('/')) fail(`'${name}' is no name of a file`)
    if (wanted === 'absent') return
    if ((user ?? group) === undefined) fail('user or group is needed')
    if (commands === undefined) fail('commands are needed')
  },
  reads: (input): Record<string, Read<unknown>> => ({
    entry: pathRead(fileOf(input), { checksum: 'sha1' }),
    parent: pathRead(input.sudoers_path, { follow: true }),
    content: contentRead(fileOf(input)),
    ...(input.state === 'present' && input.validation !== 'absent' && { valid: shellRead(`if command -v visudo >/dev/null; then printf %s ${quote(ruleOf(input))} | visudo -c -f - 2>&1; else (exit 127); fi`, ['package:*', 'path:/etc/sudoers']) }),
  }),
  plan: (input, known: Known) => plan(input, known),
  result: () => ({}),
})

function fileOf({ sudoers_path: folder, name }: SudoersInput): string {
  return `${folder.replace(/\/+$/, '')}/${name}`
}

function ruleOf({ user, group, host, runas, noexec, nopassword, setenv, commands = [] }: SudoersInput): string {
  const tags = `${noexec ? 'NOEXEC:' : ''}${nopassword ? 'NOPASSWD:' : ''}${setenv ? 'SETENV:' : ''}`
  return `${user ?? `%${group ?? ''}`} ${host}=${runas === undefined ? '' : `(${runas})`}${tags} ${commands.join(', ')}\n`
}

function plan(input: SudoersInput, known: Known): Plan {
  const [entry, parent, valid] = [known.entry as PathState, known.parent as PathState, known.valid as ShellResult | undefined]
  if (input.state === 'absent')
    return { changes: entry.exists ? [{ summary: `remove ${entry.path}`, writes: resourcesOf(entry), steps: [{ argv: ['rm', '-f', '--', entry.path] }], leaves: [{ kind: 'path', path: imaginedPath(entry), state: null }] }] : [] }
  if (!parent.exists && parent.uncertain !== true) return { fail: `the folder ${parent.path} does not exist: install sudo` }
  if (valid?.code === 127 && input.validation === 'required') return { fail: 'visudo was not found on the host: install sudo' }
  if (valid !== undefined && valid.code !== 0 && valid.code !== 127) return { fail: `Failed to validate sudoers rule:\n${valid.stdout}`, result: { stdout: '', stderr: valid.stdout } }
  const content = textToBytes(ruleOf(input))
  const change = writeFile(entry, { content, checksum: sha1(content), wanted: { mode: 0o440 } }, known.content as FileContent)
  return { changes: change ? [change] : [] }
}
