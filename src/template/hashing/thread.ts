/** A thread that hashes passwords: an entry of its own (dist/hashing.cjs), as small as what it does. */
import { parentPort } from 'node:worker_threads'
import { hashPassword } from './crypt.ts'
import type { Answer, Question } from './threads.ts'

parentPort?.on('message', ({ id, request }: Question) => {
  parentPort?.postMessage({ id, hash: hashPassword(request) } satisfies Answer)
})
