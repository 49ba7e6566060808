/** What the connections of one run share. */

export interface Pool {
  /** Closes what is shared: the connections to jump hosts. Call it after closing the connections themselves. */
  close(): Promise<void>
}

/** @param warn is told, once each, what the person should know but what stops nothing (an ssh option that has no effect) */
export function createPool(_options: { readonly warn?: (message: string) => void } = {}): Pool {
  throw new Error('not written yet')
}
