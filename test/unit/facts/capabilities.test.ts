/** Facts of what root may do, from what capsh printed. */
import { expect, test } from 'vitest'
import { capabilities } from '../../../src/facts/capabilities.ts'

test.each([
  ['', 'N/A', 'N/A'],
  ['Current: =ep\nBounding set =cap_chown,cap_kill\n', 'False', []],
  // libcap before 2.30, and since
  ['Current: = cap_chown,cap_kill+ep\nBounding set =cap_chown,cap_kill\n', 'True', ['cap_chown', 'cap_kill+ep']],
  ['Current: =eip cap_sys_time,cap_syslog-ep\nBounding set =cap_chown\n', 'True', ['eip cap_sys_time', 'cap_syslog-ep']],
])('capsh printed %j', (output, enforced, named) => expect(capabilities.parse(new Map(), output)).toEqual({ system_capabilities: named, system_capabilities_enforced: enforced }))
