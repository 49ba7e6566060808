/** ansible.cfg and ANSIBLE_ variables: what holds where the command line says nothing. */
import type { PlayDefaults } from '../engine/context.ts'
import { PlonerunError } from '../errors/plonerun-error.ts'
import { readAnsibleConfig, type AnsibleConfig } from '../load/ansible-cfg.ts'
import { configValues } from '../load/config-names.ts'
import type { Warning } from '../load/warning.ts'
import type { SessionOptions } from './session-options.ts'

/** Read, but without a meaning here yet. */
const UNSUPPORTED = ['executable'] as const

/** Values that are what happens anyway. */
const USUAL: AnsibleConfig = { executable: '/bin/sh' }

/** Seconds. */
const DAY = 86_400

/** The options of a command, with settings in place of those that were not given. */
export function withSettings<Options extends SessionOptions>(options: Options, warn: (warning: Warning) => void): Options {
  const config = readAnsibleConfig(process.cwd(), process.env, warn)
  for (const name of UNSUPPORTED)
    if (config[name] !== undefined && config[name] !== USUAL[name]) warn({ message: `the setting ${name} = ${config[name]} of ${config.file ?? 'the environment'} has no effect in plonerun` })
  const factCaching = factCachingOf(config, warn)
  const passwordFiles = options.vaultPasswordFile ?? (config.vaultPasswordFile === undefined ? undefined : [config.vaultPasswordFile])
  const settings = {
    inventory: config.inventory,
    rolesPath: config.rolesPath,
    // The folder itself that collections are in is named, too.
    collectionsPath: config.collectionsPath?.map((path) => path.replace(/\/ansible_collections\/?$/, '')),
    libraryPath: config.library,
    pluginPaths: { filter: config.filterPlugins, test: config.testPlugins, lookup: config.lookupPlugins },
    askVaultPass: config.askVaultPass,
    askPass: config.askPass,
    askBecomePass: config.becomeAskPass,
    forks: config.forks,
    timeout: config.timeout,
    user: config.remoteUser,
    port: config.remotePort,
    privateKey: config.privateKeyFile,
    sshArgs: config.sshArgs,
    sshCommonArgs: config.sshCommonArgs,
    sshExtraArgs: config.sshExtraArgs,
    hostKeyChecking: (config.hostKeyChecking ?? config.sshHostKeyChecking) === false ? ('no' as const) : undefined,
    become: config.become,
    becomeUser: config.becomeUser,
    becomeMethod: config.becomeMethod,
    becomeExe: config.becomeExe,
    becomeFlags: config.becomeFlags,
    playDefaults: playDefaults(config),
    privateRoleVars: config.privateRoleVars,
    config: configValues(config),
    factCaching,
    duplicateKeys: config.duplicateDictKey,
    forceHandlers: config.forceHandlers,
    customStats: config.showCustomStats,
    diff: config.diff,
    tags: config.runTags,
    skipTags: config.skipTags,
  }
  return { ...settings, ...options, vaultPasswordFile: passwordFiles, vaultId: [...(config.vaultIdentityList ?? []), ...(options.vaultId ?? [])] }
}

/** Where facts last from run to run; undefined: they do not. @throws PlonerunError when no folder is named */
function factCachingOf({ factCaching = 'memory', factCachingConnection, factCachingPrefix = '', factCachingTimeout = DAY, file }: AnsibleConfig, warn: (warning: Warning) => void): SessionOptions['factCaching'] {
  const kind = factCaching.replace(/^ansible\.builtin\./, '')
  if (kind === 'memory') return undefined
  if (kind === 'jsonfile') {
    if (factCachingConnection === undefined) throw new PlonerunError('fact_caching = jsonfile needs a folder to keep the facts in', { hint: 'fact_caching_connection names it' })
    return { folder: factCachingConnection, prefix: factCachingPrefix, timeout: factCachingTimeout }
  }
  warn({ message: `facts are not kept from run to run: fact_caching = ${factCaching} of ${file ?? 'the environment'} is not in plonerun, jsonfile is` })
  return undefined
}

function playDefaults({ errorOnMissingHandler, interpreterPython, taskTimeout, gathering, strategy, anyErrorsFatal, noLog, hashBehaviour = 'replace', file }: AnsibleConfig): PlayDefaults {
  if (!['replace', 'merge'].includes(hashBehaviour)) throw new PlonerunError(`hash_behaviour takes replace or merge, not '${hashBehaviour}'`)
  return {
    mergeHashes: hashBehaviour === 'merge',
    missingHandlers: errorOnMissingHandler === false,
    ...(taskTimeout !== undefined && { taskTimeout }), ...(interpreterPython !== undefined && { interpreterPython }), ...(gathering !== undefined && { gathering }), ...(strategy !== undefined && { strategy }), ...(anyErrorsFatal !== undefined && { anyErrorsFatal }), ...(noLog !== undefined && { noLog }), ...(file !== undefined && { configFile: file }) }
}
