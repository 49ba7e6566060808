/** ansible.builtin.wait_for_connection: waits until a host can be worked on. */
import { shellRead } from '../../probe/shell.ts'
import { action, type ActionContext } from '../contract/module.ts'
import { defaulting, integer } from '../contract/option.ts'

export const waitForConnection = action({
  name: 'ansible.builtin.wait_for_connection',
  summary: 'Waits until the host can be reached and worked on.',
  options: {
    timeout: defaulting(integer('Seconds until it is given up.'), 600),
    delay: defaulting(integer('Seconds before the first try.'), 0),
    sleep: defaulting(integer('Seconds between tries.'), 1),
    connect_timeout: defaulting(integer('Seconds for one connection.'), 5),
  },
  async run({ timeout, delay, sleep, connect_timeout: limit }, context) {
    if (context.check) return { skipped: true, result: {} }
    const started = Date.now()
    const elapsed = (): number => Math.floor((Date.now() - started) / 1000)
    await context.sleep(delay)
    const failure = await untilReachable(context, { limit, sleep, deadline: Date.now() + timeout * 1000 })
    if (failure === undefined) return { changed: false, result: { elapsed: elapsed() } }
    return { failed: true, msg: `timed out waiting for ping module test: ${failure.message}`, result: { elapsed: elapsed() } }
  },
})

interface Patience {
  /** Seconds for one connection; the usual ones unless given. */
  readonly limit?: number | undefined
  /** Seconds between tries. */
  readonly sleep: number
  /** Milliseconds since 1970. */
  readonly deadline: number
}

/** Connects anew and again until the host answers; gives the last failure when the time is up. */
export async function untilReachable(context: ActionContext, { limit, sleep, deadline }: Patience): Promise<Error | undefined> {
  for (;;) {
    try {
      await context.reconnect(limit)
      await context.read({ answer: shellRead('echo pong', ['beyond:']) })
      return undefined
    } catch (error) {
      if (!(error instanceof Error) || context.signal.aborted) throw error
      if (Date.now() >= deadline) return error
      await context.sleep(sleep)
    }
  }
}
