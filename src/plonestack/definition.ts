/** What a site definition may say: every key of an entry of `sites:`, its default and its meaning. */
import { apache, varnish } from './definition-front.ts'
import { DOTTED, HOSTNAME, NAME, PATH, SIZE, URL } from './patterns.ts'
import { anything, clock, defaulting, flag, integer, list, mapping, oneOf, required, secret, text } from './schema.ts'
import type { Typed } from './schema.ts'

/** Features that change the shape of a site. */
export const EXTRAS = ['nopound', 'contained'] as const

/** What may stand between Varnish and the Zopes. */
export const BALANCERS = ['pound', 'haproxy', 'varnish'] as const

export const definition = {
  name: required(text('Names the site: its folder, its units, its user.', NAME)),
  domain: required(text('The host name that visitors use.', HOSTNAME)),
  aliases: list(text('More host names that are redirected to the domain.', HOSTNAME)),
  plone: required(text('The version of Plone; 6.2 means the newest 6.2 that the stack has a version list for.', DOTTED)),
  python: text("The version of Python, where it shall not be the box's usual one.", { pattern: /^[23]\.\d+$/, like: 'a version such as 3.13' }),
  stack: text('The version of the plonestack (1.2, ^1.2.3); the one that the deployment repository pins unless given.', { pattern: /^[~^]?\d+(\.\d+){0,2}$/, like: 'a version such as 1.2 or ^1.2.3' }),
  interpreter: text('A Python of the box that does not come with its distribution; `python` then says which version it is.', PATH),
  zope: text('The version of Zope, where it shall not be the one of the version list.', DOTTED),
  versions: text("A file of pinned versions on the controller: constraints, or a buildout's versions.cfg. One that does not pin Plone is laid over the list that ships."),
  numzopes: integer('How many Zopes serve the site; 3 unless given.', { min: 1, max: 99 }),
  zopes: integer('The same as numzopes.', { min: 1, max: 99 }),
  max_zopes: integer('How many Zopes the balancer knows beforehand, so that numzopes can grow to it without its restart; the next multiple of four unless given.', { min: 1, max: 99 }),
  baseport: defaulting(integer('The port of zope0; every other port of the site lies at a fixed offset.', { min: 1024, max: 65_535 }), 8080),
  balancer: oneOf(BALANCERS, 'What spreads visitors over the Zopes: Pound unless given, or haproxy where the distribution has no Pound that can. varnish: Varnish does it itself.'),
  zope_hosts: list(text('Hosts of the inventory that run its Zopes: zope0 is on the first, zope1 on the second, and so on around. The box itself unless given.')),
  extras: list(oneOf(EXTRAS, 'nopound: the same as `balancer: varnish`. contained: logs in the folder of the site.')),

  user: text("The account that runs the site; the site's name unless given.", NAME),
  home: text('The folder of the site; /srv/NAME unless given.', PATH),
  tz: defaulting(text('The time zone of the site.'), 'UTC'),
  locale: defaulting(text('The locale of its processes.'), 'C.UTF-8'),

  site_id: defaulting(text('The id of the Plone site in the Zope root.', { pattern: /^[A-Za-z][\w.-]*$/, like: 'an id' }), 'portal'),
  title: text("The title of the site; its domain unless given."),
  language: defaulting(text('The default language of the site.'), 'en'),
  distribution: defaulting(text('The kind of site that is made, from Plone 6.1 on.'), 'classic'),
  admin_user: defaulting(text('The login of the administrator.'), 'admin'),
  admin_password: required(secret("The administrator's password when the account is made; keep it in a vault.")),

  eggs: list(text('Python packages besides Plone, each as pip takes them.')),
  zcml: list(text('Packages whose configuration is loaded; `package:file.zcml` names another file.')),
  environment_vars: anything('Environment variables of the Zopes.'),
  products_initial: list(text('Products that are installed once, when the site is made.')),
  profiles_initial: list(text('GenericSetup profiles that are run once, when the site is made.')),
  products: list(text('Products that the site has installed.')),
  profiles: list(text('GenericSetup profiles that are run again whenever this list or the packages change.')),
  properties: anything('Properties of the portal, or names of registry records, with their values.'),
  mutators: anything('Setters to call: `portal_cache_settings.setEnabled: true`.'),

  zodb_cache: defaulting(integer('Objects in the ZODB cache of each thread.'), 10_000),
  zeo_client_cache: defaulting(text("The size of each Zope's ZEO client cache.", SIZE), '300MB'),
  invalidation_queue: defaulting(integer('Transactions that ZEO remembers for clients that reconnect.'), 1000),
  threads: defaulting(integer('Threads of each Zope.', { min: 1 }), 2),
  wake: list(text('Paths that are requested from a Zope that has started; /SITE_ID/ unless given.', { pattern: /^\/\S*$/, like: 'a path such as /portal/' })),
  wake_text: text('A text that the answer to each of them must hold, besides status 200.'),

  storage: mapping('Where the objects of the site are kept.', {
    kind: defaulting(oneOf(['zeo', 'relstorage', 'file'], 'zeo: a file that ZEO serves. relstorage: PostgreSQL. file: a file that the one Zope opens itself.'), 'zeo'),
    host: text('The host of the inventory that keeps them, with ZEO or PostgreSQL; the box itself unless given.'),
    blobs: oneOf(['shared', 'cached'], 'shared: every box sees var/blobstorage, by a network file system where they are several. cached: each fetches the blobs that it needs; the default where the objects are on another host or in PostgreSQL.'),
    blob_cache: defaulting(text('The size of the cache of blobs of each box.', SIZE), '100MB'),
    password: secret('relstorage: the password of PostgreSQL; keep it in a vault.'),
    dsn: text('relstorage: how to reach a PostgreSQL that the stack does not deploy, in the words of libpq: `host=db.example.org dbname=www user=www`.'),
  }),
  memory_limit: text('The memory that a Zope may have; one that has more is started anew while the others serve. No limit unless given.', SIZE),
  pack: mapping('Throwing old revisions of objects away.', {
    at: defaulting(clock('When, each day.'), '04:00'),
    days: defaulting(integer('Days for which revisions are kept.'), 4),
  }),
  backup: mapping('Backups of the database and the blobs.', {
    at: defaulting(clock('When, each day.'), '03:00'),
    keep: defaulting(integer('Days for which backups are kept.', { min: 1 }), 14),
    before_deploy: defaulting(flag('Whether a deploy makes one before it changes the content.'), true),
    folder: text('Where they are kept; HOME/backups unless given. Another disk is better.', PATH),
  }),
  logs: mapping('Rotation of the logs.', {
    rotate: defaulting(oneOf(['daily', 'weekly', 'monthly'], 'How often.'), 'daily'),
    keep: defaulting(integer('How many of each log are kept.'), 14),
  }),
  health: mapping('A look at each Zope; one that fails is started anew while the others serve.', {
    every: defaulting(integer('Seconds between two looks; 0 for none.'), 60),
    path: text('The path that is requested; the first of `wake` unless given.', { pattern: /^\/\S*$/, like: 'a path such as /portal/' }),
    timeout: defaulting(integer('Seconds that an answer may take.', { min: 1 }), 30),
    failures: defaulting(integer('After how many failures in a row.', { min: 1 }), 3),
  }),

  session: mapping('What ties a visitor to one Zope.', {
    cookie: defaulting(text('The cookie that tells visitors apart.', { pattern: /^[\w-]+$/, like: 'the name of a cookie' }), '_ZopeId'),
    ttl: defaulting(integer('Seconds after which an unused session is forgotten.', { min: 1 }), 3600),
    set: flag('Whether Varnish gives the cookie to visitors without one; yes for _ZopeId, no for a cookie that Plone sets.'),
  }),
  keepalive: mapping('After how many idle seconds each hop closes its connection to the hop behind it. They must rise from hop to hop, or a request meets a closing connection.', {
    apache: defaulting(integer('Apache to Varnish.', { min: 1 }), 3),
    varnish: defaulting(integer('Varnish, both ways.', { min: 1 }), 6),
    pound: defaulting(integer('Pound, both ways; haproxy, from Varnish.', { min: 1 }), 10),
    zope: defaulting(integer('Zope.', { min: 1 }), 120),
  }),
  pound: mapping('The balancer, Pound or haproxy.', {
    alive: defaulting(integer('Seconds between looks at a backend that is down.', { min: 1 }), 5),
    timeout: defaulting(integer('Seconds that a Zope may take to answer.', { min: 1 }), 60),
    grace: defaulting(integer('Seconds that open requests get when the balancer stops.', { min: 1 }), 30),
    log_level: defaulting(integer('What is logged: 0 nothing to 5 everything.', { max: 5 }), 2),
  }),
  varnish,
  apache,
} as const

/** A site definition as it was written, with the plain defaults filled in. */
export type Definition = Typed<typeof definition>

/** A site without a Plone: visitors of its host names are sent elsewhere. */
export const redirectDefinition = {
  name: required(text('Names the site: its file in Apache.', NAME)),
  domain: required(text('The host name that visitors use.', HOSTNAME)),
  aliases: list(text('More host names that are redirected.', HOSTNAME)),
  redirect_to: required(text('The url that visitors are sent to, with the path that they asked for behind it.', URL)),
  home: definition.home,
  apache,
} as const

/** A redirect as it was written, with the plain defaults filled in. */
export type RedirectDefinition = Typed<typeof redirectDefinition>
