/** The commands that pack files, and those that tell whether an archive holds them already. */
import { quote } from '../../shell/quote.ts'

export const FORMATS = ['bz2', 'gz', 'tar', 'xz', 'zip'] as const
export type Format = (typeof FORMATS)[number]

/** The program that each format needs besides tar. */
export const PROGRAMS: Readonly<Record<Format, string>> = { bz2: 'bzip2', gz: 'gzip', tar: 'tar', xz: 'xz', zip: 'zip' }

const TAR_OPTIONS: Readonly<Record<Format, string>> = { bz2: '-j', gz: '-z', tar: '', xz: '-J', zip: '' }

/** A shell text that prints the archive of the names on its standard input, which are below the folder. */
export function packing(format: Format, folder: string): string {
  const pack = format === 'zip' ? 'zip -q -X -fd -@ -' : `tar -c ${TAR_OPTIONS[format]} ${NAMED} -T - -f -`
  return `cd -- ${quote(folder)} && ${pack}`
}

/** What is named is all that is packed, as it is written. */
const NAMED = '--no-recursion --hard-dereference --verbatim-files-from'

/**
 * A shell text that succeeds when the archive holds the same names with the same modes, owners, sizes and times;
 * of a zip archive, when packing would give the same bytes (which -fd sees to, whatever it is written to).
 */
export function holdsTheSame(format: Format, folder: string, names: readonly string[], archive: string): string {
  const input = `printf '%s\\n' ${names.map(quote).join(' ')}`
  if (format === 'zip') return `${input} | ( ${packing(format, folder)} ) | cmp -s - ${quote(archive)}`
  // Fractions of seconds are not in every archive, and the width of columns depends on what came before.
  const alike = `sed -E 's/(:[0-9]{2})[.][0-9]+ /\\1 /; s/ +/ /g' | sort`
  const listing = '--numeric-owner --full-time --quoting-style=literal'
  return [
    'TZ=UTC0; export TZ',
    // To /dev/null tar lists without reading.
    `wanted=$(cd -- ${quote(folder)} && ${names.length > 0 ? `${input} | tar -cvvf /dev/null ${listing} ${NAMED} -T - | ${alike}` : ':'})`,
    `held=$(tar -tvf ${quote(archive)} ${listing} | ${alike})`,
    '[ "$wanted" = "$held" ]',
  ].join('\n')
}

/** A shell text that prints one file, compressed. */
export function compressing(format: Format, file: string): string {
  return `${PROGRAMS[format]} -c <${quote(file)}`
}

/** A shell text that succeeds when a compressed file holds the file's content. */
export function holdsContent(format: Format, file: string, compressed: string): string {
  return `${PROGRAMS[format]} -dc <${quote(compressed)} | cmp -s - ${quote(file)}`
}
