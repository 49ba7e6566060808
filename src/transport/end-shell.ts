/** Ends a shell that is busy with a command. */
import { setTimeout as sleep } from 'node:timers/promises'
import { endCommand } from '../shell/end-command.ts'
import type { Session } from './contract.ts'
import type { Shell } from './shell.ts'

/** Seconds between asking a command to end and making it. */
const GRACE = 3

/**
 * Asks what runs in the shell to end, and the shell with it, makes them after a while, and lets go of the shell in any case. Never rejects.
 * @param helper a second session of the same user
 */
export async function endShell(running: Shell, helper: () => Session): Promise<void> {
  const grace = (): Promise<void> => sleep(GRACE * 1000, undefined, { ref: false })
  try {
    const ready = await Promise.race([running.ready, running.ended, grace()])
    for (const signal of ['TERM', 'KILL'] as const) {
      if (!ready || !('pid' in ready) || running.isEnded) return
      const told = helper().exchange([{ kind: 'probe', script: endCommand(ready.pid, signal, { withShell: true }) }])
      await Promise.race([Promise.all([told, running.ended]), grace()])
    }
  } catch {
    // No second shell: letting go of the first is all that is left.
  } finally {
    running.destroy()
  }
}
