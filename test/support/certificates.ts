/** Certificates for tests, made by openssl. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Chain {
  /** PEM of the site's certificate, its key, and the authority between it and the root. */
  readonly certificate: string
  readonly key: string
  readonly chain: string
  /** PEM of the root, for whoever checks. */
  readonly root: string
}

/** A certificate of a domain, signed by an intermediate authority that a root has signed. */
export function makeChain(domain: string): Chain {
  const folder = mkdtempSync(join(tmpdir(), 'plonerun-tls-'))
  const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const sign = (name: string, by: string, extension: string): void => {
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name === 'site' ? domain : name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-addext', extension)
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-days', '2', '-copy_extensions', 'copy', '-out', `${name}.pem`)
  }
  try {
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=root', '-keyout', 'root.key', '-out', 'root.pem')
    sign('between', 'root', 'basicConstraints=critical,CA:true')
    sign('site', 'between', `subjectAltName=DNS:${domain}`)
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
    return { certificate: read('site.pem'), key: read('site.key'), chain: read('between.pem'), root: read('root.pem') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
