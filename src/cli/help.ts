/** The help of the top level. Kept apart from the parser, so that it loads next to nothing. */
import type { CommandInfo } from './command-info.ts'
import { exitCodes } from './exit-codes.ts'

/** What `plonerun --help` prints. */
export function helpText(commands: readonly CommandInfo[]): string {
  return `Usage: plonerun COMMAND [ARGUMENTS] [OPTIONS]

Runs tasks on remote hosts as playbooks describe them, and deploys Plone sites.

Commands:
${twoColumns(commands.map((command) => [synopsis(command), command.summary]))}

Options:
${twoColumns([
  ['-h, --help', 'this text; after a command, the options of that command'],
  ['--version', 'the version of plonerun'],
])}

Exit codes:
${twoColumns(Object.values(exitCodes).map(({ code, meaning }) => [String(code).padStart(3), meaning]))}
`
}

/** \`deploy <inventory>\`. */
export function synopsis({ name, arguments: args }: CommandInfo): string {
  return [name, ...args.map((argument) => argument.name)].join(' ')
}

function twoColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
