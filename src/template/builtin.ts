/** All filters, tests and lookups there are. */
import { dates } from './filters/dates.ts'
import { dicts } from './filters/dicts.ts'
import { hashes } from './filters/hashes.ts'
import { ips } from './filters/ip.ts'
import { json } from './filters/json.ts'
import { lists } from './filters/lists.ts'
import { numbers } from './filters/numbers.ts'
import { paths } from './filters/paths.ts'
import { randoms } from './filters/random.ts'
import { regexes } from './filters/regex.ts'
import { sets } from './filters/sets.ts'
import { strings } from './filters/strings.ts'
import { units } from './filters/units.ts'
import { urls } from './filters/urls.ts'
import { values } from './filters/values.ts'
import { vaultFilters } from './filters/vault.ts'
import { yaml } from './filters/yaml.ts'
import { commandLookups } from './lookups/commands.ts'
import { fileLookups } from './lookups/files.ts'
import { filetreeLookup } from './lookups/filetree.ts'
import { listLookups } from './lookups/lists.ts'
import { passwordLookup } from './lookups/password.ts'
import { csvLookup } from './lookups/csv.ts'
import { iniLookup } from './lookups/ini.ts'
import { variableLookups } from './lookups/variables.ts'
import type { Plugins, PluginKind } from './plugins/plugin.ts'
import { fileTests } from './tests/files.ts'
import { ipTests } from './tests/ip.ts'
import { listTests } from './tests/lists.ts'
import { formerFilters, resultTests } from './tests/results.ts'
import { textTests } from './tests/text.ts'
import { valueTests } from './tests/values.ts'

export const builtin: Readonly<Record<PluginKind, Plugins>> = {
  filter: { ...strings, ...lists, ...sets, ...numbers, ...dicts, ...values, ...regexes, ...json, ...yaml, ...paths, ...urls, ...hashes, ...dates, ...units, ...randoms, ...ips, ...formerFilters, ...vaultFilters },
  test: { ...valueTests, ...textTests, ...resultTests, ...listTests, ...fileTests, ...ipTests },
  lookup: { ...fileLookups, ...filetreeLookup, ...listLookups, ...variableLookups, ...commandLookups, ...passwordLookup, ...csvLookup, ...iniLookup },
}
