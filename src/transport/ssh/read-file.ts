/** Reads the small files of this machine that say how to reach a host. */
import { readFileSync } from 'node:fs'

/** The content; undefined when it cannot be read. Synchronous: Node starts threads to read in the background, which takes longer. */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
