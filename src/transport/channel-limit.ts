/** Keeps the channels of a connection below what sshd allows: the one unused for longest makes room. */

/** Something that holds a channel and can do without. */
export interface ChannelHolder {
  readonly idle: boolean
  /** Closes the channel and releases it. */
  retire(): Promise<void>
}

export interface ChannelLimit {
  /** Waits until the holder may open its channel. */
  acquire(holder: ChannelHolder): Promise<void>
  /** The holder was used, or became idle. */
  touch(holder: ChannelHolder): void
  release(holder: ChannelHolder): void
}

/** @param most channels open at a time */
export function createChannelLimit(most: number): ChannelLimit {
  /** Least recently used first. */
  const holders = new Set<ChannelHolder>()
  let waiting: (() => void)[] = []

  function changed(): void {
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }

  return {
    async acquire(holder) {
      while (holders.size >= most) {
        const unused = [...holders].find(({ idle }) => idle)
        if (unused) {
          holders.delete(unused)
          await unused.retire()
        } else await new Promise<void>((wake) => void waiting.push(wake))
      }
      holders.add(holder)
    },
    touch(holder) {
      if (holders.delete(holder)) holders.add(holder)
      changed()
    },
    release(holder) {
      holders.delete(holder)
      changed()
    },
  }
}
