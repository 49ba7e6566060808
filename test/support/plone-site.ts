/** A Plone site on lab hosts: deployed from a definition, worked on by plonerun's verbs, read and written through its front. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { LabHost } from './lab.ts'
import { plonerun, type Finished } from './plonerun.ts'
import { visit, type Answer, type Visit } from './visit.ts'

export interface PloneSite {
  /** Folder of the inventory. */
  readonly inventory: string
  /** Writes the inventory with what the definition says besides the usual. */
  readonly define: (definition?: object) => void
  /** Does that and deploys it. */
  readonly deploy: (definition?: object, ...args: readonly string[]) => Promise<Finished>
  /** `plonerun VERB --site demo`. */
  readonly verb: (verb: string, ...args: readonly string[]) => Promise<Finished>
  readonly visit: (path?: string, how?: Visit) => Promise<Answer>
  /** Asks plone.restapi through the front, as the administrator. Rejects when the answer is not good. */
  readonly api: (method: string, path: string, body?: object) => Promise<Answer>
  /** Runs Python with the database open as `app` and the site as `portal`, by bin/zopeU. Gives what it prints. */
  readonly zopeU: (script: string) => Promise<string>
}

const NAME = 'demo'
const PASSWORD = 'geheim'
/** The administrator's. */
export const AUTHORIZATION = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`

/**
 * The site `demo` of a test file.
 * @param front the host that it is defined for
 * @param usual what its definition says in this file
 * @param others more hosts of the inventory, each with a part of the site or without
 */
export function ploneSite(front: LabHost, usual: object = {}, others: readonly LabHost[] = []): PloneSite {
  const inventory = mkdtempSync(join(tmpdir(), 'plone-site-'))
  afterAll(() => rmSync(inventory, { recursive: true }))
  const define = (definition: object = {}): void => {
    const sites = [{ name: NAME, domain: front.address, plone: '6.2.2', title: 'Demo', admin_password: PASSWORD, ...usual, ...definition }]
    mkdirSync(join(inventory, 'host_vars'), { recursive: true })
    writeFileSync(join(inventory, 'hosts'), `[plone]\n${[front, ...others].map((host) => host.inventory).join('\n')}\n`)
    writeFileSync(join(inventory, `host_vars/${front.name}.yml`), JSON.stringify({ sites }, undefined, 2))
  }
  return {
    inventory,
    define,
    deploy(definition, ...args) {
      define(definition)
      return plonerun('deploy', inventory, '--output', 'lines', '--stats', ...args)
    },
    verb: (verb, ...args) => plonerun(verb, '--site', NAME, '-i', inventory, ...args),
    visit: (path = '/', how) => visit(front, path, how),
    async api(method, path, body) {
      const headers = { authorization: AUTHORIZATION, accept: 'application/json', ...(body && { 'content-type': 'application/json' }) }
      const answer = await visit(front, path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
      if (answer.status >= 300) throw new Error(`${method} ${path} was answered with ${answer.status}: ${answer.body.slice(0, 500)}`)
      return answer
    },
    zopeU: (script) =>
      front.ssh(`
file=$(mktemp) && chmod 644 $file && cat >$file <<'SCRIPT'
from zope.component.hooks import setSite
portal = app["portal"]
setSite(portal)
${script}
SCRIPT
/srv/${NAME}/bin/zopeU run $file`),
  }
}
