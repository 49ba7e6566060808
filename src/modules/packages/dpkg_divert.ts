/** community.general.dpkg_divert: keeps a package's file out of the way of one of our own. */
import { state } from '../contract/module.ts'
import { defaulting, flag, path, presence, required, text, type Input } from '../contract/option.ts'
import { diversionReads, foundDiversion, planDiversion, stateOf, type DiversionWish } from './diversion.ts'

const options = {
  path: required(path('The file as packages install it.')),
  state: presence('Whether it is diverted.'),
  holder: text('The package whose file stays where it is; none when it is not given.'),
  divert: path('Where the files of all others go; PATH.distrib unless given.'),
  rename: defaulting(flag('Moves the file along, or back.'), false),
  force: defaulting(flag('A file in the way of one that is moved is lost.'), false),
} as const

export const dpkgDivert = state({
  name: 'community.general.dpkg_divert',
  summary: 'Diverts files of Debian packages, or stops to.',
  options,
  reads: (input, _prepared, known) => diversionReads(wishOf(input), known),
  plan: (input, known) => planDiversion(wishOf(input), known),
  result(input, known, { changed, foreseen, replies }) {
    const { path: file, state: wanted, holder, divert } = wishOf(input)
    const before = foundDiversion(file, known)
    const after = stateOf(file, wanted === 'present' ? { holder, divert } : undefined)
    // What moves and removes files says nothing.
    const messages = changed && !foreseen ? replies.map(({ stdout }) => stdout.toString('utf8').trimEnd()).filter((said) => said !== '') : [unneeded(after)]
    return { diversion: changed ? after : before, commands: commandsOf(input, before.state === 'present' && changed), messages }
  },
})

/** What dpkg-divert says when there is nothing to do. */
function unneeded({ path: file, state: there, holder, divert }: ReturnType<typeof stateOf>): string {
  if (there === 'absent') return `No diversion 'any diversion of ${file}', none removed.`
  return holder === 'LOCAL' ? `Leaving 'local diversion of ${file} to ${divert ?? ''}'` : `Leaving 'diversion of ${file} to ${divert ?? ''} by ${holder ?? ''}'`
}

/** The command lines as Ansible tells them. @param replaced another diversion gives way to it */
function commandsOf({ path: file, state: wanted, holder, divert, rename }: Input<typeof options>, replaced: boolean): readonly string[] {
  if (wanted === 'absent') return [command(rename, '--remove', file)]
  const add = [...(holder === undefined || holder === 'LOCAL' ? ['--local'] : ['--package', holder]), ...(divert === undefined ? [] : ['--divert', divert]), '--add', file]
  return replaced ? [command(false, '--remove', file), command(false, ...add)] : [command(rename, ...add)]
}

function command(rename: boolean, ...words: readonly string[]): string {
  return ['/usr/bin/dpkg-divert', rename ? '--rename' : '--no-rename', ...words].join(' ')
}

function wishOf({ path: file, state: wanted, holder = 'LOCAL', divert = `${file}.distrib`, rename, force }: Input<typeof options>): DiversionWish {
  return { path: file, state: wanted, holder, divert, rename, overwrite: force, others: true }
}
