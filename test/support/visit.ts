/** What a visitor gets from the front of a lab host: one request over a connection of its own. */
import { request as requestHttp, type IncomingHttpHeaders } from 'node:http'
import { request as requestHttps } from 'node:https'
import { buffer } from 'node:stream/consumers'
import type { LabHost } from './lab.ts'

export interface Visit {
  /** The name that is asked for; the host's address unless given. */
  readonly host?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly scheme?: 'http' | 'https'
  readonly body?: string
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Its bytes as a text. */
  readonly body: string
  readonly bytes: Buffer
}

/** Over https unless asked otherwise. Certificates are not checked: those of the lab sign themselves. Rejects when there is no whole answer. */
export function visit(box: LabHost, path: string, { host, method = 'GET', headers = {}, scheme = 'https', body }: Visit = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const named = host === undefined ? {} : { servername: host }
    const options = { host: box.address, path, method, agent: false, headers: { ...(host !== undefined && { host }), ...headers }, rejectUnauthorized: false, ...named } as const
    const request = (scheme === 'https' ? requestHttps : requestHttp)(options, (response) => {
      buffer(response).then((bytes) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes.toString(), bytes }), reject)
    })
    request.on('error', reject).end(body)
  })
}
