/** The `plonerun` program. What can be answered without loading anything is answered here. */
import { commands } from './commands.ts'
import { helpText } from './help.ts'
import { version } from './version.ts'

const argv = process.argv.slice(2)

if (argv[0] === '--version') {
  console.log(version)
} else if (argv.length === 0 || ['-h', '--help'].includes(argv[0]!) || (argv[0] === 'help' && argv.length === 1)) {
  console.log(helpText(commands).trimEnd())
} else {
  const { runProgram } = await import('./program.ts')
  process.exitCode = await runProgram(argv)
}
