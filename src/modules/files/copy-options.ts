/** copy's options. */
import { defaulting, flag, mode, path, raw, required, text, type Input } from '../contract/option.ts'
import { attributeOptions, unsafeWrites } from './attributes.ts'

export const copyOptions = {
  src: text('File or folder on the controller (on the host with remote_src); a slash at the end means what is in the folder.'),
  content: raw('The content itself; a mapping or a list becomes JSON.', { hidden: true }),
  dest: required(path('Where it goes; a slash at the end means into that folder.')),
  ...attributeOptions,
  unsafe_writes: unsafeWrites,
  directory_mode: mode('Mode of folders that are made on the way.'),
  backup: defaulting(flag('Keeps the file that was there under a name with the time.'), false),
  force: defaulting(flag('Replaces a file that is there and differs.'), true),
  follow: defaulting(flag('Writes to what a link at the destination leads to, instead of replacing the link.'), false),
  local_follow: defaulting(flag('Follows links within the source folder.'), true),
  remote_src: defaulting(flag('src is on the host.'), false),
  validate: text('Command that accepts the new file, named %s.'),
  checksum: text('SHA-1 that the content must have.'),
  decrypt: defaulting(flag('Decrypts a source that is a vault.'), true),
}

export type CopyInput = Input<typeof copyOptions>
