/** All filters, tests and lookups there are. */
import { dicts } from './filters/dicts.ts'
import { lists } from './filters/lists.ts'
import { numbers } from './filters/numbers.ts'
import { strings } from './filters/strings.ts'
import { values } from './filters/values.ts'
import type { Plugins } from './plugins/plugin.ts'
import type { PluginKind } from './plugins/registry.ts'
import { valueTests } from './tests/values.ts'

export const builtin: Readonly<Record<PluginKind, Plugins>> = {
  filter: { ...strings, ...lists, ...numbers, ...dicts, ...values },
  test: { ...valueTests },
  lookup: {},
}
