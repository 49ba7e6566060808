/** Which packages of its distribution a box gets for its sites. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setStage, type Stage } from '../../support/play.ts'

const role = join(import.meta.dirname, '../../../roles/box')

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.end())

/** @param storage of a site that has no part in keeping the objects */
async function packages(family: string, version: string, python: string, storage: object): Promise<unknown> {
  const site = { locale: 'de_DE.UTF-8', python: '3.11', interpreter: python, sources: [], requirements: [], balancer: 'haproxy', here: { front: true, storage: false }, apache: { acme: { email: '' } }, backup_host: 'h1', storage }
  const played = await stage.play(`
- hosts: all
  gather_facts: false
  vars_files: ['${role}/vars/main.yml', '${role}/defaults/main.yml']
  vars:
    plonestack_redirects: []
    plonestack_sites: [${JSON.stringify(site)}]
  tasks:
    - set_fact: {os_family: ${family}, distribution_major_version: '${version}', cacheable: true}
    - name: packages
      debug: {msg: "{{ box_packages | join(' ') }}"}
`)
  return played.result('packages')['msg']
}

test.each([
  ['Debian', '13', 'python3.13', 'logrotate openssl tzdata python3-venv apache2 varnish python3.13 haproxy postgresql-client locales'],
  ['RedHat', '9', 'python3.11', 'logrotate openssl tzdata python3 httpd mod_ssl varnish python3.11 haproxy postgresql glibc-langpack-de'],
  ['RedHat', '8', 'python3.11', 'logrotate openssl tzdata python3.12 httpd mod_ssl varnish python3.11 haproxy postgresql glibc-langpack-de'],
])('%s %s, with objects in a PostgreSQL of somebody else: what backs them up', async (family, version, python, expected) => {
  expect(await packages(family, version, python, { kind: 'relstorage' })).toBe(expected)
})

test('no program of PostgreSQL for a site that does without', async () => {
  expect(await packages('Debian', '13', 'python3.13', { kind: 'zeo' })).toBe('logrotate openssl tzdata python3-venv apache2 varnish python3.13 haproxy locales')
})
