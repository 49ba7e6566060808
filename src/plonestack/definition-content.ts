/** What a site definition may say of the site's content: the Plone site itself, and what migrate brings about in it. */
import { ZOPE_PATH, NAME } from './patterns.ts'
import { anything, defaulting, integer, list, mapOf, mapping, required, secret, text } from './schema.ts'

export const content = {
  site_id: defaulting(text('The id of the Plone site in the Zope root.', { pattern: /^[A-Za-z][\w.-]*$/, like: 'an id' }), 'portal'),
  title: text("The title of the site; its domain unless given."),
  language: defaulting(text('The default language of the site.'), 'en'),
  distribution: defaulting(text('The kind of site that is made, from Plone 6.1 on.'), 'classic'),
  admin_user: defaulting(text('The login of the administrator.'), 'admin'),
  admin_password: required(secret("The administrator's password when the account is made; keep it in a vault.")),

  products_initial: list(text('Products that are installed once, when the site is made.')),
  profiles_initial: list(text('GenericSetup profiles that are run once, when the site is made.')),
  pre_extras: list(text('Python scripts on the controller that migrate runs before products and profiles, with the database as `app` and the site as `portal`; each again when it or the packages change.')),
  products: list(text('Products that the site has installed.')),
  profiles: list(text('GenericSetup profiles that are run again whenever this list or the packages change.')),
  properties: anything('Properties of the portal, or names of registry records, with their values.'),
  mutators: anything('Setters to call: `portal_cache_settings.setEnabled: true`.'),
  post_extras: list(text('Python scripts on the controller that migrate runs when all else is done, as those of pre_extras.')),

  mount_points: mapOf(
    NAME,
    mapping('An object.', {
      path: required(text('Its path in Zope: /portal/portal_catalog.', ZOPE_PATH)),
      zodb_cache: defaulting(integer('Objects in the ZODB cache of each thread.'), 10_000),
    }),
    'Objects that have a database of their own, by its name, such as a split catalog. Files and images cannot lie below them.',
  ),
} as const
