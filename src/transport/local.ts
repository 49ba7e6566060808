/** This machine, and containers on it: programs are started as children. */
import { spawn } from 'node:child_process'
import { chmod, copyFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { HostAddress } from './address.ts'
import { endName, type Backend, type Channel, type ChannelEnd, type TunnelEnd } from './channel.ts'
import { receiveFile, sendFile } from './stream-file.ts'

/** This machine itself, as the user that runs plonerun; programs start in the folder. */
export function localBackend(folder: string): Backend {
  return {
    open: (argv) => startProgram(argv, folder),
    async upload(content, remotePath, mode) {
      if (content instanceof Uint8Array) await writeFile(remotePath, content, { flag: 'wx', mode })
      else await copyFile(content.file, remotePath)
      await chmod(remotePath, mode)
    },
    download: (remotePath, localPath) => copyFile(remotePath, localPath),
    tunnel: openSocket,
    close: () => Promise.resolve(),
  }
}

/** A container: the same programs, started through the command that enters it. */
export function containerBackend(address: HostAddress): Backend {
  const open: Backend['open'] = (argv) => startProgram([...enterContainer(address), ...argv])
  return {
    open,
    upload: (content, remotePath, mode) => sendFile(open, content, remotePath, mode),
    download: (remotePath, localPath) => receiveFile(open, remotePath, localPath),
    tunnel(end) {
      throw new PlonerunError(`${address.name}: ${endName(end)} cannot be reached from inside a container`, { kind: 'task', hint: `use ssh to reach ${address.name}` })
    },
    close: () => Promise.resolve(),
  }
}

/** The command that runs another one inside. nsenter takes the process id of any process in the container. */
export function enterContainer({ connection, host, user }: HostAddress): string[] {
  if (connection !== 'nsenter') return [connection, 'exec', '-i', ...(user === undefined ? [] : ['-u', user]), host]
  const enter = ['nsenter', '-t', host, '-m', '-u', '-i', '-n', '-p', '-C', '--']
  return user === undefined || user === 'root' ? enter : [...enter, 'runuser', '-u', user, '--']
}

function startProgram([program = '', ...rest]: readonly string[], cwd?: string): Promise<Channel> {
  const child = spawn(program, rest, { stdio: 'pipe', detached: true, cwd })
  let destroyed = false
  const closed = new Promise<ChannelEnd>((resolve) => {
    child.on('close', (code) => resolve({ code }))
    child.on('exit', (code) => destroyed && resolve({ code }))
  })
  const destroy = (): void => {
    destroyed = true
    child.stdin.destroy()
    child.stdout.destroy()
    child.stderr.destroy()
    child.kill('SIGHUP')
  }
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(new PlonerunError(`cannot start ${program}`, { kind: 'unreachable', why: cause.message, cause })))
    child.on('spawn', () => resolve({ stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, closed, destroy }))
  })
}

function openSocket(end: TunnelEnd): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = 'socket' in end ? connect(end.socket) : connect(end.port, end.host)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.removeListener('error', reject)
      resolve(socket)
    })
  })
}
