#!/usr/bin/env node
/** The `plonerun` program. What can be answered without loading anything is answered here. */
import { commands } from './commands.ts'
import { helpText } from './help.ts'
import { version } from './version.ts'

const argv = process.argv.slice(2)

if (argv[0] === '--version') {
  process.stdout.write(`${version}\n`)
} else if (argv.length === 0 || ['-h', '--help'].includes(argv[0]!) || (argv[0] === 'help' && argv.length === 1)) {
  process.stdout.write(helpText(commands))
} else {
  const { runProgram } = await import('./program.ts')
  process.exit(await runProgram(argv))
}
