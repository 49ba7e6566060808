/** What a machine runs on, in Ansible's words. */
import { expect, test } from 'vitest'
import { virtualization } from '../../../src/facts/virtualization.ts'

test.each([
  ['none', { virtualization_type: '', virtualization_role: '', virtualization_tech_guest: [] }],
  ['kvm', { virtualization_type: 'kvm', virtualization_role: 'guest', virtualization_tech_guest: ['kvm'] }],
  ['oracle', { virtualization_type: 'virtualbox', virtualization_tech_guest: ['virtualbox', 'oracle'] }],
  ['systemd-nspawn', { virtualization_type: 'container', virtualization_tech_guest: ['container', 'systemd-nspawn'] }],
])('a machine of %s', (found, wanted) => expect(virtualization.parse(new Map(), `${found}\n`)).toMatchObject(wanted))
