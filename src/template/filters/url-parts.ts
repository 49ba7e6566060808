/** The parts of a URL, split as Python's urllib does: nothing is decoded or made canonical. */

export interface UrlParts {
  readonly scheme: string
  readonly netloc: string
  readonly path: string
  readonly query: string
  readonly fragment: string
  readonly username: string | null
  readonly password: string | null
  readonly hostname: string | null
  readonly port: number | null
}

export function splitUrl(url: string): UrlParts {
  const [, scheme = '', rest = ''] = /^(?:([a-zA-Z][a-zA-Z\d+.-]*):)?([\s\S]*)$/.exec(url.trimStart().replace(/[\t\r\n]/g, '')) ?? []
  const [, fragment = ''] = /#([\s\S]*)$/.exec(rest) ?? []
  const beforeFragment = rest.split('#', 1)[0]!
  const query = beforeFragment.includes('?') ? beforeFragment.slice(beforeFragment.indexOf('?') + 1) : ''
  const [, netloc = '', path = ''] = /^(?:\/\/([^/]*))?([\s\S]*)$/.exec(beforeFragment.split('?', 1)[0]!) ?? []
  const at = netloc.lastIndexOf('@')
  const user = at < 0 ? undefined : netloc.slice(0, at)
  const host = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(netloc.slice(at + 1))
  return {
    scheme: scheme.toLowerCase(),
    netloc,
    path,
    query,
    fragment,
    username: user === undefined ? null : user.split(':', 1)[0]!,
    password: user?.includes(':') ? user.slice(user.indexOf(':') + 1) : null,
    hostname: host?.[1] ? host[1].replace(/^\[|\]$/g, '').toLowerCase() : null,
    port: host?.[2] ? Number(host[2]) : null,
  }
}
