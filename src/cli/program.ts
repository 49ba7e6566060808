/** Parses the command line and runs the command it names. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { suggest } from '../errors/suggest.ts'
import { commands } from './commands.ts'
import type { CommandInfo } from './command-info.ts'
import { exitCodes, type Outcome } from './exit-codes.ts'
import { helpText } from './help.ts'
import type { OptionInfo } from './options.ts'
import { tellError } from './tell-error.ts'

/**
 * Runs the command that the arguments name. What goes wrong has been told when it returns.
 * @param argv what stands after `plonerun`
 * @returns the exit code
 */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const name = argv[0] === 'help' ? (argv[1] ?? '') : (argv[0] ?? '')
  const info = commands.find((command) => command.name === name)
  if (!info) {
    const meant = suggest(name, commands.map((command) => command.name))
    process.stderr.write(`plonerun: there is no command '${name}'\n${meant === undefined ? `\n${helpText(commands)}` : `did you mean 'plonerun ${meant}'?\n`}`)
    return exitCodes.usage.code
  }
  keepGoing()
  const args = withoutAliases(argv[0] === 'help' ? ['--help'] : argv.slice(1), info)
  return exitCodes[await parseAndRun(info, args)].code
}

/** A reader that goes away (`| head`) must not break a run off in its middle; an error that nobody waits for must be told. */
function keepGoing(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  process.on('uncaughtException', (error) => process.exit(exitCodes[tellError(error)].code))
}

async function parseAndRun(info: CommandInfo, args: readonly string[]): Promise<Outcome> {
  let outcome: Outcome = 'ok'
  const command = makeCommand(info).action(async (...given: unknown[]) => {
    const { run } = await info.load()
    // commander hands over the arguments, then the options, then itself.
    const options = given.at(-2) as Readonly<Record<string, unknown>>
    outcome = await run(given.slice(0, -2) as (string | string[] | undefined)[], options)
  })
  try {
    await command.parseAsync(args, { from: 'user' })
    return outcome
  } catch (error) {
    // commander has written its help or what is wrong already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 'ok' : 'usage'
    return tellError(error)
  }
}

/** A command of the table as commander wants it. */
export function makeCommand({ name, summary, description, arguments: args, groups, examples }: CommandInfo): Command {
  const command = new Command(`plonerun ${name}`)
    .description([`${summary}.`, ...(description === undefined ? [] : [description])].join('\n\n'))
    .exitOverride()
    .showSuggestionAfterError()
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`)
  for (const argument of args) command.argument(argument.name, argument.summary)
  for (const { title, options } of groups) for (const info of options) command.addOption(makeOption(info).helpGroup(`${title}:`))
  return command
}

function makeOption({ flags, summary, repeat, number, choices }: OptionInfo): Option {
  const option = new Option(flags, summary)
  if (choices) option.choices(choices)
  if (number) option.argParser(parseNumber)
  if (repeat === 'list') option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value])
  if (repeat === 'count') option.argParser((_: string, before: number | undefined) => (before ?? 0) + 1)
  return option
}

function parseNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

/** Options by the name of the table, whichever spelling was used. */
export function withoutAliases(args: readonly string[], { groups }: CommandInfo): string[] {
  const names = new Map(groups.flatMap(({ options }) => options.flatMap(({ flags, aliases = [] }) => aliases.map((alias) => [alias, /--[\w-]+/.exec(flags)![0]] as const))))
  return args.map((arg) => {
    const [, name, value = ''] = /^(--[\w-]+)(=.*)?$/s.exec(arg) ?? []
    const known = name === undefined ? undefined : names.get(name)
    return known === undefined ? arg : known + value
  })
}
