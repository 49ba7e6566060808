/** ansible.builtin.pip: Python packages. */
import { dirname, join } from 'node:path/posix'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead, type FileContent } from '../../probe/content.ts'
import { pathResource } from '../../probe/resource.ts'
import { answered, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { bytesToText } from '../../values/bytes.ts'
import { splitWords } from '../../shell/words.ts'
import type { Change, Plan, Step } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, path, pathIfAny, text, type Input } from '../contract/option.ts'
import { pipCall, venvCall } from './pip-call.ts'
import { listingText, parseListing, systemRead, venvRead, type Listing } from './pip-listing.ts'
import { installedWith, isInstalled, parseRequirement, parseRequirementFile, type Requirement } from './requirement.ts'

const options = {
  name: list(text('A requirement: a name, with specifiers if need be, a url or a path.'), 'What to install or remove.'),
  version: text('The version, when one name is given.'),
  requirements: text('A requirements file on the host.'),
  virtualenv: path('The virtual environment, which is made when it is not there.'),
  virtualenv_command: path('What makes it; virtualenv when that is there, else python3 -m venv.'),
  virtualenv_python: text('The Python of a new environment.'),
  virtualenv_site_packages: defaulting(flag("Whether a new environment sees the system's packages."), false),
  extra_args: text('More arguments for pip.'),
  state: defaulting(oneOf(['present', 'absent', 'latest', 'forcereinstall'], 'present and absent do nothing when it is so.'), 'present'),
  editable: defaulting(flag('Installs paths and urls editable.'), false),
  chdir: pathIfAny('The folder to run pip in.'),
  executable: text('The pip, such as pip3.11; one that ends in uv is called as uv.'),
  umask: text('The umask for pip.'),
  break_system_packages: defaulting(flag("Allows changes to packages of the distribution's Python."), false),
  use: oneOf(['pip', 'uv'], "plonerun's own: what installs; uv is several times faster than pip."),
} as const

type PipInput = Input<typeof options>

export const pip = state({
  name: 'ansible.builtin.pip',
  summary: 'Installs and removes Python packages, in a virtual environment or not.',
  options,
  rules: { mutuallyExclusive: [['name', 'requirements']], requiredOneOf: [['name', 'requirements', 'virtualenv']] },
  readsAgain: true,
  prepare(input) {
    const { name = [], version, umask } = input
    if (input.executable !== undefined && input.virtualenv !== undefined && !isUv(input)) throw new PlonerunError("'executable' and 'virtualenv' exclude each other, unless the executable is uv", { kind: 'task' })
    if (version !== undefined && name.length !== 1) throw new PlonerunError("'version' needs one name; write name==version for several", { kind: 'task' })
    if (umask !== undefined && !/^[0-7]{1,4}$/.test(umask)) throw new PlonerunError(`'umask' takes octal digits, got '${umask}'`, { kind: 'task' })
    return version === undefined ? joinSpecifiers(name) : [/^[<>=!~]/.test(version) ? `${name[0]!}${version}` : `${name[0]!}==${version}`]
  },
  reads: (input, _names, known: Known) => reads(input, known),
  plan: (input, known: Known, names) => plan(input, known, names),
  result(input, known: Known, { after, replies, foreseen, changed }, names) {
    const listed = after !== undefined && parseListing(after.listing as ShellResult).text !== listing(known).text
    const sure = plan(input, known, names).sure || !listing(known).exists
    const { name = null, version = null, requirements = null, virtualenv = null, state } = input
    return {
      cmd: callOf(input, names).argv,
      name: name && (version === null ? names : name),
      version,
      requirements,
      virtualenv,
      state,
      ...(!foreseen && { stdout: replies.map(({ stdout }) => stdout.toString()).join(''), stderr: replies.map(({ stderr }) => stderr.toString()).join('') }),
      changed: changed && (foreseen || sure || listed),
    }
  },
  failure: (input, _known, { stdout, stderr }, names) => ({ cmd: callOf(input, names).argv, msg: (stderr.toString().trim() || stdout.toString().trim()) }),
})

/** A list split at commas may have split `a>=1,<2` too. */
function joinSpecifiers(names: readonly string[]): readonly string[] {
  const joined: string[] = []
  for (const name of names) {
    if (/^\s*[<>=!~]/.test(name) && joined.length > 0) joined.push(`${joined.pop()!},${name.trim()}`)
    else if (name !== '') joined.push(name)
  }
  return joined
}

function isUv({ use, executable }: PipInput): boolean {
  return use === 'uv' || (use === undefined && executable !== undefined && /(^|\/)uv$/.test(executable))
}

function reads(input: PipInput, known: Known): Record<string, Read<unknown>> {
  const asked: Record<string, Read<unknown>> = { listing: listingRead(input) }
  for (const file of requirementFiles(input, known)) asked[`file ${file}`] = contentRead(file)
  return asked
}

function listingRead(input: PipInput): Read<ShellResult> {
  return input.virtualenv === undefined ? systemRead(isUv(input) ? undefined : input.executable) : venvRead(input.virtualenv)
}

/** The requirements file and those that it names, as far as they have been read. */
function requirementFiles({ requirements, chdir }: PipInput, known: Known): readonly string[] {
  const files: string[] = []
  const visit = (file: string): void => {
    if (files.includes(file)) return
    files.push(file)
    const content = known[`file ${file}`] as FileContent | undefined
    if (!content?.bytes) return
    for (const each of parseRequirementFile(bytesToText(content.bytes)).files) visit(each.startsWith('/') ? each : join(dirname(file), each))
  }
  if (requirements !== undefined) visit(/^[/~$]/.test(requirements) || chdir === undefined ? requirements : `${chdir}/${requirements}`)
  return files
}

function listing(known: Known): Listing {
  return parseListing(known.listing as ShellResult)
}

/** What is asked for, as far as it can be judged without pip. */
function requirementsOf(input: PipInput, known: Known, names: readonly string[]): readonly (Requirement | undefined)[] {
  if (input.requirements === undefined) return names.map(parseRequirement)
  return requirementFiles(input, known).flatMap((file) => {
    const { bytes } = known[`file ${file}`] as FileContent
    return bytes === null ? [undefined] : parseRequirementFile(bytesToText(bytes)).requirements
  })
}

/** @returns also whether the changes are sure to change something, or pip has the last word */
function plan(input: PipInput, known: Known, names: readonly string[]): Plan & { readonly sure: boolean } {
  const { exists, installed } = listing(known)
  const changes: Change[] = []
  const call = { ...input, uv: isUv(input) }
  const { virtualenv } = input
  if (virtualenv !== undefined && !exists && input.state !== 'absent')
    changes.push({
      summary: `create the virtual environment ${virtualenv}`,
      writes: [virtualenv.startsWith('/') ? pathResource(virtualenv) : 'anything'],
      steps: [venvCall({ ...call, virtualenv, command: input.virtualenv_command, python: input.virtualenv_python, sitePackages: input.virtualenv_site_packages })],
      leaves: [{ kind: 'path', path: virtualenv, state: { type: 'directory' } }, answered(listingRead(input), listingText(new Map()))],
    })
  if (names.length === 0 && input.requirements === undefined) return { changes, sure: true }
  const wanted = requirementsOf(input, known, names)
  const verdicts = wanted.map((requirement) => (requirement === undefined ? undefined : isInstalled(requirement, installed)))
  if (input.state === 'absent') {
    const present = verdicts.every((verdict) => verdict === false) ? [] : names
    if (present.length === 0 && input.requirements === undefined) return { changes: [], sure: true }
    const left = new Map([...installed].filter(([name]) => !wanted.some((requirement) => requirement?.name === name)))
    return { changes: [change(`uninstall ${shown(input, names)}`, input, names, left)], sure: verdicts.includes(true) }
  }
  if (input.state === 'present' && verdicts.every((verdict) => verdict === true)) return { changes, sure: true }
  const sure = input.state === 'forcereinstall' || verdicts.includes(false)
  const missing = input.requirements === undefined ? names.filter((_, index) => verdicts[index] !== true) : []
  const summary = sure && missing.length > 0 ? `install ${missing.join(', ')}` : `install ${shown(input, names)}${sure ? '' : ', as far as pip finds it lacking'}`
  changes.push(change(summary, input, names, installedWith(wanted, installed)))
  return { changes, sure }
}

/** The call that is made, or would be if there were something to do. */
function callOf(input: PipInput, names: readonly string[]): Step {
  const call = { ...input, uv: isUv(input) }
  if (input.state === 'absent') return pipCall(call, ['uninstall', '-y', ...extra(input), ...targets(input, names)])
  return pipCall(call, ['install', ...flagsOf(input), ...extra(input), ...targets(input, names)])
}

function flagsOf(input: PipInput): readonly string[] {
  if (input.state === 'latest') return ['-U']
  if (input.state !== 'forcereinstall') return []
  return isUv(input) ? ['--reinstall'] : ['-U', '--force-reinstall']
}

function shown({ requirements }: PipInput, names: readonly string[]): string {
  return requirements ?? names.join(', ')
}

function extra({ extra_args: args }: PipInput): readonly string[] {
  return args === undefined ? [] : splitWords(args)
}

function targets({ requirements, editable }: PipInput, names: readonly string[]): readonly string[] {
  if (requirements !== undefined) return ['-r', requirements]
  return names.flatMap((name) => (editable ? ['-e', name] : [name]))
}

/** @param left what is installed behind it, as far as that can be foreseen */
function change(summary: string, input: PipInput, names: readonly string[], left: ReadonlyMap<string, string>): Change {
  return { summary, writes: ['anything'], steps: [callOf(input, names)], leaves: [{ kind: 'anything' }, answered(listingRead(input), listingText(left))] }
}
