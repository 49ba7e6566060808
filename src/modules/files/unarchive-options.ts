/** unarchive's options. */
import { defaulting, flag, integer, list, path, pathIfAny, required, text, type Input } from '../contract/option.ts'
import { attributeOptions, unsafeWrites } from './attributes.ts'

export const unarchiveOptions = {
  src: required(path('The archive: on the controller, or with remote_src on the host or behind a URL.')),
  dest: required(path('Folder that it is unpacked into; must be there.')),
  remote_src: flag('The archive is on the host.'),
  copy: flag('The opposite of remote_src.'),
  creates: pathIfAny('When this is there, nothing is done.'),
  list_files: defaulting(flag('Tells what is in the archive.'), false),
  exclude: defaulting(list(text('Pattern.'), 'What is not unpacked.'), []),
  include: defaulting(list(text('Name.'), 'Only this is unpacked.'), []),
  keep_newer: defaulting(flag('Leaves files that are newer than in the archive.'), false),
  extra_opts: defaulting(list(text('Option.'), 'More options for tar.'), []),
  decrypt: defaulting(flag('Decrypts an archive that is a vault.'), true),
  validate_certs: defaulting(flag('Checks the certificate of a URL.'), true),
  io_buffer_size: defaulting(integer('Has no meaning here: nothing is copied in pieces.'), 65_536),
  ...attributeOptions,
  unsafe_writes: unsafeWrites,
}

export type UnarchiveInput = Input<typeof unarchiveOptions>
