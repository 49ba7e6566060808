/** The lookup filetree: what lies below a folder of the controller, for with_filetree. */
import { lstatSync, readFileSync, readdirSync, readlinkSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { dictOf } from '../../values/convert.ts'
import { Float } from '../../values/float.ts'
import { str } from '../../values/print.ts'
import type { Dict, Value } from '../../values/value.ts'
import { candidates } from '../files.ts'
import { optional, string } from '../plugins/parameter.ts'
import type { Plugins } from '../plugins/plugin.ts'
import { compileRegex } from '../regex/translate.ts'
import { lookup, opened } from './lookup.ts'

/** What lies below a folder, each folder before what is in it. Sockets and the like are left out. */
function walk(root: string, below = ''): Dict[] {
  const entries = readdirSync(join(root, below)).sort().map((name) => join(below, name))
  const found = entries.map((path) => ({ path, stats: lstatSync(join(root, path)) }))
  const here = found.flatMap(({ path, stats }) => entryOf(root, path, stats) ?? [])
  return [...here, ...found.filter(({ stats }) => stats.isDirectory()).flatMap(({ path }) => walk(root, path))]
}

function entryOf(root: string, path: string, stats: Stats): Dict | undefined {
  const full = join(root, path)
  const kind = stats.isSymbolicLink() ? { state: 'link', src: readlinkSync(full) } : stats.isDirectory() ? { state: 'directory' } : stats.isFile() ? { state: 'file', src: full } : undefined
  if (kind === undefined) return undefined
  return dictOf({
    root, path, ...kind,
    uid: stats.uid, gid: stats.gid, owner: nameOf('/etc/passwd', stats.uid), group: nameOf('/etc/group', stats.gid),
    mode: `0${(stats.mode & 0o7777).toString(8).padStart(3, '0')}`, size: stats.size,
    mtime: new Float(stats.mtimeMs / 1000), ctime: new Float(stats.ctimeMs / 1000),
  })
}

/** The name of a number in passwd or group; the number itself where it has none. */
function nameOf(file: string, id: number): string | number {
  return readFileSync(file, 'utf8').split('\n').map((line) => line.split(':')).find((fields) => fields[2] === String(id))?.[0] ?? id
}

export const filetreeLookup: Plugins = {
  filetree: lookup({ exclude: optional(string) }, (terms, { exclude }, { context, once }) => {
    const entries = opened(terms).flatMap((term) => once(`filetree ${str(term)}`, () => {
      const root = candidates(str(term), context, 'files').find((place) => lstatSync(place, { throwIfNoEntry: false }) !== undefined)
      return root === undefined ? [] : walk(root)
    }) as Value[]) as Dict[]
    const wanted = exclude === undefined ? entries : entries.filter((entry) => !compileRegex(exclude).test(str(entry.get('path') ?? '')))
    // Of several folders the first that has a path gives it.
    return wanted.filter((entry, index) => wanted.findIndex((other) => other.get('path') === entry.get('path')) === index)
  }),
}
