/** ansible.builtin.uri: talks to a web service, as seen from the host. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { pathRead } from '../../probe/path.ts'
import type { Plain } from '../../values/value.ts'
import { attributeOptions, unsafeWrites } from '../files/attributes.ts'
import { decodeExactly } from '../files/encoding.ts'
import { pathResult } from '../files/path-result.ts'
import { sha1, writeFile } from '../files/write-file.ts'
import type { PathState } from '../../probe/path-state.ts'
import { action, type ActionContext } from '../contract/module.ts'
import { defaulting, flag, integer, list, oneOf, path, pathIfAny, raw, required, text } from '../contract/option.ts'
import type { HttpAnswer, HttpRequest } from './exchange.ts'
import { attachmentName, send } from './http.ts'
import { requestFrom, requestOptions, routeFrom } from './request-options.ts'
import { bodyOf } from './uri-body.ts'

const REDIRECTS = { all: 'all', yes: 'all', none: 'none', no: 'none', safe: 'safe', urllib2: 'urllib2' } as const

export const uri = action({
  name: 'ansible.builtin.uri',
  summary: 'Sends an HTTP request from the host; the host needs no program for it.',
  options: {
    url: required(text('The address.')),
    method: defaulting(text('The method.'), 'GET'),
    ...requestOptions,
    body: raw('What to send.'),
    body_format: defaulting(oneOf(['form-urlencoded', 'json', 'raw', 'form-multipart'], 'How a body that is a mapping or list is written; form-multipart sends files of the controller by their filename.'), 'raw'),
    src: path('A file on the controller to send instead.'),
    remote_src: defaulting(flag('src is on the host.'), false),
    status_code: defaulting(list(integer('A status.'), 'Statuses that are fine.'), [200]),
    return_content: defaulting(flag('The text of the answer is in the result.'), false),
    follow_redirects: defaulting(oneOf(['all', 'no', 'none', 'safe', 'urllib2', 'yes'], 'Which redirects are followed.'), 'safe'),
    dest: path('A file or folder on the host for the answer.'),
    unix_socket: path('A socket on the host that the server listens on, instead of the port of the address.'),
    creates: pathIfAny('Nothing is sent when this is there.'),
    removes: pathIfAny('Nothing is sent when this is not there.'),
    force: defaulting(flag('Accepted: the server is always asked for the whole answer.'), false),
    unsafe_writes: unsafeWrites,
    ...attributeOptions,
  },
  async run(input, context) {
    const guard = await guardedBy(input, context)
    if (guard !== undefined) return { result: { stdout: `skipped, ${guard}` }, changed: false }
    const method = input.method.toUpperCase()
    if (context.check && !['GET', 'HEAD', 'OPTIONS'].includes(method)) return { result: {}, unknown: `${method} ${input.url}` }
    const { body, headers: ofBody } = await bodyOf(input, context)
    const { headers, ...common } = await requestFrom(input, context)
    const began = performance.now()
    const answer = await sent({ ...common, url: input.url, method, headers: { ...ofBody, ...headers }, ...(body && { body }), redirects: REDIRECTS[input.follow_redirects] }, input, context)
    const elapsed = Math.floor((performance.now() - began) / 1000)
    if (answer instanceof PlonerunError) return { failed: true, msg: `Status code was -1 and not [${input.status_code.join(', ')}]: ${answer.message}`, result: { status: -1, url: withoutLogin(input.url), redirected: false, elapsed, ...(input.return_content && { content: '' }), ...(answer.why !== undefined && { reason: answer.why }) } }
    const fine = input.status_code.includes(answer.status)
    const kept = input.dest === undefined || !fine || answer.status === 304 ? undefined : await keep(input.dest, answer, input, context)
    const heard = answer.status < 300 ? `OK (${answer.headers['content-length'] ?? 'unknown'} bytes)` : `HTTP Error ${answer.status}: ${answer.reason}`
    return {
      failed: !fine,
      changed: kept?.changed === true,
      msg: fine ? heard : `Status code was ${answer.status} and not [${input.status_code.join(', ')}]: ${heard}`,
      result: { ...resultOf(answer, input.return_content || !fine), elapsed, ...(kept !== undefined && { ...pathResult(kept.at), path: kept.at.path }) },
    }
  },
})

/** The answer, or why there is none: playbooks try again until the status is right. */
async function sent(request: HttpRequest, input: Parameters<typeof routeFrom>[0], context: ActionContext): Promise<HttpAnswer | PlonerunError> {
  try {
    return await send(request, await routeFrom(input, context))
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

function resultOf({ status, headers, cookies, body, url, redirected }: HttpAnswer, withContent: boolean): Record<string, Plain> {
  const text = textOf(body, headers['content-type'] ?? '')
  return {
    status,
    url,
    redirected,
    // Of an error's cookies Ansible's module does not know.
    ...(status < 300 && { cookies, cookies_string: Object.entries(cookies).map(([name, value]) => `${name}=${value}`).join('; ') }),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replaceAll('-', '_'), value])),
    ...(headers['location'] !== undefined && { location: new URL(headers['location'], url).href }),
    ...(withContent ? { content: text } : status >= 300 && { body: text }),
    ...(/^application\/([\w.-]+\+)?json\b/.test(headers['content-type'] ?? '') && jsonOf(text)),
  }
}

/** In the encoding that the server tells, as far as it is known. */
function textOf(body: Buffer, type: string): string {
  const decoded = decodeExactly(body, /charset="?([\w.:-]+)/i.exec(type)?.[1] ?? 'utf-8')
  return 'text' in decoded ? decoded.text : body.toString('utf8')
}

function withoutLogin(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, '$1')
}

function jsonOf(text: string): { readonly json?: Plain } {
  try {
    return { json: JSON.parse(text) as Plain }
  } catch {
    return {}
  }
}

/** Writes the answer to the host where it is not there already. */
async function keep(dest: string, answer: HttpAnswer, wanted: Parameters<typeof writeFile>[1]['wanted'] & { readonly unsafe_writes: boolean }, context: ActionContext): Promise<{ readonly at: PathState; readonly changed: boolean }> {
  const folder = (await context.read({ at: pathRead(dest, { follow: true, checksum: 'sha1' }) })).at
  const { body, url } = answer
  const named = attachmentName(answer) ?? (new URL(url).pathname.split('/').at(-1) || 'index.html')
  const current: PathState = folder.exists && folder.type === 'directory' ? (await context.read({ in: pathRead(`${dest.replace(/\/$/, '')}/${named}`, { follow: true, checksum: 'sha1' }) })).in : folder
  const change = writeFile(current, { content: body, checksum: sha1(body), wanted, unsafeWrites: wanted.unsafe_writes })
  if (change === undefined) return { at: current, changed: false }
  const failed = (await context.apply([change])).find(({ code }) => code !== 0)
  if (failed !== undefined) throw new PlonerunError(`${current.path} could not be written`, { kind: 'task', why: failed.stderr.toString('utf8').trim() })
  return { at: (await context.read({ now: pathRead(current.path, { follow: true }) })).now, changed: true }
}
