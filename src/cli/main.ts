#!/usr/bin/env node
/** The `plonerun` program. What can be answered without loading anything is answered here. */
import { commands } from './commands.ts'
import { helpText } from './help.ts'
import { loadProgram } from './load-program.ts'
import { version } from './version.ts'

const argv = process.argv.slice(2)

// The launcher keeps it from Node, but not from TLS (modules/network/route.ts) and from programs that are started.
const certificates = process.env['PLONERUN_EXTRA_CA_CERTS']
if (certificates !== undefined) {
  process.env['NODE_EXTRA_CA_CERTS'] = certificates
  delete process.env['PLONERUN_EXTRA_CA_CERTS']
}

if (argv[0] === '--version') {
  process.stdout.write(`${version}\n`)
} else if (argv.length === 0 || ['-h', '--help'].includes(argv[0]!) || (argv[0] === 'help' && argv.length === 1)) {
  process.stdout.write(helpText(commands))
} else {
  void run(argv)
}

async function run(argv: readonly string[]): Promise<never> {
  const { runProgram, keepCode } = loadProgram(argv[0]!)
  const status = await runProgram(argv)
  // What failed early has not seen much of the program.
  if (status === 0) keepCode()
  return process.exit(status)
}
