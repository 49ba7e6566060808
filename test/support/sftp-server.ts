/** The server side of SFTP, as far as sending and fetching files needs it. */
import { closeSync, fchmodSync, fstatSync, openSync, readSync, statSync, chmodSync, writeSync } from 'node:fs'
import ssh2, { type SFTPWrapper } from 'ssh2'

const { STATUS_CODE, flagsToString } = ssh2.utils.sftp

/** Serves the files of this machine. */
export function serveFiles(sftp: SFTPWrapper): void {
  const number = (handle: Buffer): number => handle.readUInt32BE(0)
  /** Answers with what the work gives, or with its failure. */
  function answer(id: number, work: () => void): void {
    try {
      work()
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      sftp.status(id, code === 'ENOENT' ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE, message)
    }
  }
  const ok = (id: number, work: () => void): void =>
    answer(id, () => {
      work()
      sftp.status(id, STATUS_CODE.OK)
    })

  sftp.on('OPEN', (id, path, flags, attributes) =>
    answer(id, () => {
      const handle = Buffer.alloc(4)
      handle.writeUInt32BE(openSync(path, flagsToString(flags) ?? 'r', attributes.mode ?? 0o644))
      sftp.handle(id, handle)
    }),
  )
  sftp.on('WRITE', (id, handle, offset, data) => ok(id, () => void writeSync(number(handle), data, 0, data.length, offset)))
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, () => {
      const data = Buffer.alloc(length)
      const size = readSync(number(handle), data, 0, length, offset)
      if (size === 0) sftp.status(id, STATUS_CODE.EOF)
      else sftp.data(id, data.subarray(0, size))
    }),
  )
  sftp.on('FSTAT', (id, handle) => answer(id, () => sftp.attrs(id, attributesOf(fstatSync(number(handle))))))
  sftp.on('STAT', (id, path) => answer(id, () => sftp.attrs(id, attributesOf(statSync(path)))))
  sftp.on('FSETSTAT', (id, handle, { mode }) => ok(id, () => mode !== undefined && fchmodSync(number(handle), mode)))
  sftp.on('SETSTAT', (id, path, { mode }) => ok(id, () => mode !== undefined && chmodSync(path, mode)))
  sftp.on('CLOSE', (id, handle) => ok(id, () => closeSync(number(handle))))
}

function attributesOf({ mode, uid, gid, size, atimeMs, mtimeMs }: ReturnType<typeof statSync> & object): { mode: number; uid: number; gid: number; size: number; atime: number; mtime: number } {
  return { mode: Number(mode), uid: Number(uid), gid: Number(gid), size: Number(size), atime: Number(atimeMs) / 1000, mtime: Number(mtimeMs) / 1000 }
}
