/** The parameters of dnf and yum, and the flags they become. */
import { defaulting, flag, integer, list, oneOf, path, text, type Input } from '../contract/option.ts'

const each = text('A name.')

export const dnfOptions = {
  name: list(text('A name, also with -VERSION or a comparison, @GROUP, a url or a file.'), 'Packages.', { aliases: ['pkg'] }),
  list: text('Tells only: installed, updates, available, repos, or packages of a name or pattern.'),
  state: oneOf(['present', 'installed', 'latest', 'absent', 'removed'], 'present installs, latest also upgrades, absent removes; present unless given, with autoremove absent.'),
  enablerepo: list(each, 'Repositories that are used for this task.'),
  disablerepo: list(each, 'Repositories that are not used for this task.'),
  exclude: list(each, 'Packages that are left alone.'),
  conf_file: path('Another configuration file.'),
  releasever: text('Another release.'),
  installroot: path('Another root.'),
  disable_gpg_check: defaulting(flag('Installs packages without a valid signature.'), false),
  sslverify: defaulting(flag("Whether certificates of repositories are checked.", { aliases: ['validate_certs'] }), true),
  update_cache: defaulting(flag('Fetches the metadata first.', { aliases: ['expire-cache'] }), false),
  update_only: defaulting(flag('With latest: upgrades what is installed, installs nothing new.'), false),
  security: defaulting(flag('With latest: only security updates.'), false),
  bugfix: defaulting(flag('With latest: only bug fixes.'), false),
  enable_plugin: list(each, "Plugins that are used for this task."),
  disable_plugin: list(each, "Plugins that are not used for this task."),
  disable_excludes: text('Disables the excludes of the configuration: all, main or a repository.'),
  autoremove: defaulting(flag('Removes packages that nothing needs any more.'), false),
  allow_downgrade: defaulting(flag('Installs an older version over a newer one.'), false),
  allowerasing: defaulting(flag('May remove installed packages to resolve dependencies.'), false),
  best: flag('Fails when the newest version cannot be installed.'),
  nobest: flag('Takes an older version when the newest cannot be installed.'),
  skip_broken: defaulting(flag('Leaves out what has broken dependencies.'), false),
  install_weak_deps: defaulting(flag('Installs weak dependencies too.'), true),
  install_repoquery: defaulting(flag('Has no effect.'), true),
  cacheonly: defaulting(flag('Uses only what has been fetched.'), false),
  download_only: defaulting(flag('Fetches packages without installing them.'), false),
  download_dir: text('The folder for fetched packages.'),
  lock_timeout: defaulting(integer('Has no effect.'), 30),
  use_backend: defaulting(oneOf(['auto', 'dnf', 'dnf4', 'dnf5', 'yum', 'yum4'], 'The program.', { aliases: ['use'] }), 'auto'),
} as const

export type DnfInput = Input<typeof dnfOptions>

/** Flags for all verbs. Repositories that do not exist are passed over, as Ansible does, where the flags of that name fail. */
export function dnfFlags(input: DnfInput): string[] {
  const when = (flag: string, condition: boolean | undefined): string[] => (condition === true ? [flag] : [])
  const given = (flag: string, value: string | undefined): string[] => (value === undefined ? [] : [`${flag}=${value}`])
  const all = (flag: string, values: readonly string[] | undefined): string[] => (values ?? []).map((value) => `${flag}=${value}`)
  return [
    ...given('--config', input.conf_file),
    ...given('--releasever', input.releasever),
    ...given('--installroot', input.installroot),
    ...repositories(input.disablerepo, 0),
    ...repositories(input.enablerepo, 1),
    ...all('--exclude', input.exclude),
    ...all('--disableplugin', input.disable_plugin),
    ...all('--enableplugin', input.enable_plugin),
    ...given('--disableexcludes', input.disable_excludes),
    ...(input.disable_gpg_check ? ['--nogpgcheck'] : ['--setopt=gpgcheck=1', '--setopt=localpkg_gpgcheck=1']),
    ...when('--setopt=sslverify=0', !input.sslverify),
    ...when('--refresh', input.update_cache),
    ...when('--security', input.security),
    ...when('--bugfix', input.bugfix),
    ...when('--allowerasing', input.allowerasing),
    ...when('--best', input.best ?? input.nobest === false),
    ...when('--nobest', input.nobest ?? input.best === false),
    ...when('--skip-broken', input.skip_broken),
    ...when('--setopt=install_weak_deps=0', !input.install_weak_deps),
    // What a package needed stays when it goes, unless it is asked for.
    `--setopt=clean_requirements_on_remove=${input.autoremove ? '1' : '0'}`,
    ...when('--cacheonly', input.cacheonly),
    ...when('--downloadonly', input.download_only),
    ...given('--downloaddir', input.download_dir),
  ]
}

function repositories(names: readonly string[] | undefined, enabled: 0 | 1): string[] {
  return (names ?? []).flatMap((name) => name.split(',')).map((name) => name.trim()).filter((name) => name !== '').map((name) => `--setopt=${name}.enabled=${String(enabled)}`)
}
