/** The folder in which plonerun keeps what it writes about runs on this machine (XDG base directories). */
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Pages of cycles that are kept; a page is some tens of kilobytes. */
const PAGES = 100

/** Makes room for the page of a cycle: the oldest ones go. Gives the file that it may be written to. */
export async function newPage(sites: string, now: Date): Promise<string> {
  const folder = join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'plonerun', 'cycles')
  await mkdir(folder, { recursive: true })
  const files = (await readdir(folder)).filter((name) => name.endsWith('.html')).map((name) => join(folder, name))
  // Another cycle may remove them at the same time.
  const written = await Promise.all(files.map(async (file) => ({ file, at: await stat(file).then(({ mtimeMs }) => mtimeMs, () => 0) })))
  const old = written.sort((a, b) => b.at - a.at).slice(PAGES - 1)
  await Promise.all(old.map(({ file }) => rm(file, { force: true })))
  return join(folder, `${sites.replace(/[^\w,-]/g, '_')}-${now.toISOString().slice(0, 19).replaceAll(':', '.')}.html`)
}
