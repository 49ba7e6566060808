/** Plugins by name, short or fully qualified, and the error for one that does not exist. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import type { Plugin, PluginKind, Plugins } from './plugin.ts'

/** Collections whose plugins are built in. */
const COLLECTIONS: ReadonlySet<string> = new Set(['ansible.builtin', 'ansible.legacy', 'ansible.utils', 'ansible.netcommon', 'community.general'])

/** The person's own plugin of that name; undefined when there is none. Throws a PlonerunError when it cannot be loaded. */
export type FindPlugin = (kind: PluginKind, name: string) => Plugin | undefined

/** Finds a plugin of one kind, built in or the person's own. Throws a PlonerunError that suggests a name when there is none. */
export function findPlugin(kind: PluginKind, plugins: Plugins, name: string, own?: FindPlugin): Plugin {
  const dot = name.lastIndexOf('.')
  const short = name.slice(dot + 1)
  if (Object.hasOwn(plugins, short) && (dot < 0 || COLLECTIONS.has(name.slice(0, dot)))) return plugins[short]!
  const found = own?.(kind, name)
  if (found !== undefined) return found
  const hint = Object.hasOwn(plugins, short) ? `'${short}' is built in, ${name.slice(0, dot)} is not` : didYouMean(short, Object.keys(plugins))
  throw new PlonerunError(`there is no ${kind} '${name}'`, hint ? { hint } : {})
}
