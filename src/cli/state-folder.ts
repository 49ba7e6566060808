/** The folder in which plonerun keeps what it writes about runs on this machine (XDG base directories). */
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the page of a cycle goes unless the person says where. */
export function pageFile(sites: string, now: Date): string {
  const state = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state')
  return join(state, 'plonerun', 'cycles', `${sites.replace(/[^\w,-]/g, '_')}-${now.toISOString().slice(0, 19).replaceAll(':', '.')}.html`)
}
