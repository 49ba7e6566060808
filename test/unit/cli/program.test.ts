import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { commands } from '../../../src/cli/commands.ts'
import { parseMachine } from '../../../src/cli/commands/bootstrap.ts'
import { exitCodes } from '../../../src/cli/exit-codes.ts'
import { helpText } from '../../../src/cli/help.ts'
import { makeCommand, withoutAliases } from '../../../src/cli/program.ts'

/** What commander makes of words behind the name of a command. */
function parse(name: string, ...words: readonly string[]): { args: string[]; options: Record<string, unknown> } {
  const info = commands.find((command) => command.name === name)!
  const command = makeCommand(info).configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
  command.parse(withoutAliases(words, info), { from: 'user' })
  return { args: command.args, options: command.opts() }
}

test("ansible-playbook's usual words", () => {
  expect(parse('run', 'a.yml', 'b.yml', '-i', 'x', '-i', 'y,', '-l', 'web', '-t', 'a,b', '-e', 'k=v', '-e', '@f', '-vvv', '-CD', '-f', '7', '-u', 'me', '-bK')).toEqual({
    args: ['a.yml', 'b.yml'],
    options: { inventory: ['x', 'y,'], limit: ['web'], tags: ['a,b'], extraVars: ['k=v', '@f'], verbose: 3, check: true, diff: true, forks: 7, user: 'me', become: true, askBecomePass: true },
  })
})

test('other spellings', () => {
  expect(parse('run', 'a.yml', '--inventory-file=x', '--subset', 'web', '--key-file', 'k', '--vault-pass-file', 'v').options).toEqual({ inventory: ['x'], limit: ['web'], privateKey: 'k', vaultPasswordFile: ['v'] })
})

test.each([
  ['run', []],
  ['run', ['a.yml', '--nonsense']],
  ['run', ['a.yml', '-f', 'many']],
  ['run', ['a.yml', '--host-key-checking', 'perhaps']],
  ['deploy', ['a', 'b']],
])('%s %j is refused', (name, words) => {
  expect(() => parse(name, ...words)).toThrow(CommanderError)
})

test('each command has a file that runs it, help, and options that commander takes', async () => {
  for (const command of commands) {
    expect((await command.load()).run).toBeTypeOf('function')
    const text = makeCommand(command).helpInformation()
    expect(text).toContain(`Usage: plonerun ${command.name}`)
    for (const { options } of command.groups) for (const { flags } of options) expect(text).toContain(flags)
  }
})

test('exit codes are all different', () => {
  const codes = Object.values(exitCodes).map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
})

test('the help names every command and exit code', () => {
  const text = helpText(commands)
  for (const { name, summary } of commands) expect(text).toMatch(new RegExp(`^  ${name} .*  ${summary.slice(0, 20)}`, 'm'))
  for (const { code } of Object.values(exitCodes)) expect(text).toMatch(new RegExp(`^ +${code}  `, 'm'))
})

test.each([
  ['web1', { host: 'web1' }],
  ['root@192.0.2.7', { host: '192.0.2.7', user: 'root' }],
  ['admin@web1:2222', { host: 'web1', user: 'admin', port: 2222 }],
  ['2001:db8::1', { host: '2001:db8::1' }],
  ['me@[2001:db8::1]:22', { host: '2001:db8::1', user: 'me', port: 22 }],
])('the machine %s', (text, wanted) => expect(parseMachine(text)).toEqual(wanted))

test.each(['', 'a:b', 'root@', 'web1:'])("'%s' is no machine", (text) => {
  expect(() => parseMachine(text)).toThrow(`'${text}' is no host`)
})
