/** What the connections of one run share: connections to jump hosts, and the warnings that were already given. */

/** Something that is opened once and used by many. */
interface Shared {
  close(): void
  /** Settles when it is of no use any more. */
  readonly gone: Promise<unknown>
}

export interface Pool {
  /** The one with this key, opened if need be; opened anew after it failed or broke. */
  share<T extends Shared>(key: string, open: () => Promise<T>): Promise<T>
  /** Tells the person something that stops nothing, once. */
  warn(message: string): void
  /** Closes what is shared. Call it after closing the connections themselves. */
  close(): Promise<void>
}

/** @param options.warn is told, once each, what the person should know (an ssh option that has no effect) */
export function createPool({ warn }: { readonly warn?: (message: string) => void } = {}): Pool {
  const shared = new Map<string, Promise<Shared>>()
  const told = new Set<string>()

  return {
    share<T extends Shared>(key: string, open: () => Promise<T>): Promise<T> {
      const known = shared.get(key)
      if (known) return known as Promise<T>
      const opening = open()
      shared.set(key, opening)
      const forget = (): void => {
        if (shared.get(key) === opening) shared.delete(key)
      }
      opening.then(({ gone }) => gone).then(forget, forget)
      return opening
    },
    warn(message) {
      if (told.has(message)) return
      told.add(message)
      warn?.(message)
    },
    async close() {
      const closing = [...shared.values()]
      shared.clear()
      for (const result of await Promise.allSettled(closing)) if (result.status === 'fulfilled') result.value.close()
    },
  }
}
