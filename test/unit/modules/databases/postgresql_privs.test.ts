import { expect, it } from 'vitest'
import { NotKnown } from '../../../../src/values/unknown.ts'
import { postgresqlPrivs } from '../../../../src/modules/databases/postgresql_privs.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })
const [A, B] = ['a'.repeat(32), 'b'.repeat(32)]
const CHANGES = { roles: said('zope\nread only\n\n'), rehearsal: said(`${A}\n${B}\n`) }

it.each<[Record<string, Plain>, readonly string[]]>([
  [{ roles: 'zope,read only', privs: 'select,INSERT', objs: 't1,my"t' }, ['GRANT SELECT,INSERT ON table "public"."t1","public"."my""t" TO "zope","read only"']],
  [{ roles: 'zope', privs: 'ALL', objs: 'ALL_IN_SCHEMA', schema: 'app', type: 'sequence', state: 'absent' }, ['REVOKE ALL ON ALL SEQUENCES IN SCHEMA "app" FROM "zope"']],
  [{ roles: 'public', privs: 'EXECUTE', type: 'function', objs: 'add(int:int)', grant_option: true }, ['GRANT EXECUTE ON function "public"."add"(int, int) TO PUBLIC WITH GRANT OPTION']],
  [{ roles: 'zope', privs: 'CONNECT', type: 'database', grant_option: false }, ['GRANT CONNECT ON database "app" TO "zope"', 'REVOKE GRANT OPTION FOR CONNECT ON database "app" FROM "zope"']],
  [{ roles: 'zope', type: 'group', objs: 'read only', admin_option: true }, ['GRANT "read only" TO "zope" WITH ADMIN OPTION']],
  [{ roles: 'zope', privs: 'SET,ALTER_SYSTEM', type: 'parameter', objs: 'work_mem' }, ['GRANT SET,ALTER SYSTEM ON parameter "work_mem" TO "zope"']],
  [{ roles: 'zope', privs: 'USAGE', type: 'foreign_data_wrapper', objs: 'w' }, ['GRANT USAGE ON foreign data wrapper "w" TO "zope"']],
  [{ roles: 'zope', privs: 'SELECT', type: 'default_privs', objs: 'tables', target_roles: 'read only' }, [
    'ALTER DEFAULT PRIVILEGES FOR ROLE "read only" IN SCHEMA "public" REVOKE ALL ON TABLES FROM "zope"',
    'ALTER DEFAULT PRIVILEGES FOR ROLE "read only" IN SCHEMA "public" GRANT SELECT ON TABLES TO "zope"',
  ]],
  [{ roles: 'zope', privs: 'ALL', type: 'default_privs', objs: 'ALL_DEFAULT', schema: 'not-specified', state: 'absent' }, ['TABLES', 'FUNCTIONS', 'SEQUENCES', 'TYPES'].map((kind) => `ALTER DEFAULT PRIVILEGES REVOKE ALL ON ${kind} FROM "zope"`)],
])('%j', (args, statements) => {
  const given = { login_db: 'app', ...args }
  expect(planWith(postgresqlPrivs, given, CHANGES).changes.map(({ steps }) => String(steps[0]!.stdin))).toEqual([`${['BEGIN', ...statements, 'COMMIT'].join(';\n')};\n`])
  expect(resultWith(postgresqlPrivs, given, CHANGES)).toEqual({ queries: [statements.map((each) => `${each};`).join('\n')] })
  expect(planWith(postgresqlPrivs, given, { ...CHANGES, rehearsal: said(`${A}\n${A}\n`) }).changes).toEqual([])
})

const SELECT = { login_db: 'app', roles: 'zope', privs: 'SELECT', objs: 't' }

it('fails for roles that are not there, or goes on without them', () => {
  const none = { roles: said('') }
  expect(planWith(postgresqlPrivs, SELECT, none).fail).toBe("Role 'zope' does not exist")
  expect(planWith(postgresqlPrivs, { ...SELECT, fail_on_role: false }, none)).toMatchObject({ changes: [], warnings: ["Role 'zope' does not exist, pass it", 'No valid roles provided, nothing to do'] })
})

it('what only a rehearsal could tell is unknown once an earlier task would change privileges', () => {
  const same = { ...CHANGES, rehearsal: said(`${A}\n${A}\n`) }
  const left = planWith(postgresqlPrivs, SELECT, CHANGES).changes.flatMap(({ leaves }) => leaves ?? []).map((each) => (each.kind === 'answer' ? said(each.stdout) : undefined))
  expect(planWith(postgresqlPrivs, SELECT, same).changes).toEqual([])
  expect(() => planWith(postgresqlPrivs, SELECT, { ...same, planned: left[1] })).toThrow(NotKnown)
  expect(planWith(postgresqlPrivs, SELECT, { ...CHANGES, rehearsal: left[0], planned: left[1] }).changes).toEqual([])
})

it('tells what the server said', () => {
  expect(planWith(postgresqlPrivs, SELECT, { ...CHANGES, rehearsal: said(`${A}\nERROR:  relation "public.t" does not exist\n`, 3) }).fail).toBe(`Cannot execute SQL 'GRANT SELECT ON table "public"."t" TO "zope";': relation "public.t" does not exist\n`)
  expect(planWith(postgresqlPrivs, SELECT, { roles: said('no password supplied\n', 2) }).fail).toBe('unable to connect to database: no password supplied\n')
})

it.each<[Record<string, Plain>, string]>([
  [{ privs: 'KING' }, "Invalid privileges specified: frozenset({'KING'})"],
  [{ privs: null }, 'Argument "privs" is required for type "table".'],
  [{ objs: null }, 'Argument "objs" is required for type "table".'],
  [{ type: 'group' }, 'Argument "privs" is not allowed for type "group".'],
  [{ type: 'database', schema: 'x' }, 'Argument "schema" is not allowed for type "database".'],
  [{ type: 'schema', objs: 'ALL_IN_SCHEMA' }, 'ALL_IN_SCHEMA can be used only for'],
  [{ type: 'function', privs: 'EXECUTE', objs: 'add' }, 'Illegal function / procedure signature: "add".'],
  [{ type: 'default_privs', objs: 'TABLES', privs: 'USAGE' }, 'TABLES have no default privilege USAGE'],
  [{ type: 'default_privs', objs: 'VIEWS' }, 'Invalid Object set specified: VIEWS'],
])('refuses %j', (args, message) => expect(() => planWith(postgresqlPrivs, { ...SELECT, ...args }, CHANGES)).toThrow(message))

it('takes the aliases that Ansible has', () => expect(inputOf(postgresqlPrivs, { database: 'a', role: 'b', priv: 'ALL', obj: 'c' })).toMatchObject({ login_db: 'a', roles: 'b', privs: 'ALL', objs: 'c' }))
