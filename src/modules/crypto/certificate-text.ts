/** Times and extensions of certificates as texts, and the script that signs one with openssl ca; pure. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { quote } from '../../shell/quote.ts'

/** A time of a certificate. */
export interface Moment {
  /** Counted from now, so that another run finds another time. */
  readonly relative: boolean
  /** Milliseconds since 1970; for a relative one from now. */
  readonly time: number
}

const SECONDS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 }

/**
 * `+3650d`, `-1h30m`, or `20260101000000Z`.
 * @throws PlonerunError for anything else
 */
export function momentOf(text: string): Moment {
  const relative = /^([+-])((?:\d+[wdhms])+)$/.exec(text)
  if (relative) {
    const seconds = [...relative[2]!.matchAll(/(\d+)([wdhms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit!]!, 0)
    return { relative: true, time: (relative[1] === '-' ? -1000 : 1000) * seconds }
  }
  const absolute = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/
  const time = absolute.test(text) ? Date.parse(text.replace(absolute, (_, year: string, month: string, day: string, hour: string, minute: string, second = '00') => `${year}-${month}-${day}T${hour}:${minute}:${second}Z`)) : Number.NaN
  if (Number.isNaN(time)) throw new PlonerunError(`'${text}' is no time of a certificate`, { kind: 'task', hint: 'Such as +3650d, -1h or 20260101000000Z.' })
  return { relative: false, time }
}

/** The extensions that `openssl x509 -text` or `openssl req -text` prints, by their names; what they say is in any order. */
export function extensionsOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => /^\s*(X509v3 extensions|Requested Extensions):\s*$/.test(line))
  const found = new Map<string, string[]>()
  if (start === -1) return new Map()
  const depth = (line: string): number => line.length - line.trimStart().length
  const above = depth(lines[start]!)
  let name = ''
  for (const line of lines.slice(start + 1)) {
    if (line.trim() === '') continue
    if (depth(line) <= above) break
    if (depth(line) === above + 4) {
      const [, title = '', critical = ''] = /^\s*(.*?):\s*(critical)?\s*$/.exec(line) ?? []
      name = title
      found.set(name, [critical])
    } else found.get(name)?.push(...line.trim().split(/, |\s{2,}/))
  }
  return new Map([...found].map(([title, parts]) => [title, parts.filter((part) => part !== '').sort().join(', ')]))
}

export interface Signing {
  readonly digest: string
  readonly from: Moment
  readonly until: Moment
  /** Commands that print the request (none: one with the key alone), the key and the authority's certificate (none: it signs itself). */
  readonly request: string | undefined
  readonly key: string
  readonly passIn: string
  readonly ca: string | undefined
  readonly identifier: boolean
  readonly authorityIdentifier: boolean
}

/**
 * A script that prints a certificate. `openssl ca` is the command that takes times and the extensions of a request in
 * every version; its database is a folder that goes away.
 */
export function signing({ digest, from, until, request, key, passIn, ca, identifier, authorityIdentifier }: Signing): string {
  const config = [
    '[ca]\ndefault_ca = main\n[main]\ndatabase = index\nnew_certs_dir = .\nrand_serial = yes\npolicy = policy\nunique_subject = no\ncopy_extensions = copy\nx509_extensions = extensions\n[policy]\n[extensions]\n',
    identifier ? 'subjectKeyIdentifier = hash\n' : '',
    authorityIdentifier ? 'authorityKeyIdentifier = keyid,issuer\n' : '',
  ].join('')
  const empty = '[req]\nprompt = no\ndistinguished_name = subject\n[subject]\n'
  return [
    // What is made from files of the host is read before the folder changes.
    'folder=$(mktemp -d) || exit',
    `trap 'rm -rf -- "$folder"' EXIT`,
    `trap 'exit 129' HUP INT TERM`,
    `{ ${key}; } >"$folder/key" || exit`,
    ...(ca === undefined ? [] : [`{ ${ca}; } >"$folder/ca" || exit`]),
    ...(request === undefined
      ? [`printf %s ${quote(empty)} >"$folder/empty"; openssl req -new -config "$folder/empty" -key "$folder/key" ${passIn} -subj / >"$folder/request" || exit`]
      : [`{ ${request}; } >"$folder/request" || exit`]),
    'cd "$folder" || exit',
    `printf %s ${quote(config)} >config; : >index`,
    `${clock('from', from)}; ${clock('until', until)}`,
    `openssl ca -batch -preserveDN -config config ${ca === undefined ? '-selfsign' : '-cert ca'} -keyfile key ${passIn} -in request -out certificate -md ${digest} -startdate "$from" -enddate "$until" -notext 2>messages || { cat messages >&2; exit 1; }`,
    'cat certificate',
  ].join('\n')
}

/** Sets a variable to a time; the host's clock says what now is. */
function clock(name: string, { relative, time }: Moment): string {
  const seconds = Math.trunc(time / 1000)
  return `${name}=$(date -u -d @${relative ? `$(($(date +%s) + ${seconds}))` : seconds} +%Y%m%d%H%M%SZ)`
}
