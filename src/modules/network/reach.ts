/** TCP connections that start at the host, with a time limit. */
import type { Duplex } from 'node:stream'
import { isFatal } from '../../errors/plonerun-error.ts'
import type { ActionContext } from '../contract/module.ts'

/**
 * A connection from the host, or why there is none.
 * @param seconds past it, it is given up
 * @throws PlonerunError of kind `unreachable` when the host itself is not reached any more
 */
export async function reach(context: Pick<ActionContext, 'tunnel'>, host: string, port: number, seconds: number): Promise<Duplex | Error> {
  const opening = context.tunnel({ host, port })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error(`no connection within ${seconds} s`)), seconds * 1000)
  })
  const first = await Promise.race([opening.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))), late])
  clearTimeout(timer)
  if (isFatal(first)) throw first
  if (first instanceof Error) opening.then((stream) => stream.destroy(), () => undefined)
  return first
}

/** What a stream sends until the text satisfies `enough`, it ends, or the time is up. Bytes are kept apart from characters. */
export async function receive(stream: Duplex, enough: (text: string) => boolean, seconds: number): Promise<string> {
  let text = ''
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000)
    const finish = (): void => {
      clearTimeout(timer)
      resolve()
    }
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (enough(text)) finish()
    })
    stream.on('error', finish)
    stream.on('close', finish)
    stream.on('end', finish)
  })
  return text
}
