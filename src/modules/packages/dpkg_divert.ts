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
  result(input, known, { changed, replies }) {
    const { path: file, state: wanted, holder, divert } = wishOf(input)
    const after = stateOf(file, wanted === 'present' ? { holder, divert } : undefined)
    return { diversion: changed ? after : foundDiversion(file, known), messages: replies.map(({ stdout }) => stdout.toString('utf8').trimEnd()) }
  },
})

function wishOf({ path: file, state: wanted, holder = 'LOCAL', divert = `${file}.distrib`, rename, force }: Input<typeof options>): DiversionWish {
  return { path: file, state: wanted, holder, divert, rename, overwrite: force, others: true }
}
