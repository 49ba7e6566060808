/** `plonerun run`: runs playbooks. */
import type { RunCommand } from '../command-info.ts'
import { runOrList } from '../listing.ts'

export const run: RunCommand = ([playbooks], options) => runOrList(options, ({ loader }) => (playbooks as readonly string[]).map((file) => loader.loadPlaybook(file)))
