/** The way to a host up to where ssh begins: it needs nothing of ssh2, so that the host can say hello while that is loaded. */
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import type { SshTarget } from './target.ts'

/** A stream that leads to the host, or will. What goes wrong with it is in `errored` until somebody listens. */
export function dial({ host, port, proxyCommand }: Pick<SshTarget, 'host' | 'port' | 'proxyCommand'>): Duplex {
  // The handshake's small packets would wait 40 ms for an acknowledgement otherwise.
  const way = proxyCommand === undefined ? connect({ host, port, noDelay: true }) : runProxy(proxyCommand)
  return way.on('error', () => undefined)
}

function runProxy(command: string): Duplex {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'inherit'] })
  const duplex = Duplex.from({ writable: child.stdin, readable: child.stdout })
  child.on('error', (error) => duplex.destroy(error))
  duplex.on('close', () => child.kill())
  return duplex
}
