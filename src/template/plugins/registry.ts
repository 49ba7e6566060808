/** Plugins by name, short or fully qualified, and the error for one that does not exist. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import type { Plugin, PluginKind, Plugins } from './plugin.ts'

/** Collections whose plugins are built in. */
const COLLECTIONS: ReadonlySet<string> = new Set(['ansible.builtin', 'ansible.legacy', 'ansible.utils', 'ansible.netcommon', 'community.general'])

/** Finds a plugin of one kind. Throws a PlonerunError that suggests a name when there is none. */
export function findPlugin(kind: PluginKind, plugins: Plugins, name: string): Plugin {
  const dot = name.lastIndexOf('.')
  const short = name.slice(dot + 1)
  if (Object.hasOwn(plugins, short) && (dot < 0 || COLLECTIONS.has(name.slice(0, dot)))) return plugins[short]!
  const hint = Object.hasOwn(plugins, short) ? `'${short}' is built in, ${name.slice(0, dot)} is not` : didYouMean(short, Object.keys(plugins))
  throw new PlonerunError(`there is no ${kind} '${name}'`, hint ? { hint } : {})
}
