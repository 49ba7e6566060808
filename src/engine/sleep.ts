/** Waiting that a stop of the run ends. */
import { PlonerunError } from '../errors/plonerun-error.ts'

/**
 * @param seconds how long
 * @throws PlonerunError of kind `interrupted` when the run is stopped meanwhile
 */
export function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(new PlonerunError('stopped while waiting', { kind: 'interrupted' }))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, seconds * 1000)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
