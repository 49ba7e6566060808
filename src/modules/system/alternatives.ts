/** community.general.alternatives: which of several programs a name stands for. */
import { pathRead } from '../../probe/path.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { quote } from '../../shell/quote.ts'
import { sh, type Change, type Plan } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, integer, list, oneOf, path, record, required, text, type Input } from '../contract/option.ts'
import type { PathState } from '../../probe/path-state.ts'

const options = {
  name: required(text('The name, such as java.')),
  path: path('The program that it shall stand for.'),
  family: text('Red Hat only: the family of alternatives that is chosen.'),
  link: path('The link, such as /usr/bin/java; needed when the name is new.'),
  priority: integer('The highest wins in auto mode; 50 for a new one.'),
  state: defaulting(oneOf(['present', 'absent', 'selected', 'auto'], 'selected: it is chosen; present: it is one of them; auto: the one with the highest priority is chosen.'), 'selected'),
  subcommands: list(record({ name: required(text('Name.')), path: required(path('Program.')), link: required(path('Link.')) }, 'name, path and link.'), 'What goes along with it.', { aliases: ['slaves'] }),
} as const

type AlternativesInput = Input<typeof options>

interface Alternative {
  readonly priority: number
  readonly family: string | undefined
  /** `name path`. */
  readonly subcommands: readonly { readonly name: string; readonly path: string; readonly link: string | undefined }[]
}

interface Current {
  readonly mode: string | undefined
  readonly path: string | undefined
  readonly link: string | undefined
  readonly alternatives: ReadonlyMap<string, Alternative>
}

function displayRead(name: string): Read<ShellResult> {
  return shellRead(`${PROGRAM}; $p --display ${quote(name)}`, ['path:/etc/alternatives', 'path:/var/lib/dpkg/alternatives', 'path:/var/lib/alternatives'])
}

/** `update-alternatives` of Debian, `alternatives` of Red Hat. */
const PROGRAM = 'for p in update-alternatives alternatives; do command -v $p >/dev/null && break; done'

export const alternatives = state({
  name: 'community.general.alternatives',
  summary: 'Chooses which of several programs a name stands for.',
  options,
  rules: { requiredOneOf: [['path', 'family']] },
  reads: ({ name, path: program }) => ({
    display: displayRead(name),
    ...(program !== undefined && { program: pathRead(program, { follow: true }) }),
  }),
  plan: (input, known) => plan(input, parse(known.display.stdout), known.program),
  result: (input, known) => ({ msg: (plan(input, parse(known.display.stdout), known.program).changes ?? []).map(({ summary }) => summary).join(' ') }),
})

function plan(input: AlternativesInput, current: Current, program: PathState | undefined): Plan {
  const { name, path: wanted, family, state } = input
  const change = (summary: string, then: Current, ...words: readonly string[]): Change => ({
    summary,
    writes: ['path:/etc/alternatives', 'path:/var/lib/dpkg/alternatives', 'path:/var/lib/alternatives', 'path:/usr/bin', 'path:/usr/sbin', 'path:/bin', 'path:/usr/share'],
    steps: [sh(`${PROGRAM}; exec $p "$@"`, ...words)],
    leaves: [answered(displayRead(name), display(name, then))],
  })
  const there = wanted === undefined ? undefined : current.alternatives.get(wanted)
  if (state === 'absent') return { changes: there === undefined ? [] : [change(`Remove alternative '${wanted!}' from '${name}'.`, without(current, wanted!), '--remove', name, wanted!)] }
  const changes: Change[] = []
  let then = current
  if (wanted !== undefined && (there === undefined || differs(input, there))) {
    if (program?.exists === false && program.uncertain !== true) return { fail: `Specified path ${wanted} does not exist` }
    // A package that check mode has foreseen may bring the link along.
    const link = input.link ?? current.link ?? (program?.uncertain === true ? `/usr/bin/${name}` : undefined)
    if (link === undefined) return { fail: 'Needed to install the alternative, but unable to do so as we are missing the link' }
    const slaves = (input.subcommands ?? there?.subcommands ?? []).flatMap((each) => ['--slave', each.link ?? '', each.name, each.path])
    then = withAlternative({ ...current, link }, wanted, { priority: input.priority ?? there?.priority ?? 50, family, subcommands: input.subcommands ?? there?.subcommands ?? [] })
    changes.push(change(`Install alternative '${wanted}' for '${name}'.`, then, '--install', link, name, wanted, String(input.priority ?? there?.priority ?? 50), ...(family === undefined ? [] : ['--family', family]), ...slaves))
  }
  const sameFamily = current.path !== undefined && current.alternatives.has(current.path) && family !== undefined && current.alternatives.get(current.path)?.family === family
  if (state === 'selected' && current.path !== wanted && !sameFamily) changes.push(change(`Set alternative '${wanted ?? family!}' for '${name}'.`, { ...then, mode: 'manual', path: wanted ?? best(then, family) }, '--set', name, wanted ?? family!))
  if (state === 'auto' && current.mode === 'manual') changes.push(change(`Set alternative to auto for '${name}'.`, { ...then, mode: 'auto', path: best(then) }, '--auto', name))
  return { changes }
}

function differs({ priority, subcommands }: AlternativesInput, there: Alternative): boolean {
  if (priority !== undefined && priority !== there.priority) return true
  if (subcommands === undefined) return false
  const key = ({ name, path: program, link = '' }: Alternative['subcommands'][number]): string => `${name} ${program} ${link}`
  const [wanted, found] = [new Set(subcommands.map(key)), new Set(there.subcommands.map(key))]
  return wanted.size !== found.size || [...wanted].some((each) => !found.has(each))
}

/** What --display says, on Debian and on Red Hat. */
function parse(text: string): Current {
  const link = /^\s*link \w+ is (.*)$/m.exec(text)?.[1]
  const links = new Map([...text.matchAll(/^\s*(?:slave|follower) (\S+) is (.*)$/gm)].map(([, name, where]) => [name!, where!]))
  const found = [...text.matchAll(/^(\/.*) - (?:family (\S+) )?priority (\d+)((?:\n\s+(?:slave|follower) .*)*)/gm)]
  return {
    mode: /\s-\s(?:status is )?(\w+)(?: mode|\.)$/m.exec(text)?.[1],
    path: /^\s*link currently points to (.*)$/m.exec(text)?.[1],
    link,
    alternatives: new Map(
      found.map(([, path, family, priority, slaves = '']) => {
        const subcommands = [...slaves.matchAll(/^\s+(?:slave|follower) (.*?): (.*)$/gm)].filter(([, , program]) => program !== '(null)').map(([, name, program]) => ({ name: name!, path: program!, link: links.get(name!) }))
        return [path!, { priority: Number(priority), family, subcommands }]
      }),
    ),
  }
}

/** The one with the highest priority, of a family if one is given. */
function best({ alternatives }: Current, family?: string): string | undefined {
  return [...alternatives].filter(([, each]) => family === undefined || each.family === family).sort(([, { priority: one }], [, { priority: other }]) => other - one)[0]?.[0]
}

function withAlternative(current: Current, path: string, added: Alternative): Current {
  const then = { ...current, alternatives: new Map([...current.alternatives, [path, added]]) }
  return current.mode === 'manual' ? then : { ...then, mode: 'auto', path: best(then) }
}

function without(current: Current, path: string): Current {
  const then = { ...current, alternatives: new Map([...current.alternatives].filter(([each]) => each !== path)) }
  return current.path === path || current.mode !== 'manual' ? { ...then, mode: 'auto', path: best(then) } : then
}

/** What --display would say, as far as it is read here. */
function display(name: string, { mode = 'auto', path, link, alternatives }: Current): string {
  if (alternatives.size === 0) return ''
  const links = new Map([...alternatives.values()].flatMap(({ subcommands }) => subcommands.map((each) => [each.name, each.link ?? ''] as const)))
  return [
    `${name} - ${mode} mode`,
    `  link currently points to ${path ?? ''}`,
    `  link ${name} is ${link ?? ''}`,
    ...[...links].map(([each, where]) => `  slave ${each} is ${where}`),
    ...[...alternatives].flatMap(([each, { family, priority, subcommands }]) => [`${each} - ${family === undefined ? '' : `family ${family} `}priority ${String(priority)}`, ...subcommands.map((slave) => `  slave ${slave.name}: ${slave.path}`)]),
  ].join('\n')
}
