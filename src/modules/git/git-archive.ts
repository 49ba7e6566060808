/** git's `archive`: the version's files as an archive on the host. */
import { extname } from 'node:path/posix'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { hostWord } from '../../probe/host-path.ts'
import { pathResource, type Resource } from '../../probe/resource.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { quote } from '../../shell/quote.ts'
import { sh, type Step } from '../contract/change.ts'
import type { GitInput } from './git-options.ts'

/** git's names of formats, by the end of the archive's name. */
const FORMATS: Readonly<Record<string, string>> = { '.zip': 'zip', '.gz': 'tar.gz', '.tar': 'tar', '.tgz': 'tgz' }

/** Throws where the archive's name does not say its format. */
export function checkArchiveName(archive: string): void {
  if (FORMATS[extname(archive)] === undefined) throw new PlonerunError(`Unable to get file extension from archive file name : ${archive}`, { kind: 'task', hint: 'name it .zip, .tar, .tar.gz or .tgz' })
}

/** Asks whether the archive of the checkout at path is there and right: its exit code is 0 then. */
export function archiveRead(input: GitInput, archive: string, path: string): Read<ShellResult> {
  return shellRead(`${packing(input, archive, path)} | cmp -s - ${hostWord(archive)}`, [archiveResource(archive), pathResource(path)])
}

/** Makes the archive unless it is right. */
export function archiveStep(input: GitInput, archive: string, path: string): Step {
  const dest = hostWord(archive)
  return sh(`new=$(mktemp -d ${dest}.XXXXXX) || exit
${packing(input, archive, path)} >"$new/archive" && { cmp -s "$new/archive" ${dest} || mv -f -- "$new/archive" ${dest}; }
code=$?; rm -rf -- "$new"; exit $code`)
}

export function archiveResource(archive: string): Resource {
  return archive.startsWith('/') ? pathResource(archive) : 'anything'
}

function packing({ executable, version, archive_prefix: prefix }: GitInput, archive: string, path: string): string {
  const words = ['-C', path, 'archive', '--format', FORMATS[extname(archive)]!, ...(prefix === undefined ? [] : [`--prefix=${prefix}`]), version]
  return [executable, ...words].map(quote).join(' ')
}
