/** What texts of a site definition look like, and how an error says so. */
export const HOSTNAME = { pattern: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, like: 'a host name' }
export const SIZE = { pattern: /^\d+[KMG]B?$/i, like: 'a size such as 80M' }
export const PATH = { pattern: /^\/\S*$/, like: 'an absolute path without blanks' }

export const ADDRESS = { pattern: /^[\d.]+(\/[\d.]+)?$|^[\da-f:.]*:[\da-f:.]*(\/\d+)?$/i, like: 'an address such as 192.0.2.7 or 192.0.2.0/24' }
export const HEADER = { pattern: /^[\w-]+$/, like: 'the name of a header' }
export const PEM = { pattern: /^\/\S*$|^-----BEGIN [^]*-----END [^]*$/, like: 'an absolute path on the box, or the text that such a file holds (-----BEGIN ...)' }
export const URL = { pattern: /^https?:\/\/\S+$/, like: 'a url' }
export const TARGET = { pattern: /^(https?:\/)?\/[^\s"]*$/, like: 'a path or a url' }
export const LINE = { pattern: /^[^\r\n"]*$/, like: 'one line without "' }
export const VALUE = { pattern: /^[^\r\n]*$/, like: 'one line' }
export const LOCATION = { pattern: /^\/[^\s"]*$/, like: 'a path such as /news' }
export const LOGIN = { pattern: /^[^\s:]+$/, like: 'a login' }
export const LDAP = { pattern: /^ldaps?:\/\/[^\s"]+$/, like: 'a url such as ldap://ldap.example.org/dc=example?uid' }
export const EMAIL = { pattern: /^\S+@\S+$/, like: 'an email address' }
export const PATTERN = { pattern: /^[^\s"']+$/, like: 'a pattern without blanks and quotes' }
export const FORMAT = { pattern: /^[^\r\n']*$/, like: "one line without '" }
export const NAME = { pattern: /^[a-z][a-z0-9-]{0,30}$/, like: 'a name of small letters, digits and hyphens that starts with a letter' }
export const DOTTED = { pattern: /^\d+(\.\d+)*$/, like: 'a version such as 6.2 or 6.2.2' }
export const ZOPE_PATH = { pattern: /^(\/[A-Za-z][\w.-]*)+$/, like: 'a path such as /portal/portal_catalog' }
export const DIST = { pattern: /^[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/, like: 'the name of a package' }
export const DATE = { pattern: /^\d{8}[a-z]?$/, like: 'a date such as 20210518' }
export const GIT = { pattern: /^(https?|ssh|git|file):\/\/\S+$/, like: 'a url such as https://example.org/package.git@main' }
export const CHECKSUM = { pattern: /^(sha1|sha256|sha512):[0-9a-f]+$/, like: 'a digest such as sha256:...' }
