/** What a site definition may say of its front (Apache) and its cache (Varnish). */
import { ADDRESS, EMAIL, FORMAT, HEADER, HOSTNAME, LDAP, LINE, LOCATION, LOGIN, PATH, PATTERN, PEM, SIZE, TARGET, URL, VALUE } from './patterns.ts'
import { defaulting, flag, integer, list, mapOf, mapping, oneOf, required, seconds, secret, text } from './schema.ts'

/** Who gets in: one of these is enough. */
const access = {
  realm: text("What the browser says one logs in to; the site's title unless given.", LINE),
  users: mapOf(LOGIN, secret('A password, or what htpasswd made of one.'), 'Logins and their passwords, or what htpasswd made of them.'),
  password_file: text('A file of logins on the box, as htpasswd makes it, in place of users.', PATH),
  ldap: mapping('Logins of a directory.', {
    url: defaulting(text('Where it is and who is looked for: ldap://ldap.example.org/ou=people,dc=example,dc=org?uid', LDAP), ''),
    bind_dn: defaulting(text('Whom Apache logs in to the directory as.', LINE), ''),
    bind_password: defaulting(secret('Its password.'), ''),
    require: list(text('Who of the directory gets in: `group cn=editors,dc=example,dc=org`, `user jane`, `attribute title=Editor`; everybody unless given.', LINE)),
  }),
  allowed_ips: defaulting(list(text('Addresses that get in without a login.', ADDRESS)), []),
}

export const apache = mapping('The front.', {
  ssl: defaulting(oneOf(['auto', 'on', 'off', 'only'], 'on: https and http; only: http is redirected to https; off: http; auto: on with a certificate of its own, else off.'), 'only'),
  http_port: defaulting(integer('The port of http.', { min: 1, max: 65_535 }), 80),
  https_port: defaulting(integer('The port of https.', { min: 1, max: 65_535 }), 443),
  certificate: defaulting(text('The certificate: its file on the box, or the text of one on the controller, as lookup("file") gives it. One that signs itself is made unless given.', PEM), ''),
  key: defaulting(secret('The key of the certificate: its file on the box, or its text, from a vault.', PEM), ''),
  chain: defaulting(text("The certificates between the site's and the authority's, where they are not in the same file: a file on the box, or the text of one.", PEM), ''),
  acme: mapping("A certificate from an authority such as Let's Encrypt, which certbot fetches and renews.", {
    email: defaulting(text('Whom the authority writes to; asking for a certificate agrees to its terms.', EMAIL), ''),
    server: defaulting(text("The authority's directory.", URL), 'https://acme-v02.api.letsencrypt.org/directory'),
  }),

  auto_www: defaulting(flag('Whether the domain without its www (or with one) is redirected to the domain.'), false),
  strict_domains: defaulting(flag('Whether requests for any other host name are refused (421), where no other site of the box answers them.'), false),
  prelaunch: text('A host name that shows the site under itself, as before its launch.', HOSTNAME),
  admin: text('A host name that shows the root of Zope, above the site; protect it with auth.', HOSTNAME),
  redirects: mapOf(LOCATION, text('A path or a url.', TARGET), 'Paths, with all below them, and where they are redirected to.'),
  rewrites: mapOf(PATTERN, text('A path or a url.', TARGET), 'Patterns of paths and which path of the site is served for them ($1 is the first group), or the url they are redirected to.'),
  request_headers: mapOf(HEADER, text('A value; empty takes the header away.', VALUE), 'Headers that are set on requests; an empty one is taken away.'),
  headers: mapOf(HEADER, text('A value; empty takes the header away.', VALUE), 'Headers that are set on answers; an empty one is taken away.'),

  auth: mapping('Who gets to see the site. The login stays with Apache: Zope does not see it.', access),
  protected: defaulting(list(mapping('Paths with a login of their own.', { path: required(text('The path; all below it is meant, too. Zope may show the same under other urls.', LOCATION)), ...access })), []),
  privacy: defaulting(flag("Whether visitors' addresses are kept out of every log."), false),

  maintenance: defaulting(flag('Whether visitors get the maintenance page (503).'), false),
  maintenance_ips: defaulting(list(text('Addresses that see the site meanwhile.', ADDRESS)), []),
  config: defaulting(text('Directives that are added to the virtual host.'), ''),
})

export const varnish = mapping('The cache.', {
  storage: defaulting(text('The size of the cache.', SIZE), '80M'),
  connect_timeout: defaulting(seconds('Seconds to connect to the balancer.'), 0.4),
  first_byte_timeout: defaulting(seconds('Seconds to the first byte of an answer.'), 300),
  between_bytes_timeout: defaulting(seconds('Seconds between bytes of an answer.'), 60),
  grace: defaulting(integer('Seconds that an outdated page may be served while a new one is fetched or no Zope answers.'), 3600),
  cache_html: defaulting(flag('Whether pages may be kept when Plone says so; no: only what is not HTML.'), true),
  passthrough: defaulting(list(text('Paths, with all below them, that are never kept.', LOCATION)), []),
  purgers: defaulting(list(text('Addresses that may PURGE and BAN, besides the box itself.', ADDRESS)), []),
  verbose_headers: defaulting(flag('Whether answers tell how the cache came by them: X-Cache, X-Cache-Hits, X-Varnish, Via.'), false),
  log: mapping('Requests that Varnish got, in NAME.varnish.log.', {
    enabled: defaulting(flag('Whether they are logged.'), true),
    format: defaulting(text("How, as varnishncsa takes it; its combined format with the visitor's address unless given.", FORMAT), ''),
    include: defaulting(list(text('Patterns of urls: only what matches one is logged.', PATTERN)), []),
    exclude: defaulting(list(text('Patterns of urls that are not logged.', PATTERN)), []),
  }),
  vcl: defaulting(text('VCL that is added at the top: imports, backends, acls, subroutines.'), ''),
  recv: defaulting(text("VCL that is added to the site's vcl_recv."), ''),
  backend_response: defaulting(text("VCL that is added to the site's vcl_backend_response."), ''),
  deliver: defaulting(text("VCL that is added to the site's vcl_deliver."), ''),
})
