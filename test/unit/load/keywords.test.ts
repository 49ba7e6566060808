import { expect, test } from 'vitest'
import { keywordAt, keywordsAt } from '../../../src/load/keywords.ts'

/** The keywords of ansible-core 2.19 (its FieldAttributes), without those that are only used inside of it. */
const BASE = 'any_errors_fatal become become_exe become_flags become_method become_user check_mode connection debugger diff environment ignore_errors ignore_unreachable module_defaults name no_log port remote_user run_once tags throttle timeout vars'
const ansible = {
  play: `${BASE} collections fact_path force_handlers gather_facts gather_subset gather_timeout handlers hosts max_fail_percentage order post_tasks pre_tasks roles serial strategy tasks user vars_files vars_prompt`,
  role: `${BASE} collections delegate_facts delegate_to role when`,
  block: `${BASE} always block collections delegate_facts delegate_to notify rescue when`,
  task: `${BASE} action args async changed_when collections delay delegate_facts delegate_to failed_when local_action loop loop_control notify poll register retries until when`,
  handler: `${BASE} action args async changed_when collections delay delegate_facts delegate_to failed_when listen local_action loop loop_control notify poll register retries until when`,
  loop_control: 'break_when extended extended_allitems index_var label loop_var pause',
  import_playbook: `${BASE} when`,
} as const

test.each(Object.entries(ansible))('all keywords of %s', (place, names) => {
  expect(keywordsAt(place as keyof typeof ansible).sort()).toEqual(names.split(' ').sort())
})

test('names of objects are no keywords', () => {
  expect(keywordAt('task', 'constructor')).toBeUndefined()
  expect(keywordAt('play', 'register')).toBeUndefined()
})
