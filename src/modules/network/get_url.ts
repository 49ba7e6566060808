/** ansible.builtin.get_url: downloads a file to the host, over the host's own network. */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import { str } from '../../values/print.ts'
import type { Plain, Value } from '../../values/value.ts'
import { attributeOptions, unsafeWrites } from '../files/attributes.ts'
import { pathResult } from '../files/path-result.ts'
import { attributesOnly, sha1, writeFile } from '../files/write-file.ts'
import { action, type ActionContext, type ActionResult } from '../contract/module.ts'
import type { Change } from '../contract/change.ts'
import { defaulting, dict, flag, path, required, text, type Input } from '../contract/option.ts'
import { send, type HttpAnswer } from './http.ts'
import { basicAuthorization, requestOptions } from './request-options.ts'

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const
type Algorithm = (typeof ALGORITHMS)[number]

const options = {
  url: required(text('The address; file:///... is a file of the host itself.')),
  dest: required(path('The file, or the folder that gets it by its name.')),
  ...requestOptions,
  force: defaulting(flag('Downloads also when the file is there.'), false),
  checksum: text('ALGORITHM:DIGEST, or ALGORITHM:URL of a file that lists digests.'),
  backup: defaulting(flag('Keeps a copy of what is replaced.'), false),
  headers: defaulting(dict('Headers.'), new Map<Value, Value>()),
  tmp_dest: path('Accepted; the file is made beside its destination.'),
  unsafe_writes: unsafeWrites,
  ...attributeOptions,
}

type Wanted = Input<typeof options>

export const getUrl = action({
  name: 'ansible.builtin.get_url',
  summary: 'Downloads a file to the host; the host needs no program for it.',
  options,
  async run(input, context) {
    const digest = input.checksum === undefined ? undefined : await expectedDigest(input.checksum, input, context)
    const current = await destination(input, digest?.algorithm, context)
    const there = current.exists && current.type === 'file'
    const isRight = there && (digest === undefined ? !input.force : current.checksum === digest.value)
    if (isRight) return finish(input, current, attributesOnly(current, input), 'file already exists', context)
    if (context.check) return { changed: true, result: { url: input.url, dest: current.path }, msg: 'would be downloaded' }
    const answer = await request(input.url, input, context)
    if (answer.status !== 200) return { failed: true, msg: `Request failed: HTTP ${answer.status}: ${answer.reason}`, result: { url: input.url, dest: current.path, status_code: answer.status, response: `HTTP ${answer.status}: ${answer.reason}` } }
    const got = digest === undefined ? undefined : createHash(digest.algorithm).update(answer.body).digest('hex')
    if (digest !== undefined && got !== digest.value)
      return { failed: true, msg: `the ${digest.algorithm} of ${input.url} is ${got ?? ''}, not ${digest.value}; nothing was written`, result: { url: input.url, dest: current.path } }
    // The destination was read with the digest's algorithm; writing compares by SHA-1.
    const before = (await context.read({ now: pathRead(current.path, { follow: true, checksum: 'sha1' }) })).now
    const change = writeFile(before, { content: answer.body, checksum: sha1(answer.body), wanted: input, backup: input.backup, unsafeWrites: input.unsafe_writes })
    return finish(input, before, change, `OK (${answer.body.length} bytes)`, context, { status_code: answer.status, checksum_dest: before.exists ? before.checksum : null, checksum_src: sha1(answer.body), size: answer.body.length })
  },
})

async function finish(input: Wanted, current: PathState, change: Change | undefined, msg: string, context: ActionContext, more: Readonly<Record<string, Plain>> = {}): Promise<ActionResult> {
  const failed = change === undefined ? undefined : (await context.apply([change])).find(({ code }) => code !== 0)
  if (failed !== undefined) throw new PlonerunError(`${current.path} could not be written`, { kind: 'task', why: failed.stderr.toString('utf8').trim() })
  const after = change === undefined || context.check ? current : (await context.read({ after: pathRead(current.path, { follow: true }) })).after
  return { changed: change !== undefined, msg, result: { url: input.url, dest: current.path, ...pathResult(after), ...more } }
}

async function destination({ dest, url }: Wanted, algorithm: Algorithm | undefined, context: ActionContext): Promise<PathState> {
  const asked = { follow: true, checksum: algorithm ?? 'sha1' } as const
  const at = (await context.read({ at: pathRead(dest, asked) })).at
  const isFolder = dest.endsWith('/') || (at.exists && at.type === 'directory')
  if (!isFolder) return at
  const name = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '') || 'index.html'
  return (await context.read({ inside: pathRead(`${dest.replace(/\/+$/, '')}/${name}`, asked) })).inside
}

async function request(url: string, input: Wanted, context: ActionContext): Promise<HttpAnswer> {
  if (url.startsWith('file:')) return ofFile(url, context)
  const headers = Object.fromEntries([...input.headers].map(([name, value]) => [str(name), str(value)]))
  return send(
    {
      url,
      method: 'GET',
      headers: { 'User-Agent': input.http_agent, ...basicAuthorization(input), ...headers },
      timeout: input.timeout,
      validateCerts: input.validate_certs,
      ...(input.ca_path !== undefined && { caFile: input.ca_path }),
      redirects: 'all',
    },
    (host, port) => context.tunnel(host, port),
  )
}

/** A file of the host itself, as if a server had sent it. */
async function ofFile(url: string, context: ActionContext): Promise<HttpAnswer> {
  const { content } = await context.read({ content: contentRead(fileURLToPath(url)) })
  if (content.bytes === null) throw new PlonerunError(`there is nothing to read at ${url}`, { kind: 'task', why: content.why })
  return { status: 200, reason: 'OK', headers: {}, body: content.bytes, url, redirected: false }
}

interface Digest {
  readonly algorithm: Algorithm
  readonly value: string
}

/** The digest itself, or the one that a list of digests (as sha256sum writes it) has for the file's name. */
async function expectedDigest(checksum: string, input: Wanted, context: ActionContext): Promise<Digest> {
  const colon = checksum.indexOf(':')
  const algorithm = ALGORITHMS.find((each) => each === checksum.slice(0, colon).toLowerCase())
  if (algorithm === undefined) throw new PlonerunError(`get_url: the checksum '${checksum}' names no algorithm`, { where: context.position, hint: `Write it as sha256:DIGEST; there are ${ALGORITHMS.join(', ')}.` })
  const value = checksum.slice(colon + 1).trim()
  if (!/^https?:/.test(value)) return { algorithm, value: value.toLowerCase() }
  const answer = await request(value, input, context)
  const name = new URL(input.url).pathname.split('/').at(-1) ?? ''
  const lines = answer.body.toString('utf8').split('\n').map((line) => line.trim().split(/\s+/))
  const found = lines.find(([, file]) => file?.replace(/^\*?(\.\/)?/, '') === name)?.[0] ?? (lines.filter(([first]) => first !== '').length === 1 ? lines[0]?.[0] : undefined)
  if (answer.status !== 200 || found === undefined) throw new PlonerunError(`there is no checksum for '${name}' in ${value}`, { kind: 'task' })
  return { algorithm, value: found.toLowerCase() }
}
