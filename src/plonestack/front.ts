/** What follows from a definition for Apache: host names, the certificate, who gets in where. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { Secret } from '../values/secret.ts'
import type { Definition, RedirectDefinition } from './definition.ts'

type Given = Definition['apache']
type Access = Given['auth']

/** Where https finds its certificate on the box. */
export interface Tls {
  readonly certificate: string
  readonly key: string
  /** Empty when the certificate's file holds it, too. */
  readonly chain: string
  /** Files whose text the definition holds. */
  readonly written: readonly { readonly path: string; readonly text: string | Secret; readonly mode: string }[]
  /** Made on the box: for good, or until an authority gives a better one. */
  readonly self_signed: boolean
}

/** A part of the site that not everybody gets to see. */
export interface Area extends Omit<Access, 'realm' | 'password_file'> {
  readonly path: string
  readonly realm: string
  /** The file of logins on the box; empty when there is none. */
  readonly password_file: string
  /** Whether one logs in, and not only comes from an address. */
  readonly login: boolean
}

/** A host name that visitors use, and what of Zope it shows. */
export interface VirtualHost {
  readonly domain: string
  /** Host names that are redirected to it. */
  readonly aliases: readonly string[]
  /** The path in Zope: `/portal`, or nothing for its root. */
  readonly root: string
}

export type Apache = Given & {
  readonly ssl: 'on' | 'off' | 'only'
  readonly tls: Tls
  readonly areas: readonly Area[]
  readonly hosts: readonly VirtualHost[]
}

export interface Front {
  readonly apache: Apache
  readonly url: string
}

/**
 * Throws a PlonerunError for keys that contradict each other.
 * @param path how to name the site in an error: `site 'demo'`
 */
export function deriveFront(site: (Definition | RedirectDefinition) & { readonly home: string; readonly title: string; readonly root: string }, path: string): Front {
  const { domain, home, title, root, apache } = site
  const { auth, protected: parts, auto_www, prelaunch, admin } = apache
  const aliases = [...new Set([...site.aliases, ...(auto_www ? [domain.startsWith('www.') ? domain.slice(4) : `www.${domain}`] : [])])].filter((alias) => alias !== domain)
  const areas = [...(isOpen(auth) ? [] : [{ path: '/', ...auth }]), ...parts].map((area, index) => areaOf(area, `${home}/etc/apache-${index}.htpasswd`, title, path))
  const ssl = apache.ssl === 'auto' ? (apache.certificate !== '' || apache.acme.email !== '' ? 'on' : 'off') : apache.ssl
  const hosts = [{ domain, aliases, root }, ...[prelaunch].filter((name) => name !== undefined).map((name) => ({ domain: name, aliases: [], root })), ...(admin === undefined ? [] : [{ domain: admin, aliases: [], root: '' }])]
  return { apache: { ...apache, ssl, areas, hosts, tls: tlsOf(domain, home, apache, path) }, url: urlOf(domain, { ...apache, ssl }) }
}

function urlOf(domain: string, { ssl, http_port, https_port }: Pick<Apache, 'ssl' | 'http_port' | 'https_port'>): string {
  const [scheme, port, usual] = ssl === 'off' ? (['http', http_port, 80] as const) : (['https', https_port, 443] as const)
  return port === usual ? `${scheme}://${domain}/` : `${scheme}://${domain}:${port}/`
}

function isOpen({ users, password_file, ldap, allowed_ips }: Access): boolean {
  return users.size === 0 && password_file === undefined && ldap.url === '' && allowed_ips.length === 0
}

function areaOf(area: Access & { readonly path: string }, ownFile: string, title: string, path: string): Area {
  const { users, password_file, ldap } = area
  const what = `${path}: apache: ${area.path === '/' ? 'auth' : `protected ${area.path}`}`
  if (users.size > 0 && password_file !== undefined) throw new PlonerunError(`${what} has users and a password_file`, { hint: 'Apache reads logins from one file; leave one out' })
  if (ldap.url === '' && (ldap.bind_dn !== '' || ldap.bind_password !== '' || ldap.require.length > 0)) throw new PlonerunError(`${what}: ldap needs a url`)
  return {
    ...area,
    realm: area.realm ?? title.replaceAll('"', "'"),
    password_file: password_file ?? (users.size > 0 ? ownFile : ''),
    login: users.size > 0 || password_file !== undefined || ldap.url !== '',
  }
}

function tlsOf(domain: string, home: string, { certificate, key, chain, acme }: Given, path: string): Tls {
  if ((certificate === '') !== (key === '')) throw new PlonerunError(`${path}: apache has a ${key === '' ? 'certificate and no key' : 'key and no certificate'}`)
  if (certificate !== '' && acme.email !== '') throw new PlonerunError(`${path}: apache has a certificate and acme`, { hint: 'one of them is enough' })
  const folder = `${home}/etc/tls`
  if (certificate === '') return { certificate: `${folder}/${domain}.pem`, key: `${folder}/${domain}.key`, chain: '', written: [], self_signed: true }
  const files = ([['certificate.pem', certificate, '0644'], ['key.pem', key, '0600'], ['chain.pem', chain, '0644']] as const).map(([name, given, mode]) => {
    const text = given instanceof Secret ? given.reveal() : given
    return text === '' || text.startsWith('/') ? { at: text } : { at: `${folder}/${name}`, written: { path: `${folder}/${name}`, text: given, mode } }
  })
  const [certificateAt, keyAt, chainAt] = files.map(({ at }) => at)
  return { certificate: certificateAt!, key: keyAt!, chain: chainAt!, written: files.flatMap(({ written }) => (written === undefined ? [] : [written])), self_signed: false }
}
