/** Options that uri and get_url share, and what they mean for a request. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import { str } from '../../values/print.ts'
import type { Value } from '../../values/value.ts'
import type { ActionContext } from '../contract/module.ts'
import { defaulting, dict, flag, integer, list, path, text, type Input } from '../contract/option.ts'
import type { HttpRequest } from './exchange.ts'
import { proxiesRead, proxyOf } from './proxy.ts'
import type { Route, TlsSettings } from './route.ts'

export const requestOptions = {
  url_username: text('The user for basic authentication.', { aliases: ['user', 'username'] }),
  url_password: text('The password for basic authentication.', { aliases: ['password'], secret: true }),
  force_basic_auth: defaulting(flag('Accepted: the login is always sent with the first request.'), false),
  headers: defaulting(dict('Headers.'), new Map<Value, Value>()),
  unredirected_headers: defaulting(list(text('A header.'), 'Headers that do not go along with a redirect.'), []),
  validate_certs: defaulting(flag('Refuses certificates that are not trusted.'), true),
  ca_path: path('A file on the host with certificates to trust, instead of those that it trusts anyway.'),
  client_cert: path("A file on the host with the client's own certificate."),
  client_key: path('A file on the host with its key, where that is not in client_cert.'),
  timeout: defaulting(integer('Seconds without an answer.'), 30),
  http_agent: defaulting(text('The User-Agent.'), 'ansible-httpget'),
  use_proxy: defaulting(flag('Goes through the proxy that http_proxy, https_proxy and no_proxy name in the environment of the host or the task.'), true),
  use_netrc: defaulting(flag('Accepted: no .netrc is read.'), true),
  decompress: defaulting(flag('Unpacks an answer that comes compressed.'), true),
  ciphers: list(text('A cipher.'), "Ciphers that TLS may use, in OpenSSL's words; the usual ones unless given."),
  use_gssapi: defaulting(flag('Only false: there is no Kerberos here.'), false),
}

type RequestInput = Input<typeof requestOptions>

/** What the options say about a request, whatever it is for. */
export async function requestFrom(input: RequestInput, context: ActionContext): Promise<Pick<HttpRequest, 'headers' | 'timeout' | 'tls' | 'unredirected' | 'decompress'>> {
  const { url_username: user, url_password: password } = input
  if (input.use_gssapi) throw new PlonerunError('use_gssapi is true, but there is no Kerberos here', { kind: 'task', hint: 'Give url_username and url_password, or a header.' })
  const login = user === undefined ? {} : { Authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` }
  const own = Object.fromEntries([...input.headers].map(([name, value]) => [str(name), str(value)]))
  return {
    headers: { 'User-Agent': input.http_agent, ...login, ...own },
    timeout: input.timeout,
    tls: await tlsOf(input, context),
    unredirected: input.unredirected_headers.map((name) => name.toLowerCase()),
    decompress: input.decompress,
  }
}

async function tlsOf({ validate_certs: validate, ca_path: ca, client_cert: cert, client_key: key, ciphers }: RequestInput, context: ActionContext): Promise<TlsSettings> {
  const named = Object.entries({ ca, cert, key }).flatMap(([name, file]) => (file === undefined ? [] : [[name, file] as const]))
  const settings = { validate, ...(ciphers !== undefined && { ciphers: ciphers.join(':') }) }
  if (named.length === 0) return settings
  const contents = await context.read(Object.fromEntries(named.map(([name, file]) => [name, contentRead(file)])))
  return Object.assign(settings, ...named.map(([name, file]) => ({ [name]: bytesOf(contents[name]!.bytes, file) }))) as TlsSettings
}

function bytesOf(bytes: Buffer | null, file: string): Buffer {
  if (bytes === null) throw new PlonerunError(`${file} cannot be read on the host`, { kind: 'task' })
  return bytes
}

/** Where systems keep the certificates that they trust. */
const BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/var/lib/ca-certificates/ca-bundle.pem', '/etc/ssl/cert.pem', '/usr/local/share/certs/ca-root-nss.crt']

/** The way from the host to web servers. */
export async function routeFrom({ use_proxy, unix_socket: socket }: RequestInput & { readonly unix_socket?: string | undefined }, context: ActionContext): Promise<Route> {
  const proxies = use_proxy && socket === undefined ? (await context.read({ proxies: proxiesRead })).proxies : undefined
  return {
    tunnel: (end) => context.tunnel(socket === undefined ? end : { socket }),
    proxy: proxies === undefined ? () => undefined : proxyOf(proxies),
    async hostCertificates() {
      const there = await context.read(Object.fromEntries(BUNDLES.map((file) => [file, pathRead(file, { follow: true })])))
      const file = BUNDLES.find((each) => there[each]!.exists)
      return file === undefined ? undefined : ((await context.read({ bundle: contentRead(file) })).bundle.bytes ?? undefined)
    },
  }
}
