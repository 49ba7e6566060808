/** Makes one request and tells honestly what came of it. */
import { request as overHttp, type Agent, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as overHttps } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Outcome } from './answer.ts'

export interface Question {
  readonly url: URL
  readonly agent: Agent | false
  readonly cookie?: string | undefined
  /** Makes it a POST. */
  readonly body?: Buffer
  /** Bytes a second that the answer is read with. */
  readonly rate?: number
  /** Seconds until it is given up. */
  readonly limit: number
  /** Says what is wrong with the content of a whole answer of status 200, if anything. */
  readonly check: (body: Buffer) => string | undefined
}

/** What came back; client, kind and time are the caller's to say. */
export type Reply = Pick<Answer, 'outcome' | 'status' | 'seconds' | 'bytes' | 'why' | 'reused'> & { readonly cookies: readonly string[] }

/** Never rejects: what went wrong is in the reply. Certificates are not checked. */
export async function ask(question: Question): Promise<Reply> {
  const began = performance.now()
  const request = send(question)
  const timer = setTimeout(() => request.destroy(new Late(`no whole answer in ${question.limit} seconds`)), question.limit * 1000)
  let response: IncomingMessage | undefined
  const body: Buffer[] = []
  const reply = (outcome: Outcome, why?: string): Reply => ({
    outcome,
    ...(response?.statusCode !== undefined && { status: response.statusCode }),
    seconds: (performance.now() - began) / 1000,
    bytes: body.reduce((sum, chunk) => sum + chunk.length, 0),
    ...(why !== undefined && { why }),
    reused: request.reusedSocket,
    cookies: response?.headers['set-cookie'] ?? [],
  })
  try {
    response = await responseTo(request)
    const reading = performance.now()
    let bytes = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      body.push(chunk)
      bytes += chunk.length
      const early = question.rate === undefined ? 0 : (bytes / question.rate) * 1000 - (performance.now() - reading)
      if (early > 1) await sleep(early)
    }
    if (!response.complete) return reply('cut', 'the connection was closed in the middle of it')
    if (response.statusCode !== 200) return reply('status')
    const why = question.check(Buffer.concat(body))
    return why === undefined ? reply('whole') : reply('wrong', why)
  } catch (error) {
    return reply(error instanceof Late ? 'late' : response === undefined ? 'refused' : 'cut', textOf(error))
  } finally {
    clearTimeout(timer)
    // Whatever is left of a request that failed must not be met by the next one on its connection.
    if (response?.complete !== true) request.destroy()
  }
}

class Late extends Error {}

function send({ url, agent, cookie, body }: Question): ClientRequest {
  const options: RequestOptions & { readonly rejectUnauthorized: boolean } = {
    agent,
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(cookie !== undefined && { cookie }), ...(body && { 'content-type': 'application/octet-stream', 'content-length': body.length }) },
    rejectUnauthorized: false,
  }
  const request = url.protocol === 'https:' ? overHttps(url, options) : overHttp(url, options)
  request.end(body)
  return request
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve)
    // Stays for errors after the answer began, which the answer's stream tells as well.
    request.on('error', reject)
  })
}

function textOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message: string }
  return code === undefined || message.includes(code) ? message : `${message} (${code})`
}
