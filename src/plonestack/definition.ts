/** What a site definition may say: every key of an entry of `sites:`, its default and its meaning. */
import { content } from './definition-content.ts'
import { apache, varnish } from './definition-front.ts'
import { operations } from './definition-operations.ts'
import { packages } from './definition-packages.ts'
import { DOTTED, HOSTNAME, NAME, PATH, SIZE, URL } from './patterns.ts'
import { anything, defaulting, flag, integer, list, mapping, oneOf, required, text, type Typed } from './schema.ts'

/** Features that change the shape of a site. */
export const EXTRAS = ['nopound', 'contained', 'fss'] as const

/** What may stand between Varnish and the Zopes. */
export const BALANCERS = ['pound', 'haproxy', 'varnish'] as const

export const definition = {
  name: required(text('Names the site: its folder, its units, its user.', NAME)),
  domain: required(text('The host name that visitors use.', HOSTNAME)),
  aliases: list(text('More host names that are redirected to the domain.', HOSTNAME)),
  plone: required(text('The version of Plone; 6.2 means the newest 6.2 that the stack has a version list for.', DOTTED)),
  developer: defaulting(flag('One Zope in debug mode by itself, started by hand with bin/instance, its objects in a file; with bin/test.'), false),
  stack: text('The version of the plonestack (1.2, ^1.2.3); the one that the deployment repository pins unless given.', { pattern: /^[~^]?\d+(\.\d+){0,2}$/, like: 'a version such as 1.2 or ^1.2.3' }),
  numzopes: integer('How many Zopes serve the site; 3 unless given.', { min: 1, max: 99 }),
  zopes: integer('The same as numzopes.', { min: 1, max: 99 }),
  max_zopes: integer('How many Zopes the balancer knows beforehand, so that numzopes can grow to it without its restart; the next multiple of four unless given.', { min: 1, max: 99 }),
  baseport: defaulting(integer('The port of zope0; every other port of the site lies at a fixed offset.', { min: 1024, max: 65_535 }), 8080),
  balancer: oneOf(BALANCERS, 'What spreads visitors over the Zopes: Pound unless given, or haproxy where the distribution has no Pound that can. varnish: Varnish does it itself.'),
  zope_hosts: list(text('Hosts of the inventory that run its Zopes: zope0 is on the first, zope1 on the second, and so on around. The box itself unless given.')),
  extras: list(oneOf(EXTRAS, 'nopound: the same as `balancer: varnish`. contained: logs in the folder of the site. fss: files of Plone 3 in folders, by iw.fss.')),

  user: text("The account that runs the site; the site's name unless given.", NAME),
  home: text('The folder of the site; /srv/NAME unless given.', PATH),
  tz: defaulting(text('The time zone of the site.'), 'UTC'),
  locale: defaulting(text('The locale of its processes.'), 'C.UTF-8'),

  ...packages,
  environment_vars: anything('Environment variables of the Zopes.'),
  ...content,

  zodb_cache: defaulting(integer('Objects in the ZODB cache of each thread.'), 10_000),
  zeo_client_cache: defaulting(text("The size of each Zope's ZEO client cache.", SIZE), '300MB'),
  invalidation_queue: defaulting(integer('Transactions that ZEO remembers for clients that reconnect.'), 1000),
  threads: defaulting(integer('Threads of each Zope.', { min: 1 }), 2),
  wake: list(text('Paths that are requested from a Zope that has started; /SITE_ID/ unless given.', { pattern: /^\/\S*$/, like: 'a path such as /portal/' })),
  wake_text: text('A text that the answer to each of them must hold, besides status 200.'),
  cycle: mapping('How its Zopes are restarted one by one.', {
    minimum: integer('How many others must be live while one is out; all of them unless given.', { min: 1 }),
    drain_timeout: defaulting(integer('Seconds that requests under way may take; past them the Zope goes back into the balancer.', { min: 1 }), 120),
    listen_timeout: defaulting(integer('Seconds from the start of a Zope until it listens.', { min: 1 }), 120),
    wake_timeout: defaulting(integer('Seconds until a wake url is answered well.', { min: 1 }), 60),
  }),

  ...operations,

  session: mapping('What ties a visitor to one Zope.', {
    cookie: defaulting(text('The cookie that tells visitors apart.', { pattern: /^[\w-]+$/, like: 'the name of a cookie' }), '_ZopeId'),
    ttl: defaulting(integer('Seconds after which an unused session is forgotten.', { min: 1 }), 3600),
    set: flag('Whether Varnish gives the cookie to visitors without one; yes for _ZopeId, no for a cookie that Plone sets.'),
  }),
  keepalive: mapping('After how many idle seconds each hop closes its connection to the hop behind it. From Apache to Zope they must rise from hop to hop, or a request meets a closing connection.', {
    visitors: defaulting(integer("Apache, a visitor's connection. It counts from when the kernel has taken an answer, which a slow visitor may still read ten seconds later.", { min: 1 }), 15),
    apache: defaulting(integer('Apache to Varnish.', { min: 1 }), 3),
    varnish: defaulting(integer('Varnish, from Apache. Behind it each request has a connection of its own.', { min: 1 }), 6),
    pound: defaulting(integer('Pound or haproxy.', { min: 1 }), 10),
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
