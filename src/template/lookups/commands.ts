/** Lookups that run a command or fetch a URL on the controller. */
import { execFileSync, spawnSync } from 'node:child_process'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import type { Value } from '../../values/value.ts'
import { dict, flag, number, optional, or, string } from '../plugins/parameter.ts'
import type { Plugins } from '../plugins/plugin.ts'
import { lookupEach, lookup } from './lookup.ts'

/** Most that a command may print. */
const LARGEST_OUTPUT = 64 * 1024 * 1024

/** What a shell command prints, without the newlines at its end. Throws a PlonerunError when it fails. */
function run(command: string, cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync('/bin/sh', ['-c', command], { cwd, encoding: 'utf8', maxBuffer: LARGEST_OUTPUT })
  if (error) throw new PlonerunError(`pipe: '${command}' cannot be run`, { why: error.message })
  if (status !== 0) throw new PlonerunError(`pipe: '${command}' ended with ${status ?? 'a signal'}`, stderr ? { why: stderr.trim() } : {})
  return stdout.trimEnd()
}

/** Run in a node process of its own, because fetch does not wait. It answers with JSON: status and body. */
const FETCH = `
const { url, options } = JSON.parse(process.argv[1])
const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(options.timeout) })
console.log(JSON.stringify({ status: answer.status, body: await answer.text() }))
`

interface Request {
  readonly url: string
  readonly validateCerts: boolean
  /** Seconds. */
  readonly timeout: number
  readonly headers: Record<string, string>
}

function fetchText({ url, validateCerts, timeout, headers }: Request): string {
  const question = JSON.stringify({ url, options: { headers, timeout: timeout * 1000 } })
  let answer: { readonly status: number; readonly body: string }
  try {
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', FETCH, question], {
      encoding: 'utf8',
      maxBuffer: LARGEST_OUTPUT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...(validateCerts ? {} : { NODE_TLS_REJECT_UNAUTHORIZED: '0' }) },
    })
    answer = JSON.parse(output) as typeof answer
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
    throw new PlonerunError(`url: ${url} cannot be fetched`, { why: /\[cause\]: Error: (.*)/.exec(stderr)?.[1] ?? /Error: (.*)/.exec(stderr)?.[1] ?? 'the connection failed' })
  }
  if (answer.status >= 400) throw new PlonerunError(`url: ${url} answers ${answer.status}`)
  return answer.body
}

function basicAuth(user: string | undefined, password: string | undefined): Record<string, string> {
  return user === undefined ? {} : { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` }
}

export const commandLookups: Plugins = {
  pipe: lookupEach({}, (term, _, { context, once }) =>
    once(`pipe ${term}`, () => {
      context.acted?.()
      return run(term, context.basedir)
    })),
  lines: lookup({}, (terms, _, { context, once }) =>
    terms.flatMap((term): Value[] => {
      const output = once(`lines ${str(term)}`, () => run(str(term), context.basedir)) as string
      return output === '' ? [] : output.split('\n')
    }),
  ),
  url: lookup(
    { split_lines: or(flag, true), validate_certs: or(flag, true), timeout: or(number, 10), username: optional(string), password: optional(string), headers: or(dict, new Map<Value, Value>()), http_agent: or(string, 'plonerun'), force: or(flag, false) },
    (terms, { split_lines, validate_certs, timeout, username, password, headers, http_agent, force }, { once }) =>
      terms.flatMap((term): Value[] => {
        const given = Object.fromEntries([...headers].map(([key, value]) => [str(key), str(value)]))
        const body = once(`url ${str(term)}`, () => fetchText({ url: str(term), validateCerts: validate_certs, timeout, headers: { 'user-agent': http_agent, ...(force && { 'cache-control': 'no-cache' }), ...basicAuth(username, password), ...given } })) as string
        return split_lines ? body.split(/\r?\n/).slice(0, body.endsWith('\n') ? -1 : undefined) : [body]
      }),
  ),
}
