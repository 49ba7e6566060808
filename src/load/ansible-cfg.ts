/** Settings from ansible.cfg and ANSIBLE_* environment variables, as far as they mean something here. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { didYouMean } from '../errors/suggest.ts'
import { asBool } from '../values/python.ts'
import { readIniSections, type IniEntry } from './ini-sections.ts'
import { expandHome } from './role-search.ts'
import type { Warning } from './warning.ts'

interface Types {
  text: string
  flag: boolean
  count: number
  path: string
  /** Folders separated by colons. */
  paths: readonly string[]
  /** Words separated by commas. */
  list: readonly string[]
  /** Inventories separated by commas. */
  sources: readonly string[]
}

function setting<T extends keyof Types>(type: T, section: string, key: string, ...env: readonly string[]) {
  return { type, section, key, env }
}

const SETTINGS = {
  rolesPath: setting('paths', 'defaults', 'roles_path', 'ANSIBLE_ROLES_PATH'),
  collectionsPath: setting('paths', 'defaults', 'collections_path', 'ANSIBLE_COLLECTIONS_PATH', 'ANSIBLE_COLLECTIONS_PATHS'),
  library: setting('paths', 'defaults', 'library', 'ANSIBLE_LIBRARY'),
  filterPlugins: setting('paths', 'defaults', 'filter_plugins', 'ANSIBLE_FILTER_PLUGINS'),
  testPlugins: setting('paths', 'defaults', 'test_plugins', 'ANSIBLE_TEST_PLUGINS'),
  lookupPlugins: setting('paths', 'defaults', 'lookup_plugins', 'ANSIBLE_LOOKUP_PLUGINS'),
  inventory: setting('sources', 'defaults', 'inventory', 'ANSIBLE_INVENTORY'),
  vaultPasswordFile: setting('path', 'defaults', 'vault_password_file', 'ANSIBLE_VAULT_PASSWORD_FILE'),
  vaultIdentityList: setting('list', 'defaults', 'vault_identity_list', 'ANSIBLE_VAULT_IDENTITY_LIST'),
  askVaultPass: setting('flag', 'defaults', 'ask_vault_pass', 'ANSIBLE_ASK_VAULT_PASS'),
  askPass: setting('flag', 'defaults', 'ask_pass', 'ANSIBLE_ASK_PASS'),
  forks: setting('count', 'defaults', 'forks', 'ANSIBLE_FORKS'),
  timeout: setting('count', 'defaults', 'timeout', 'ANSIBLE_TIMEOUT'),
  remoteUser: setting('text', 'defaults', 'remote_user', 'ANSIBLE_REMOTE_USER'),
  remotePort: setting('count', 'defaults', 'remote_port', 'ANSIBLE_REMOTE_PORT'),
  privateKeyFile: setting('path', 'defaults', 'private_key_file', 'ANSIBLE_PRIVATE_KEY_FILE'),
  hostKeyChecking: setting('flag', 'defaults', 'host_key_checking', 'ANSIBLE_HOST_KEY_CHECKING', 'ANSIBLE_SSH_HOST_KEY_CHECKING'),
  sshHostKeyChecking: setting('flag', 'ssh_connection', 'host_key_checking'),
  sshArgs: setting('text', 'ssh_connection', 'ssh_args', 'ANSIBLE_SSH_ARGS'),
  sshCommonArgs: setting('text', 'ssh_connection', 'ssh_common_args', 'ANSIBLE_SSH_COMMON_ARGS'),
  sshExtraArgs: setting('text', 'ssh_connection', 'ssh_extra_args', 'ANSIBLE_SSH_EXTRA_ARGS'),
  taskTimeout: setting('count', 'defaults', 'task_timeout', 'ANSIBLE_TASK_TIMEOUT'),
  gathering: setting('text', 'defaults', 'gathering', 'ANSIBLE_GATHERING'),
  interpreterPython: setting('text', 'defaults', 'interpreter_python', 'ANSIBLE_PYTHON_INTERPRETER'),
  factCaching: setting('text', 'defaults', 'fact_caching', 'ANSIBLE_CACHE_PLUGIN'),
  factCachingConnection: setting('path', 'defaults', 'fact_caching_connection', 'ANSIBLE_CACHE_PLUGIN_CONNECTION'),
  factCachingPrefix: setting('text', 'defaults', 'fact_caching_prefix', 'ANSIBLE_CACHE_PLUGIN_PREFIX'),
  factCachingTimeout: setting('count', 'defaults', 'fact_caching_timeout', 'ANSIBLE_CACHE_PLUGIN_TIMEOUT'),
  privateRoleVars: setting('flag', 'defaults', 'private_role_vars', 'ANSIBLE_PRIVATE_ROLE_VARS'),
  hashBehaviour: setting('text', 'defaults', 'hash_behaviour', 'ANSIBLE_HASH_BEHAVIOUR'),
  strategy: setting('text', 'defaults', 'strategy', 'ANSIBLE_STRATEGY'),
  forceHandlers: setting('flag', 'defaults', 'force_handlers', 'ANSIBLE_FORCE_HANDLERS'),
  anyErrorsFatal: setting('flag', 'defaults', 'any_errors_fatal', 'ANSIBLE_ANY_ERRORS_FATAL'),
  showCustomStats: setting('flag', 'defaults', 'show_custom_stats', 'ANSIBLE_SHOW_CUSTOM_STATS'),
  errorOnMissingHandler: setting('flag', 'defaults', 'error_on_missing_handler', 'ANSIBLE_ERROR_ON_MISSING_HANDLER'),
  duplicateDictKey: setting('text', 'defaults', 'duplicate_dict_key', 'ANSIBLE_DUPLICATE_YAML_DICT_KEY'),
  noLog: setting('flag', 'defaults', 'no_log', 'ANSIBLE_NO_LOG'),
  executable: setting('path', 'defaults', 'executable', 'ANSIBLE_EXECUTABLE'),
  become: setting('flag', 'privilege_escalation', 'become', 'ANSIBLE_BECOME'),
  becomeMethod: setting('text', 'privilege_escalation', 'become_method', 'ANSIBLE_BECOME_METHOD'),
  becomeUser: setting('text', 'privilege_escalation', 'become_user', 'ANSIBLE_BECOME_USER'),
  becomeExe: setting('text', 'privilege_escalation', 'become_exe', 'ANSIBLE_BECOME_EXE'),
  becomeFlags: setting('text', 'privilege_escalation', 'become_flags', 'ANSIBLE_BECOME_FLAGS'),
  becomeAskPass: setting('flag', 'privilege_escalation', 'become_ask_pass', 'ANSIBLE_BECOME_ASK_PASS'),
  diff: setting('flag', 'diff', 'always', 'ANSIBLE_DIFF_ALWAYS'),
  runTags: setting('list', 'tags', 'run', 'ANSIBLE_RUN_TAGS'),
  skipTags: setting('list', 'tags', 'skip', 'ANSIBLE_SKIP_TAGS'),
} as const

/** Other names of keys, in the same section. */
const OLD_NAMES: Readonly<Record<string, string>> = { collections_paths: 'collections_path', hostfile: 'inventory', sudo_user: 'become_user' }

/** These change how Ansible works inside or looks, which is otherwise here; nobody misses them. */
const MEANINGLESS = new Set(
  `defaults.pipelining defaults.nocows defaults.cow_selection defaults.stdout_callback defaults.callback_whitelist defaults.callbacks_enabled defaults.bin_ansible_callbacks
defaults.deprecation_warnings defaults.command_warnings defaults.system_warnings defaults.localhost_warning defaults.retry_files_enabled defaults.retry_files_save_path defaults.local_tmp
defaults.remote_tmp defaults.display_skipped_hosts defaults.display_ok_hosts defaults.force_color defaults.nocolor defaults.transport defaults.poll_interval
defaults.internal_poll_interval defaults.module_name defaults.module_lang defaults.module_set_locale defaults.result_format defaults.callback_result_format
defaults.verbosity defaults.home defaults.log_path defaults.use_persistent_connections
defaults.module_utils defaults.action_plugins defaults.callback_plugins defaults.connection_plugins
defaults.vars_plugins defaults.strategy_plugins defaults.inventory_plugins defaults.cache_plugins defaults.become_plugins defaults.inject_facts_as_vars`.split(/\s+/),
)
const MEANINGLESS_SECTIONS = new Set(['colors', 'galaxy', 'persistent_connection', 'selinux', 'ssh_connection', 'paramiko_connection', 'callback_profile_tasks', 'accelerate'])

type Settings = typeof SETTINGS

/** What was set; what was not is absent. Times are in seconds. */
export type AnsibleConfig = { readonly [K in keyof Settings]?: Types[Settings[K]['type']] } & {
  /** The file that was read. */
  readonly file?: string
}

/**
 * Reads the first of $ANSIBLE_CONFIG, ./ansible.cfg, ~/.ansible.cfg and /etc/ansible/ansible.cfg, and lays the environment over it.
 * Paths in a file are relative to it. Throws a PlonerunError for a value of the wrong type.
 * @param warn takes a note for each setting that is not known, or not supported
 */
export function readAnsibleConfig(folder: string, environment: Readonly<Record<string, string | undefined>>, warn: (warning: Warning) => void): AnsibleConfig {
  const file = findConfig(folder, environment, warn)
  const sections = file === undefined ? new Map<string, Map<string, IniEntry>>() : readIniSections(readFileSync(file, 'utf8'), file)
  const config: Record<string, unknown> = file === undefined ? {} : { file }
  for (const [name, { type, section, key, env }] of Object.entries(SETTINGS)) {
    const variable = env.find((candidate) => environment[candidate] !== undefined && environment[candidate] !== '')
    const entry = sections.get(section)?.get(key) ?? sections.get(section)?.get(Object.keys(OLD_NAMES).find((old) => OLD_NAMES[old] === key) ?? '')
    if (variable !== undefined) config[name] = convert(type, environment[variable]!, `$${variable}`, folder, undefined)
    else if (entry !== undefined && file !== undefined) config[name] = convert(type, entry.value, `'${key}'`, dirname(file), entry.position)
  }
  for (const [section, entries] of sections) for (const [key, { position }] of entries) noteUnknown(section, key, position, warn)
  return config
}

function findConfig(folder: string, environment: Readonly<Record<string, string | undefined>>, warn: (warning: Warning) => void): string | undefined {
  const named = environment['ANSIBLE_CONFIG']
  if (named !== undefined && named !== '') {
    const path = resolve(folder, expandHome(named))
    const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'ansible.cfg') : path
    if (!existsSync(file)) throw new PlonerunError(`there is no file ${file}, which $ANSIBLE_CONFIG names`)
    return file
  }
  const here = join(folder, 'ansible.cfg')
  if (existsSync(here)) {
    if ((statSync(folder).mode & 0o002) === 0) return here
    warn({ message: `${here} is not read, because everybody may write to its folder` })
  }
  return [join(homedir(), '.ansible.cfg'), '/etc/ansible/ansible.cfg'].find((path) => existsSync(path))
}

function convert(type: keyof Types, text: string, name: string, folder: string, where: Position | undefined): Types[keyof Types] {
  const wrong = (wanted: string): never => {
    throw new PlonerunError(`${name} takes ${wanted}, not '${text}'`, { where })
  }
  const path = (part: string): string => resolve(folder, expandHome(part.trim().replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => process.env[braced ?? bare ?? ''] ?? whole)))
  const words = (separator: string): string[] => text.split(separator).map((part) => part.trim()).filter((part) => part !== '')
  switch (type) {
    case 'text':
      return text
    case 'flag':
      return asBool(text) ?? wrong('yes or no')
    case 'count':
      return /^\d+$/.test(text.trim()) ? Number(text) : wrong('a number')
    case 'path':
      return path(text)
    case 'paths':
      return words(':').map(path)
    case 'list':
      return words(',')
    case 'sources':
      // One that ends with a comma is a list of hosts, and no path.
      return text.trim().endsWith(',') ? [text.trim()] : words(',').map(path)
  }
}

function noteUnknown(section: string, key: string, position: Position, warn: (warning: Warning) => void): void {
  const known = Object.values(SETTINGS).filter((candidate) => candidate.section === section).map((candidate) => candidate.key)
  if (known.some((candidate) => candidate === key) || Object.hasOwn(OLD_NAMES, key) || MEANINGLESS.has(`${section}.${key}`) || MEANINGLESS_SECTIONS.has(section)) return
  const hint = didYouMean(key, known)
  warn({ message: `the setting '${key}' in [${section}] is not known${hint === undefined ? '' : `: ${hint}`}`, position })
}
