/** ansible.builtin.get_url: downloads a file to the host, over the host's own network. */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead } from '../../probe/content.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Plain } from '../../values/value.ts'
import { attributeOptions, unsafeWrites } from '../files/attributes.ts'
import { backupName } from '../files/edit.ts'
import { pathResult } from '../files/path-result.ts'
import { attributesOnly, sha1, writeFile } from '../files/write-file.ts'
import { action, type ActionContext, type ActionResult } from '../contract/module.ts'
import type { Change } from '../contract/change.ts'
import { defaulting, flag, path, required, text, type Input } from '../contract/option.ts'
import { expectedDigest, type Algorithm } from './digest.ts'
import type { HttpAnswer } from './exchange.ts'
import { attachmentName, send } from './http.ts'
import { requestFrom, requestOptions, routeFrom } from './request-options.ts'

const options = {
  url: required(text('The address; file:///... is a file of the host itself.')),
  dest: required(path('The file, or the folder that gets it by its name.')),
  ...requestOptions,
  force: defaulting(flag('Asks for the whole file, also when the server has none that is newer than the one that is there.'), false),
  checksum: text('ALGORITHM:DIGEST, or ALGORITHM:URL of a file that lists digests.'),
  backup: defaulting(flag('Keeps a copy of what is replaced.'), false),
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
    const began = performance.now()
    const { result, ...outcome } = await explained(input, () => download(input, context))
    return { ...outcome, result: { ...result, elapsed: Math.floor((performance.now() - began) / 1000) } }
  },
})

/** What came of the work; what it fails at is its result, so that playbooks can look at it. */
async function explained({ url, dest }: Wanted, work: () => Promise<ActionResult>): Promise<ActionResult> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof PlonerunError) || error.kind !== 'task') throw error
    return { failed: true, changed: false, msg: `Request failed: ${error.message}`, result: { url, dest, ...(error.why !== undefined && { reason: error.why }) } }
  }
}

async function download(input: Wanted, context: ActionContext): Promise<ActionResult> {
  const digest = input.checksum === undefined ? undefined : await expectedDigest(input.checksum, input.url, (url) => request(url, input, context), context.position)
  const { current, folder } = await destination(input, digest?.algorithm, context)
  const there = current.exists && current.type === 'file'
  if (there && digest !== undefined && !input.force && current.checksum === digest.value) return finish(input, current, attributesOnly(current, input), 'file already exists', context, { checksum_src: null, checksum_dest: null })
  // What is not there yet is not asked for ahead of time.
  if (context.check && !current.exists) return finish(input, current, writeFile(current, { content: { from: input.url }, checksum: '', wanted: input }), 'would be downloaded', context)
  // What goes into a folder is downloaded each time, as documented.
  const newer = there && folder === undefined && !input.force && digest === undefined ? { 'If-Modified-Since': new Date(current.mtime * 1000).toUTCString() } : {}
  const answer = await request(input.url, input, context, newer)
  if (answer.status === 304 && current.exists) return finish(input, current, attributesOnly(current, input), `HTTP Error 304: ${answer.reason}`, context, { status_code: 304 })
  if (answer.status !== 200) return { failed: true, msg: `Request failed: HTTP ${answer.status}: ${answer.reason}`, result: { url: answer.url, dest: current.path, status_code: answer.status, response: `HTTP Error ${answer.status}: ${answer.reason}` } }
  const got = digest === undefined ? undefined : createHash(digest.algorithm).update(answer.body).digest('hex')
  if (digest !== undefined && got !== digest.value)
    return { failed: true, msg: `the ${digest.algorithm} of ${input.url} is ${got ?? ''}, not ${digest.value}; nothing was written`, result: { url: input.url, dest: current.path } }
  // The destination was read with the digest's algorithm; writing compares by SHA-1.
  const name = folder === undefined ? undefined : attachmentName(answer)
  const before = (await context.read({ now: pathRead(name === undefined ? current.path : `${folder}/${name}`, { follow: true, checksum: 'sha1' }) })).now
  const change = writeFile(before, { content: answer.body, checksum: sha1(answer.body), wanted: input, backup: input.backup, unsafeWrites: input.unsafe_writes })
  return finish(input, before, change, `OK (${answer.body.length} bytes)`, context, { status_code: input.url.startsWith('file:') ? null : answer.status, checksum_dest: before.exists ? before.checksum : null, checksum_src: sha1(answer.body), md5sum: createHash('md5').update(answer.body).digest('hex'), size: answer.body.length })
}

async function finish(input: Wanted, current: PathState, change: Change | undefined, msg: string, context: ActionContext, more: Readonly<Record<string, Plain>> = {}): Promise<ActionResult> {
  const replies = change === undefined ? [] : await context.apply([change])
  const failed = replies.find(({ code }) => code !== 0)
  if (failed !== undefined) throw new PlonerunError(`${current.path} could not be written`, { kind: 'task', why: failed.stderr.toString('utf8').trim() })
  const backup = backupName(input, replies)
  const after = change === undefined ? current : (await context.read({ after: pathRead(current.path, { follow: true }) })).after
  return { changed: change !== undefined, msg, result: { url: input.url, dest: current.path, ...pathResult(after), ...more, ...(backup !== '' && { backup_file: backup }) } }
}

/** @returns `folder` where the file goes into one: then the server may name it */
async function destination({ dest, url }: Wanted, algorithm: Algorithm | undefined, context: ActionContext): Promise<{ readonly current: PathState; readonly folder?: string }> {
  const asked = { follow: true, checksum: algorithm ?? 'sha1' } as const
  const at = (await context.read({ at: pathRead(dest, asked) })).at
  const isFolder = dest.endsWith('/') || (at.exists && at.type === 'directory')
  if (!isFolder) return { current: at }
  const name = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '') || 'index.html'
  const folder = dest.replace(/\/+$/, '')
  return { current: (await context.read({ inside: pathRead(`${folder}/${name}`, asked) })).inside, folder }
}

async function request(url: string, input: Wanted, context: ActionContext, more: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
  if (url.startsWith('file:')) return ofFile(url, context)
  const { headers, ...common } = await requestFrom(input, context)
  return send({ ...common, url, method: 'GET', headers: { ...more, ...headers }, redirects: 'urllib2' }, await routeFrom(input, context))
}

/** A file of the host itself, as if a server had sent it. */
async function ofFile(url: string, context: ActionContext): Promise<HttpAnswer> {
  const { content } = await context.read({ content: contentRead(fileURLToPath(url)) })
  if (content.bytes === null) throw new PlonerunError(`there is nothing to read at ${url}`, { kind: 'task', why: content.why })
  return { status: 200, reason: 'OK', headers: {}, cookies: {}, body: content.bytes, url, redirected: false }
}
