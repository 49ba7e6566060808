/** Apache and Varnish of sites on a lab host, with a small backend in place of everything behind them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { LabHost } from './lab.ts'
import { plonerun, type Finished } from './plonerun.ts'
import { visit, type Answer, type Visit } from './visit.ts'

export interface Front {
  /** Brings the sites about, each with what its definition says besides the usual; on http unless it says otherwise. */
  deploy(sites: readonly object[], ...args: readonly string[]): Promise<Finished>
  /** What a visitor of www.example.org gets from Apache for a path, over http unless asked otherwise. */
  visit(path: string, how?: Visit): Promise<Answer>
  /** What the backend saw of a visit that it answered. */
  seen(path: string, how?: Visit): Promise<Seen>
}

export interface Seen {
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** How many requests it had answered before. */
  readonly before: number
}

const root = join(import.meta.dirname, '../..')

const PLAYBOOK = `
- hosts: plone
  become: true
  gather_facts: true
  gather_subset: [min]
  tasks:
    - plonerun.sites:
        sites: "{{ sites }}"
        release: "{{ ansible_facts.distribution_release }}"
        stack: ${root}
    - ansible.builtin.import_role: { name: box }
      vars:
        box_packages: [apache2, varnish, openssl, curl, python3]
        box_uv: /opt/none
    - ansible.builtin.include_tasks: site.yml
      loop: "{{ plonestack_sites }}"
      loop_control: { loop_var: site, label: "{{ site.name }}" }
    - ansible.builtin.include_role: { name: apache }
      loop: "{{ plonestack_redirects }}"
      loop_control: { loop_var: site, label: "{{ site.name }}" }
`

const SITE = `
- ansible.builtin.import_role: { name: zope }
- ansible.builtin.import_role: { name: apache, tasks_from: pages }
- name: Backend
  ansible.builtin.shell: >-
    systemctl is-active --quiet backend-{{ site.name }} ||
    systemd-run --quiet --unit backend-{{ site.name }} -p LimitNOFILE=65536 python3 /opt/backend.py {{ site.zopes[0].port if site.balancer == 'varnish' else site.ports.pound }}
  changed_when: false
- ansible.builtin.import_role: { name: varnish }
- ansible.builtin.import_role: { name: apache }
`

/** @param more what every site of this file says, as a version of Plone that the suite has */
export function frontOf(box: LabHost, more: object = {}): Front {
  const ask: Front['visit'] = (path, how) => visit(box, path, { host: 'www.example.org', scheme: 'http', ...how })
  const folder = mkdtempSync(join(tmpdir(), 'plonestack-front-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'play.yml'), PLAYBOOK)
  writeFileSync(join(folder, 'site.yml'), SITE)
  return {
    async deploy(sites, ...args) {
      const usual = { domain: 'www.example.org', plone: '6.2.2', admin_password: 'x', ...more }
      const all = sites.map((site) => ('redirect_to' in site ? site : { ...usual, ...site, apache: { ssl: 'off', ...('apache' in site && typeof site.apache === 'object' ? site.apache : {}) } }))
      writeFileSync(join(folder, 'hosts'), `[plone]\n${box.inventory}`)
      writeFileSync(join(folder, 'sites.json'), JSON.stringify({ sites: all }))
      const backend = readFileSync(join(root, 'test/support/backend.py'), 'utf8')
      await box.ssh(`[ -e /opt/backend.py ] || { touch /opt/none.complete; cat >/opt/backend.py <<'EOF'\n${backend}\nEOF\n}`)
      return plonerun('run', join(folder, 'play.yml'), '-i', join(folder, 'hosts'), '-e', `@${join(folder, 'sites.json')}`, '--output', 'lines', ...args)
    },
    visit: ask,
    async seen(path, how) {
      const { status, body } = await ask(path, how)
      if (!body.startsWith('{')) throw new Error(`${path} was answered with ${status}: ${body.slice(0, 200)}`)
      return JSON.parse(body) as Seen
    },
  }
}
