/** find's options. */
import { defaulting, flag, integer, list, mode, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { ALGORITHMS } from './stat.ts'

export const findOptions = {
  paths: required(list(path('Folder.'), 'Folders to look in.', { aliases: ['name', 'path'] })),
  patterns: defaulting(list(text('Pattern.'), 'Shell patterns, or regular expressions with use_regex, for the names.', { aliases: ['pattern'] }), []),
  excludes: list(text('Pattern.'), 'Patterns for names that are left out.', { aliases: ['exclude'] }),
  contains: text('Regular expression that a line of the file begins with.'),
  read_whole_file: defaulting(flag('Looks for contains anywhere in the file.'), false),
  file_type: defaulting(oneOf(['any', 'directory', 'file', 'link'], 'What is listed.'), 'file'),
  age: text('At least this old, or with - in front at most: 30, 2h, -1w.'),
  age_stamp: defaulting(oneOf(['atime', 'ctime', 'mtime'], 'The time that age is about.'), 'mtime'),
  size: text('At least this large, or with - in front at most: 10m.'),
  recurse: defaulting(flag('Looks into folders below too.'), false),
  hidden: defaulting(flag('Lists names with a dot in front too.'), false),
  follow: defaulting(flag('Looks into folders behind links too.'), false),
  get_checksum: defaulting(flag('Tells the checksums of files.'), false),
  checksum_algorithm: defaulting(oneOf(ALGORITHMS, 'How the checksum is made.', { aliases: ['checksum', 'checksum_algo'] }), 'sha1'),
  use_regex: defaulting(flag('Patterns are regular expressions.'), false),
  depth: integer('How many levels of folders, with recurse.'),
  mode: mode('The mode that files have.'),
  exact_mode: defaulting(flag('All bits of mode, not just one of them.'), true),
  encoding: text('Encoding of files for contains.'),
  limit: integer('Stops after so many.'),
}

export type FindInput = Input<typeof findOptions>
