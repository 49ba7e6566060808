/** Real hosts for a test file: booted before its tests, taken down after them. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { lab } from './lab-command.ts'

export interface LabHost {
  /** Its name in inventories and to the lab. */
  readonly name: string
  readonly address: string
  readonly port: number
  /** Logs in as root. */
  readonly keyFile: string
  readonly knownHosts: string
  /** Its line of an INI inventory, with how to log in. */
  readonly inventory: string
  /** What a command run by root's shell prints. Rejects with its stderr when it fails. */
  ssh(command: string): Promise<string>
}

export interface LabOptions {
  readonly suite?: 'trixie' | 'bookworm' | 'bullseye' | 'rocky'
  /** Installs Python, for peers that need it. */
  readonly python?: boolean
}

/** A host that the tests of this file share. Usable inside tests and hooks only: it is booted in a beforeAll. */
export function labHost(name: string, options?: LabOptions): LabHost {
  return labHosts([name], options)[0]
}

/** Several hosts, booted side by side. Where hosts cannot run, the file's tests are skipped with the reason; with CI set they fail. */
export function labHosts<const Names extends readonly string[]>(names: Names, { suite = 'trixie', python = false }: LabOptions = {}): { readonly [Each in keyof Names]: LabHost } {
  const hosts = names.map((name) => emptyHost(`t${process.env['PLONERUN_TEST_RUN'] ?? String(process.pid)}-${name}`))
  let unable: string | undefined
  beforeAll(async () => {
    unable = await lab('check').then(() => undefined, (error: unknown) => (error as Error).message)
    if (unable !== undefined && process.env['CI'] !== undefined) throw new Error(unable)
    if (unable !== undefined) return
    await lab('up', ...hosts.map((host) => host.name), '--suite', suite, ...(python ? ['--python'] : []))
    await Promise.all(hosts.map(async (host) => Object.assign(host, await describeHost(host.name))))
  })
  beforeEach(({ skip }) => skip(unable !== undefined, unable))
  afterAll(async () => {
    if (unable === undefined) await lab('down', ...hosts.map((host) => host.name))
  })
  return hosts as { readonly [Each in keyof Names]: LabHost }
}

function emptyHost(name: string): LabHost {
  return {
    name,
    address: '',
    port: 22,
    keyFile: '',
    knownHosts: '',
    inventory: '',
    async ssh(command) {
      const args = ['-i', this.keyFile, '-o', `UserKnownHostsFile=${this.knownHosts}`, '-o', 'StrictHostKeyChecking=yes', '-o', 'LogLevel=ERROR']
      return (await promisify(execFile)('ssh', [...args, `root@${this.address}`, command])).stdout
    },
  }
}

/** Takes a host's address and files from its inventory line. */
async function describeHost(name: string): Promise<Pick<LabHost, 'address' | 'keyFile' | 'knownHosts' | 'inventory'>> {
  const inventory = await lab('inventory', name)
  const find = (pattern: RegExp): string => pattern.exec(inventory)?.[1] ?? ''
  return {
    inventory,
    address: find(/ansible_host=(\S+)/),
    keyFile: find(/ansible_ssh_private_key_file=(\S+)/),
    knownHosts: find(/UserKnownHostsFile=([^']+)/),
  }
}
