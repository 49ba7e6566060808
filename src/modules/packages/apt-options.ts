/** The parameters of apt. */
import { defaulting, flag, integer, list, oneOf, path, text, type Input } from '../contract/option.ts'

export const aptOptions = {
  name: list(text('A name, also with =VERSION, >=VERSION, /RELEASE or :ARCHITECTURE, or a pattern.'), 'Packages.', { aliases: ['package', 'pkg'] }),
  state: defaulting(oneOf(['present', 'latest', 'absent', 'build-dep', 'fixed', 'installed', 'removed'], 'present installs, latest also upgrades, absent removes, build-dep installs what building needs, fixed repairs dependencies.'), 'present'),
  update_cache: flag('Fetches the package lists first.', { aliases: ['update-cache'] }),
  cache_valid_time: defaulting(integer('Seconds for which fetched lists are good; implies update_cache.'), 0),
  update_cache_retries: defaulting(integer('How often fetching the lists is tried.'), 5),
  update_cache_retry_max_delay: defaulting(integer('The longest pause between two tries, in seconds.'), 12),
  upgrade: defaulting(oneOf(['dist', 'full', 'no', 'safe', 'yes'], 'Upgrades all packages: safe or yes removes none, dist and full may.'), 'no'),
  deb: path('A .deb file on the host, or its url.'),
  default_release: text('The release that packages are taken from.', { aliases: ['default-release'] }),
  install_recommends: flag('Whether recommended packages are installed too; the host decides when it is not given.', { aliases: ['install-recommends'] }),
  only_upgrade: defaulting(flag('Upgrades what is installed, installs nothing new.'), false),
  purge: defaulting(flag('Removes configuration files too.'), false),
  autoremove: defaulting(flag('Removes packages that nothing needs any more.'), false),
  autoclean: defaulting(flag('Removes package files from the cache that are not on offer any more.'), false),
  clean: defaulting(flag('Removes all package files from the cache.'), false),
  force: defaulting(flag('Allows downgrades, unauthenticated packages, changes of held and removal of essential ones. Dangerous.'), false),
  allow_unauthenticated: defaulting(flag('Installs packages without a valid signature.', { aliases: ['allow-unauthenticated'] }), false),
  allow_downgrade: defaulting(flag('Installs an older version over a newer one.', { aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'] }), false),
  allow_change_held_packages: defaulting(flag('Changes packages that are held.'), false),
  fail_on_autoremove: defaulting(flag('Fails when something would be removed.'), false),
  dpkg_options: defaulting(text('Options for dpkg, separated by commas, without their dashes.'), 'force-confdef,force-confold'),
  policy_rc_d: integer('Packages get this answer when they ask whether services may be started; 101 forbids it.'),
  lock_timeout: defaulting(integer('How long another package manager is waited for, in seconds.'), 60),
  force_apt_get: defaulting(flag('Has no effect: aptitude is never used.'), false),
  auto_install_module_deps: defaulting(flag('Has no effect: nothing needs to be installed for this module.'), true),
} as const

export type AptInput = Input<typeof aptOptions>
