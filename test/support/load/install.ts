/** Brings loadpages, which the load program asks for, to a host. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What a site's definition says to have them. */
export const WITH_LOAD_PAGES = { zcml: ['loadpages'], environment_vars: { PYTHONPATH: '/opt/load' } } as const

/** @param ssh runs a command of root's on the host */
export async function installLoadPages(ssh: (command: string) => Promise<string>): Promise<void> {
  const packed = await promisify(execFile)('tar', ['-C', import.meta.dirname, '-czf', '-', 'loadpages'], { encoding: 'buffer' })
  await ssh(`mkdir -p /opt/load && echo ${packed.stdout.toString('base64')} | base64 -d | tar -C /opt/load -xzf -`)
}
