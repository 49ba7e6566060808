/** Filters of URLs. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { iterate } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'
import { anything, flag, list, optional, or, string, text, int } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'
import { escapeHtml } from './strings.ts'
import { splitUrl } from './url-parts.ts'

/** Percent-encodes as Python's urllib.parse.quote; `/` stays unless it is in a query. */
function percentEncode(value: Value, inQuery: boolean): string {
  const encoded = encodeURIComponent(str(value)).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
  return inQuery ? encoded.replaceAll('%20', '+') : encoded.replaceAll('%2F', '/')
}

function encode(value: Value): string {
  const pairs = value instanceof Map ? [...value] : typeof value === 'string' ? undefined : iterate(value)
  if (!pairs) return percentEncode(value, false)
  return [...pairs]
    .map((pair) => {
      if (!isList(pair) || pair.length !== 2) throw new PlonerunError('urlencode: a text, a dict or pairs are needed')
      return `${percentEncode(pair[0]!, true)}=${percentEncode(pair[1]!, true)}`
    })
    .join('&')
}

function decode(value: string): string {
  return value.replaceAll('+', ' ').replace(/(?:%[\da-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
}

export const urls: Plugins = {
  urlencode: plugin({ value: anything }, ({ value }) => encode(value)),
  urldecode: plugin({ value: string }, ({ value }) => decode(value)),
  urlsplit: plugin({ value: string, query: or(string, '') }, ({ value, query }) => {
    const { fragment, hostname, netloc, password, path, port, query: queryPart, scheme, username } = splitUrl(value)
    const parts = new Map<Value, Value>(Object.entries({ fragment, hostname, netloc, password, path, port, query: queryPart, scheme, username }))
    if (query === '') return parts
    const part = parts.get(query)
    if (part === undefined) throw new PlonerunError(`urlsplit: unknown URL component: ${query}`, { hint: `known are ${[...parts.keys()].map(str).join(', ')}` })
    return part
  }),
  urlize: plugin(
    { value: text, trim_url_limit: optional(int), nofollow: or(flag, false), target: optional(string), rel: optional(string), extra_schemes: optional(list) },
    ({ value, trim_url_limit, nofollow, target, rel }) => {
      const rels = [...new Set([...(rel?.split(/\s+/) ?? []), ...(nofollow ? ['nofollow'] : []), 'noopener'])].sort()
      return escapeHtml(value).replace(/(?<![\w@])(?:https?:\/\/|www\.)[^\s<>]*[^\s<>.,;:!?)'"]/g, (url) => {
        const shown = trim_url_limit !== undefined && url.length > trim_url_limit ? `${url.slice(0, trim_url_limit)}...` : url
        const href = url.startsWith('www.') ? `https://${url}` : url
        return `<a href="${href}" rel="${rels.join(' ')}"${target ? ` target="${escapeHtml(target)}"` : ''}>${shown}</a>`
      })
    },
  ),
}
