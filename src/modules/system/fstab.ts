/** The text of fstab: entries set and taken away, as Ansible does it; pure. */

export interface FstabEntry {
  readonly src: string
  readonly name: string
  readonly fstype: string
  readonly opts: string
  readonly dump: string
  readonly passno: string
}

/** The text with the entry: in the place of the one for the same mount point, or at the end. */
export function withEntry(before: string, wanted: FstabEntry): string {
  const written = `${[wanted.src, wanted.name, wanted.fstype, wanted.opts, wanted.dump, wanted.passno].map(escape).join(' ')}\n`
  let found = false
  const lines = linesOf(before).map((line) => {
    if (!isFor(line, wanted)) return line
    found = true
    const [src, name, fstype, opts, dump = '0', passno = '0'] = fieldsOf(line)!
    return `${[src, name, fstype, opts, dump, passno].join(' ')}\n` === written ? line : written
  })
  return [...lines, ...(found ? [] : [written])].join('')
}

/** The text without the entries for a mount point; of swap entries only the one with this source goes. */
export function withoutEntry(before: string, unwanted: Pick<FstabEntry, 'name'> & { readonly src?: string | undefined }): string {
  return linesOf(before).filter((line) => !isFor(line, unwanted)).join('')
}

/** Each with a newline. */
function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== '').map((line) => (line.endsWith('\n') ? line : `${line}\n`))
}

/** undefined for comments, blank lines, and what is no entry. */
function fieldsOf(line: string): readonly string[] | undefined {
  const fields = line.split('#', 1)[0]!.trim().split(/\s+/)
  return fields.length >= 4 && fields.length <= 6 ? fields : undefined
}

/** Swap has no mount point, so there the source tells entries apart. */
function isFor(line: string, { name, src }: { readonly name: string; readonly src?: string | undefined }): boolean {
  const fields = fieldsOf(line)
  if (fields === undefined || fields[1] !== escape(name)) return false
  return !(src !== undefined && fields[1] === 'none' && fields[2] === 'swap' && fields[0] !== src)
}

function escape(field: string): string {
  return field.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('&', '\\046')
}
