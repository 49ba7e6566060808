/** A Solr of the site's own, where it asks for one. */
import { createHash } from 'node:crypto'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Definition } from './definition.ts'
import type { Ports } from './ports.ts'

export interface Solr {
  readonly url: string
  readonly checksum: string
  /** Packages of the distribution: the Java that it runs on, or Solr itself. */
  readonly packages: readonly string[]
  /** What its archive is unpacked to, another for each archive; the folder of its data when a package brings it. */
  readonly folder: string
  readonly data: string
  readonly port: number
  /** What starts it in the foreground. */
  readonly command: string
  readonly memory: string
}

/** Undefined for a site without one. Throws a PlonerunError for one from two places at once. */
export function solrOf({ solr }: Pick<Definition, 'solr'>, home: string, ports: Ports, path: string): Solr | undefined {
  const { url, package: packaged, checksum, java, command, memory } = solr
  if (url === undefined && packaged === undefined) return undefined
  if (url !== undefined && packaged !== undefined) throw new PlonerunError(`${path}: solr has a url and a package`, { hint: 'one of them is enough' })
  const data = `${home}/var/solr`
  const folder = url === undefined ? data : `${home}/solr/${createHash('sha256').update(url + checksum).digest('hex').slice(0, 12)}`
  const filled = command.replaceAll('{port}', String(ports.solr)).replaceAll('{data}', data)
  return {
    url: url ?? '',
    checksum,
    packages: [packaged ?? java],
    folder,
    data,
    port: ports.solr,
    command: filled.startsWith('/') ? filled : `${folder}/${filled}`,
    memory,
  }
}
