/** Files over SFTP. */
import type { NodeSSH } from 'node-ssh'
import type { SFTPWrapper } from 'ssh2'
import { PlonerunError } from '../../errors/plonerun-error.ts'

/** Undefined when the host has no SFTP. */
export function openSftp(ssh: NodeSSH): Promise<SFTPWrapper | undefined> {
  return ssh.requestSFTP().catch(() => undefined)
}

/** Writes a file that must not exist yet, and only then gives it its mode, so that nobody reads it before. */
export async function putFile(sftp: SFTPWrapper, ssh: NodeSSH, content: Uint8Array | { readonly file: string }, remotePath: string, mode: number): Promise<void> {
  try {
    if (content instanceof Uint8Array) await done((callback) => sftp.writeFile(remotePath, Buffer.from(content), { mode: 0o600, flag: 'wx' }, callback))
    else await ssh.putFile(content.file, remotePath, sftp, { mode: 0o600 })
    await done((callback) => sftp.chmod(remotePath, mode, callback))
  } catch (cause) {
    throw failed(`${remotePath} cannot be written`, cause)
  }
}

export async function getFile(sftp: SFTPWrapper, ssh: NodeSSH, remotePath: string, localPath: string): Promise<void> {
  try {
    await ssh.getFile(localPath, remotePath, sftp)
  } catch (cause) {
    throw failed(`${remotePath} cannot be read`, cause)
  }
}

function done(start: (callback: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())))
}

function failed(what: string, cause: unknown): PlonerunError {
  return new PlonerunError(what, { kind: 'task', why: (cause as Error).message, cause })
}
