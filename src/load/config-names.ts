/** Settings by the names that Ansible's own configuration has for them: what the lookup `config` tells. */
import { fromPlain } from '../values/convert.ts'
import type { Dict, Plain } from '../values/value.ts'
import type { AnsibleConfig } from './ansible-cfg.ts'
import { DEFAULT_LIBRARY_PATH } from './library.ts'
import { usualPluginPath } from './plugin-places.ts'
import { DEFAULT_COLLECTIONS_PATH, DEFAULT_ROLES_PATH } from './role-search.ts'

/** What each is called, and what it is where nobody says anything. */
const NAMES: { readonly [K in Exclude<keyof AnsibleConfig, 'file' | 'sshHostKeyChecking' | 'sshArgs' | 'sshCommonArgs' | 'sshExtraArgs'>]-?: readonly [name: string, usual: Plain] } = {
  rolesPath: ['DEFAULT_ROLES_PATH', DEFAULT_ROLES_PATH],
  collectionsPath: ['COLLECTIONS_PATHS', DEFAULT_COLLECTIONS_PATH],
  library: ['DEFAULT_MODULE_PATH', DEFAULT_LIBRARY_PATH],
  filterPlugins: ['DEFAULT_FILTER_PLUGIN_PATH', usualPluginPath('filter')],
  testPlugins: ['DEFAULT_TEST_PLUGIN_PATH', usualPluginPath('test')],
  lookupPlugins: ['DEFAULT_LOOKUP_PLUGIN_PATH', usualPluginPath('lookup')],
  inventory: ['DEFAULT_HOST_LIST', ['/etc/ansible/hosts']],
  vaultPasswordFile: ['DEFAULT_VAULT_PASSWORD_FILE', null],
  vaultIdentityList: ['DEFAULT_VAULT_IDENTITY_LIST', []],
  askVaultPass: ['DEFAULT_ASK_VAULT_PASS', false],
  askPass: ['DEFAULT_ASK_PASS', false],
  forks: ['DEFAULT_FORKS', 20],
  timeout: ['DEFAULT_TIMEOUT', 10],
  remoteUser: ['DEFAULT_REMOTE_USER', null],
  remotePort: ['DEFAULT_REMOTE_PORT', null],
  privateKeyFile: ['DEFAULT_PRIVATE_KEY_FILE', null],
  hostKeyChecking: ['HOST_KEY_CHECKING', true],
  taskTimeout: ['TASK_TIMEOUT', 0],
  gathering: ['DEFAULT_GATHERING', 'implicit'],
  interpreterPython: ['INTERPRETER_PYTHON', 'auto'],
  factCaching: ['CACHE_PLUGIN', 'memory'],
  factCachingConnection: ['CACHE_PLUGIN_CONNECTION', null],
  factCachingPrefix: ['CACHE_PLUGIN_PREFIX', ''],
  factCachingTimeout: ['CACHE_PLUGIN_TIMEOUT', 86_400],
  privateRoleVars: ['DEFAULT_PRIVATE_ROLE_VARS', false],
  hashBehaviour: ['DEFAULT_HASH_BEHAVIOUR', 'replace'],
  strategy: ['DEFAULT_STRATEGY', 'linear'],
  forceHandlers: ['DEFAULT_FORCE_HANDLERS', false],
  anyErrorsFatal: ['ANY_ERRORS_FATAL', false],
  showCustomStats: ['SHOW_CUSTOM_STATS', false],
  errorOnMissingHandler: ['ERROR_ON_MISSING_HANDLER', true],
  duplicateDictKey: ['DUPLICATE_YAML_DICT_KEY', 'warn'],
  noLog: ['DEFAULT_NO_LOG', false],
  executable: ['DEFAULT_EXECUTABLE', '/bin/sh'],
  become: ['DEFAULT_BECOME', false],
  becomeMethod: ['DEFAULT_BECOME_METHOD', 'sudo'],
  becomeUser: ['DEFAULT_BECOME_USER', 'root'],
  becomeExe: ['DEFAULT_BECOME_EXE', null],
  becomeFlags: ['DEFAULT_BECOME_FLAGS', ''],
  becomeAskPass: ['DEFAULT_BECOME_ASK_PASS', false],
  diff: ['DIFF_ALWAYS', false],
  runTags: ['TAGS_RUN', []],
  skipTags: ['TAGS_SKIP', []],
}

/** Each setting that means something here, as it was given or as it is otherwise. */
export function configValues(config: AnsibleConfig): Dict {
  return new Map(Object.entries(NAMES).map(([key, [name, usual]]) => [name, fromPlain((config as Readonly<Record<string, Plain>>)[key] ?? usual)]))
}
