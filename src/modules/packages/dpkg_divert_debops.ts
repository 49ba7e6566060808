/** debops.debops.dpkg_divert: what debops' roles call where others have community.general.dpkg_divert. */
import { state } from '../contract/module.ts'
import { defaulting, flag, path, presence, required, text, type Input } from '../contract/option.ts'
import { diversionReads, planDiversion, type DiversionWish } from './diversion.ts'

const options = {
  path: required(path('The file as packages install it.', { aliases: ['name'] })),
  state: presence('Whether it is diverted.'),
  package: defaulting(text('The package whose file stays where it is; LOCAL is none.'), 'LOCAL'),
  divert: path('Where the files of all others go; PATH.dpkg-divert unless given, and PATH.distrib with a package.'),
  rename: defaulting(flag('Moves the file along, or back.'), true),
  delete: defaulting(flag('Before it is moved back, what stands in its place is removed.'), false),
  force: defaulting(flag('Also where it is diverted for another package or to another place.'), false),
} as const

export const dpkgDivertOfDebops = state({
  name: 'debops.debops.dpkg_divert',
  summary: 'Diverts files of Debian packages, or stops to.',
  options,
  reads: (input, _prepared, known) => diversionReads(wishOf(input), known),
  plan: (input, known) => planDiversion(wishOf(input), known),
  result: (_input, _known, { replies }) => ({ stdout: replies.map(({ stdout }) => stdout.toString('utf8')).join('') }),
})

function wishOf(input: Input<typeof options>): DiversionWish {
  const { path: file, state: wanted, package: holder, rename, delete: remove, force } = input
  return { path: file, state: wanted, holder, divert: input.divert ?? `${file}.${holder === 'LOCAL' ? 'dpkg-divert' : 'distrib'}`, rename, overwrite: false, remove, others: force }
}
