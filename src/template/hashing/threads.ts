/**
 * Hashes passwords in threads of their own. One takes as long as a whole run that changes nothing; computed here, it would hold
 * up what other hosts answer, and logins that are under way.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { HashRequest } from './crypt.ts'

export interface Question {
  readonly id: number
  readonly request: HashRequest
}

export interface Answer {
  readonly id: number
  readonly hash: string
}

/** Hashes in a thread. Undefined when that cannot be: to compute it here says why. */
export type HashElsewhere = (request: HashRequest) => Promise<string | undefined>

interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, (hash: string | undefined) => void>
}

/** @param file the program of a thread; they start when they are needed, and keep no process alive that has nothing else to do */
export function createHashThreads(file: string): HashElsewhere {
  const threads: Thread[] = []
  let asked = 0

  function start(): Thread {
    const waiting: Thread['waiting'] = new Map()
    const worker = new Worker(file)
    const thread = { worker, waiting }
    const settle = (id: number, hash: string | undefined): void => {
      waiting.get(id)?.(hash)
      waiting.delete(id)
      if (waiting.size === 0) worker.unref()
    }
    worker.on('message', ({ id, hash }: Answer) => settle(id, hash))
    // Whatever ended it, a request or a missing file: those that wait compute for themselves.
    worker.on('error', () => {
      threads.splice(threads.indexOf(thread), 1)
      for (const id of [...waiting.keys()]) settle(id, undefined)
    })
    threads.push(thread)
    return thread
  }

  return (request) => {
    const idle = threads.find(({ waiting }) => waiting.size === 0)
    const { worker, waiting } = idle ?? (threads.length < availableParallelism() ? start() : threads[asked % threads.length]!)
    const id = asked++
    worker.ref()
    return new Promise((resolve) => {
      waiting.set(id, resolve)
      worker.postMessage({ id, request } satisfies Question)
    })
  }
}
