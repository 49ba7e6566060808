/** ansible.builtin.uri: talks to a web service, as seen from the host. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { pathRead } from '../../probe/path.ts'
import { toPlain } from '../../values/convert.ts'
import { isDict } from '../../values/dict.ts'
import { str } from '../../values/print.ts'
import type { Dict, Plain, Value } from '../../values/value.ts'
import { attributeOptions, unsafeWrites } from '../files/attributes.ts'
import { sha1, writeFile } from '../files/write-file.ts'
import type { PathState } from '../../probe/path-state.ts'
import { action, type ActionContext } from '../contract/module.ts'
import { defaulting, dict, flag, integer, list, oneOf, path, raw, required, text } from '../contract/option.ts'
import { send, type HttpAnswer, type HttpRequest } from './http.ts'
import { basicAuthorization, requestOptions } from './request-options.ts'

export const uri = action({
  name: 'ansible.builtin.uri',
  summary: 'Sends an HTTP request from the host; the host needs no program for it.',
  options: {
    url: required(text('The address.')),
    method: defaulting(text('The method.'), 'GET'),
    ...requestOptions,
    body: raw('What to send.'),
    body_format: defaulting(oneOf(['form-urlencoded', 'json', 'raw', 'form-multipart'], 'How a body that is a mapping or list is written.'), 'raw'),
    src: path('A file on the controller to send.'),
    remote_src: defaulting(flag('src is on the host.'), false),
    status_code: defaulting(list(integer('A status.'), 'Statuses that are fine.'), [200]),
    return_content: defaulting(flag('The text of the answer is in the result.'), false),
    follow_redirects: defaulting(oneOf(['all', 'no', 'none', 'safe', 'urllib2', 'yes'], 'Which redirects are followed.'), 'safe'),
    dest: path('A file or folder on the host for the answer.'),
    creates: path('Nothing is sent when this is there.'),
    removes: path('Nothing is sent when this is not there.'),
    headers: defaulting(dict('Headers.'), new Map<Value, Value>()),
    unsafe_writes: unsafeWrites,
    ...attributeOptions,
  },
  async run(input, context) {
    const guard = await guardedBy(input, context)
    if (guard !== undefined) return { result: { stdout: `skipped, ${guard}` }, changed: false }
    const method = input.method.toUpperCase()
    if (context.check && !['GET', 'HEAD', 'OPTIONS'].includes(method)) return { result: {}, unknown: `${method} ${input.url}` }
    const { body, type } = bodyOf(input, context)
    const began = performance.now()
    const answer = await sent(
      {
        url: input.url,
        method,
        headers: { 'User-Agent': input.http_agent, ...(type !== undefined && { 'Content-Type': type }), ...basicAuthorization(input), ...textsOf(input.headers) },
        ...(body && { body }),
        timeout: input.timeout,
        validateCerts: input.validate_certs,
        ...(input.ca_path !== undefined && { caFile: input.ca_path }),
        redirects: { all: 'all', yes: 'all', urllib2: 'safe', safe: 'safe', no: 'none', none: 'none' }[input.follow_redirects] as 'all' | 'none' | 'safe',
      },
      context,
    )
    const elapsed = Math.round((performance.now() - began) / 1000)
    if (answer instanceof PlonerunError) return { failed: true, msg: `Status code was -1 and not [${input.status_code.join(', ')}]: ${answer.message}`, result: { status: -1, url: input.url, redirected: false, elapsed, ...(answer.why !== undefined && { reason: answer.why }) } }
    const written = input.dest === undefined ? undefined : await keep(input.dest, answer, input, context)
    const fine = input.status_code.includes(answer.status)
    return {
      failed: !fine,
      changed: written !== undefined,
      msg: fine ? `OK (${answer.headers['content-length'] ?? 'unknown'} bytes)` : `Status code was ${answer.status} and not [${input.status_code.join(', ')}]: ${answer.reason}`,
      result: { ...resultOf(answer, input.return_content || !fine), elapsed, ...(written !== undefined && { path: written }) },
    }
  },
})

/** The answer, or why there is none: playbooks try again until the status is right. */
async function sent(request: HttpRequest, context: ActionContext): Promise<HttpAnswer | PlonerunError> {
  try {
    return await send(request, (host, port) => context.tunnel(host, port))
  } catch (error) {
    if (error instanceof PlonerunError && error.kind === 'task') return error
    throw error
  }
}

async function guardedBy({ creates, removes }: { readonly creates: string | undefined; readonly removes: string | undefined }, context: ActionContext): Promise<string | undefined> {
  if (creates !== undefined && (await context.read({ there: pathRead(creates) })).there.exists) return `since '${creates}' exists`
  if (removes !== undefined && !(await context.read({ there: pathRead(removes) })).there.exists) return `since '${removes}' does not exist`
  return undefined
}

interface BodyInput {
  readonly body: Value | undefined
  readonly body_format: string
  readonly src: string | undefined
  readonly remote_src: boolean
}

function bodyOf({ body, body_format: format, src, remote_src }: BodyInput, context: ActionContext): { readonly body?: Uint8Array; readonly type?: string } {
  if (src !== undefined) {
    if (remote_src) throw new PlonerunError('uri: remote_src is not supported', { where: context.position, hint: 'slurp the file first and send it as body.' })
    return { body: context.readFile(context.findFile('files', src)), type: 'application/octet-stream' }
  }
  if (body === undefined) return {}
  switch (format) {
    case 'json':
      return { body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(toPlain(body))), type: 'application/json' }
    case 'form-urlencoded':
      return { body: Buffer.from(isDict(body) ? new URLSearchParams(pairsOf(body)).toString() : str(body)), type: 'application/x-www-form-urlencoded' }
    case 'form-multipart':
      throw new PlonerunError("uri: the body format 'form-multipart' is not supported", { where: context.position })
    default:
      return { body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(toPlain(body))) }
  }
}

function pairsOf(body: Dict): [string, string][] {
  return [...body].flatMap(([key, value]) => (Array.isArray(value) ? value.map((item): [string, string] => [str(key), str(item)]) : [[str(key), str(value)] as [string, string]]))
}

function textsOf(headers: Dict): Record<string, string> {
  return Object.fromEntries([...headers].map(([name, value]) => [str(name), str(value)]))
}

function resultOf({ status, headers, body, url, redirected }: HttpAnswer, withContent: boolean): Record<string, Plain> {
  const text = body.toString('utf8')
  return {
    status,
    url,
    redirected,
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replaceAll('-', '_'), value])),
    ...(withContent && { content: text }),
    ...(/^application\/([\w.-]+\+)?json\b/.test(headers['content-type'] ?? '') && jsonOf(text)),
  }
}

function jsonOf(text: string): { readonly json?: Plain } {
  try {
    return { json: JSON.parse(text) as Plain }
  } catch {
    return {}
  }
}

/** Writes the answer to the host where it is not there already; gives the path when it was written. */
async function keep(dest: string, { body, url, headers }: HttpAnswer, wanted: Parameters<typeof writeFile>[1]['wanted'] & { readonly unsafe_writes: boolean }, context: ActionContext): Promise<string | undefined> {
  const folder = (await context.read({ at: pathRead(dest, { follow: true, checksum: 'sha1' }) })).at
  const named = /filename="?([^";/]+)"?/.exec(headers['content-disposition'] ?? '')?.[1] ?? (new URL(url).pathname.split('/').at(-1) || 'index.html')
  const current: PathState = folder.exists && folder.type === 'directory' ? (await context.read({ in: pathRead(`${dest.replace(/\/$/, '')}/${named}`, { follow: true, checksum: 'sha1' }) })).in : folder
  const change = writeFile(current, { content: body, checksum: sha1(body), wanted, unsafeWrites: wanted.unsafe_writes })
  if (change === undefined) return undefined
  const failed = (await context.apply([change])).find(({ code }) => code !== 0)
  if (failed !== undefined) throw new PlonerunError(`${current.path} could not be written`, { kind: 'task', why: failed.stderr.toString('utf8').trim() })
  return current.path
}
