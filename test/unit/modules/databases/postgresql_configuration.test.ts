/** Settings of roles: the statements, what is the same, and what is refused. */
import { expect, it } from 'vitest'
import { postgresqlUser } from '../../../../src/modules/databases/postgresql_user.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

/** A role with settings as the server keeps them; undefined: there is none. */
const role = (...settings: readonly string[]): Record<string, unknown> => ({ role: { stdout: `\nf\tf\tf\tt\tt\tf\tf\t-1\t-\t-\t-\t${JSON.stringify(settings)}\n`, code: 0 } })
const NONE = { role: { stdout: '\n', code: 0 } }

function queries(args: Record<string, Plain>, state: Record<string, unknown>): readonly string[] {
  const { changes, fail } = planWith(postgresqlUser, { name: 'ann', ...args }, state)
  if (fail !== undefined) return [fail]
  const told = resultWith(postgresqlUser, { name: 'ann', ...args }, state, { changed: true })['queries'] as readonly string[]
  expect(changes.map(({ steps }) => String(steps[0]!.stdin).replace('USER "ann";', 'USER "ann" ;').trim())).toEqual(told.length === 0 ? [] : [(told.length > 1 ? ['BEGIN', ...told, 'COMMIT'] : told).map((each) => (each.endsWith(';') ? each : `${each};`)).join('\n')])
  // Done once, it is as wanted.
  const left = changes.flatMap(({ leaves }) => leaves ?? [])[0]
  if (left?.kind === 'answer') expect(planWith(postgresqlUser, { name: 'ann', ...args }, { role: { stdout: left.stdout, code: 0 } }).changes).toEqual([])
  return told
}

it.each<[string, Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  ['of a new role', { configuration: { work_mem: '16MB' } }, NONE, ['CREATE USER "ann" ', `ALTER ROLE "ann" SET "work_mem" TO '16MB';`]],
  ['of one that is there', { configuration: { work_mem: '16MB', 'plpgsql.extra_errors': "it's" } }, role(), [`ALTER ROLE "ann" SET "work_mem" TO '16MB';`, `ALTER ROLE "ann" SET "plpgsql.extra_errors" TO 'it''s';`]],
  ['that are there', { configuration: { work_mem: '16MB', application_name: "it's=so" } }, role('work_mem=16MB', "application_name=it's=so"), []],
  ['of another case', { configuration: { timezone: 'UTC' } }, role('TimeZone=UTC'), []],
  ['others stay', { configuration: { work_mem: '16MB' } }, role('TimeZone=UTC', 'work_mem=8MB'), [`ALTER ROLE "ann" SET "work_mem" TO '16MB';`]],
  ['others go', { configuration: { work_mem: '16MB' }, reset_unspecified_configuration: true }, role('TimeZone=UTC', 'work_mem=8MB'), ['ALTER ROLE "ann" RESET "TimeZone";', `ALTER ROLE "ann" SET "work_mem" TO '16MB';`]],
  ['all go', { reset_unspecified_configuration: true }, role('TimeZone=UTC', 'work_mem=8MB'), ['ALTER ROLE "ann" RESET "TimeZone";', 'ALTER ROLE "ann" RESET "work_mem";']],
  ['none to go', { reset_unspecified_configuration: true }, role(), []],
  ['numbers and booleans', { configuration: { statement_timeout: 5000, enable_seqscan: false } }, role('statement_timeout=5000'), [`ALTER ROLE "ann" SET "enable_seqscan" TO 'False';`]],
  ['a list as SQL', { configuration: { search_path: 'app, "$user",public' }, quote_configuration_values: false }, role(), ['ALTER ROLE "ann" SET "search_path" TO app, "$user",public;']],
  ['a list as SQL that is there', { configuration: { search_path: 'app,"$user", public', work_mem: "'16MB'" }, quote_configuration_values: false }, role('search_path=app, "$user", public', 'work_mem=16MB'), []],
  ['a list in one text', { configuration: { search_path: 'a, b' } }, role('search_path="a, b"'), []],
  ['with an attribute and a comment', { role_attr_flags: 'CREATEDB', comment: 'A', configuration: { work_mem: '1MB' } }, role(), ['ALTER USER "ann" WITH CREATEDB', `COMMENT ON ROLE "ann" IS 'A'`, `ALTER ROLE "ann" SET "work_mem" TO '1MB';`]],
])('settings %s', (_, args, state, expected) => expect(queries(args, state)).toEqual(expected))

it('says which settings change', () => {
  expect(planWith(postgresqlUser, { name: 'ann', configuration: { work_mem: '1MB' }, reset_unspecified_configuration: true }, role('TimeZone=UTC')).changes[0]!.summary).toBe('role ann: work_mem, TimeZone as others')
})

it.each<[Record<string, Plain>, string]>([
  [{ configuration: { 'a"b': '1' } }, 'The key of a configuration may not contain single or double quotes'],
  [{ configuration: { work_mem: null } }, "configuration: 'work_mem' has no value"],
  [{ configuration: { work_mem: ['1MB'] } }, 'a text'],
  [{ configuration: { search_path: "x; DROP TABLE y" }, quote_configuration_values: false, trust_input: false }, "Passed input 'x; DROP TABLE y' is potentially dangerous"],
])('refuses %j', (args, message) => expect(() => planWith(postgresqlUser, { name: 'ann', ...args }, role())).toThrow(message))

it('what is quoted is never dangerous', () => expect(planWith(postgresqlUser, { name: 'ann', configuration: { application_name: '; DROP' }, trust_input: false }, role()).changes).toHaveLength(1))

it.each([
  ['ERROR:  unrecognized configuration parameter "nope"\n', `Unable to update configuration for 'ann' due to: unrecognized configuration parameter "nope"\n`],
  ['ERROR:  invalid value for parameter "work_mem": "much"\n', `Unable to update configuration for 'ann' due to: invalid value for parameter "work_mem": "much"\n`],
  ['ERROR:  permission denied to create role\n', 'Database query failed: permission denied to create role\n'],
])('tells what the server said: %s', (said, msg) => {
  const reply = { stdout: Buffer.alloc(0), stderr: Buffer.from(said), code: 3 }
  expect(postgresqlUser.failure!(inputOf(postgresqlUser, { name: 'ann' }), {}, reply, undefined)).toEqual({ msg })
})
