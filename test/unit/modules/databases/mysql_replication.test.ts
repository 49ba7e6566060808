/** Replication: the exact statements. They run for real in test/lab/modules.test.ts. */
import { expect, it } from 'vitest'
import { mysqlReplication } from '../../../../src/modules/databases/mysql_replication.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planWith, resultWith } from '../../../support/drive.ts'

const said = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code })
const [mariadb, old, mysql] = [said('11.8.3-MariaDB-0+deb13u1 from Debian\n'), said('5.7.40\n'), said('8.4.2\n')]
const none = said('')
const replica = (io: string, sql: string): unknown => said(`Slave_IO_State\tMaster_Host\tMaster_Port\tSlave_IO_Running\tSlave_SQL_Running\tLast_Error\n\tdb1\t3306\t${io}\t${sql}\tNULL\n`)

function statements(args: Record<string, Plain>, state: Record<string, unknown>): readonly string[] {
  const { changes, fail } = planWith(mysqlReplication, args, state)
  return fail === undefined ? changes.flatMap(({ steps }) => steps.map(({ stdin }) => String(stdin))) : [`fail: ${fail}`]
}

it.each<[Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  [{ mode: 'startreplica' }, { version: mariadb, status: replica('No', 'No') }, ['START REPLICA;\n']],
  [{ mode: 'startreplica' }, { version: mariadb, status: replica('Connecting', 'Yes') }, []],
  [{ mode: 'startreplica' }, { version: mariadb, status: none }, []],
  [{ mode: 'startreplica', connection_name: 'one' }, { version: old, status: replica('No', 'Yes') }, ["START SLAVE 'one';\n"]],
  [{ mode: 'stopreplica', channel: 'one' }, { version: mysql, status: replica('Yes', 'Yes') }, ["STOP REPLICA FOR CHANNEL 'one';\n"]],
  [{ mode: 'stopreplica' }, { version: mysql, status: replica('No', 'No') }, []],
  [{ mode: 'resetreplicaall' }, { version: mariadb, status: replica('No', 'No') }, ['RESET REPLICA ALL;\n']],
  [{ mode: 'resetreplicaall' }, { version: mariadb, status: none }, []],
  [{ mode: 'resetprimary' }, { version: mysql, status: said('File\tPosition\nbin.1\t4\n') }, ['RESET BINARY LOGS AND GTIDS;\n']],
  [{ mode: 'changeprimary', primary_host: "d'b", primary_port: 3307, primary_ssl: false, primary_use_gtid: 'replica_pos' }, { version: mariadb, status: none }, ["CHANGE MASTER TO MASTER_HOST='d''b',MASTER_PORT=3307,MASTER_SSL=0,MASTER_USE_GTID=replica_pos;\n"]],
  [{ mode: 'changeprimary', master_host: 'db', primary_auto_position: true }, { version: mysql, status: none }, ["CHANGE REPLICATION SOURCE TO SOURCE_HOST='db',SOURCE_AUTO_POSITION=1;\n"]],
  [{ mode: 'changeprimary', master_log_file: 'bin.9', master_log_pos: 4 }, { version: old, status: none }, ["CHANGE MASTER TO MASTER_LOG_FILE='bin.9',MASTER_LOG_POS=4;\n"]],
  [{ mode: 'changereplication', primary_host: 'db', channel: 'c' }, { version: mysql, status: none }, ["CHANGE REPLICATION SOURCE TO SOURCE_HOST='db' FOR CHANNEL 'c';\n"]],
  [{ mode: 'getreplica' }, { version: mysql, status: replica('Yes', 'Yes') }, []],
  [{ mode: 'getreplica' }, { version: said('ERROR 1045 (28000): Access denied\n', 1), config: { path: '/root/.my.cnf' } }, ["fail: unable to connect to database, check login_user and login_password are correct or /root/.my.cnf has the credentials. Exception message: (1045, 'Access denied')"]],
])('%j', (args, state, wanted) => expect(statements(args, state)).toEqual(wanted))

it('tells no password', () => {
  const args = { mode: 'changeprimary', primary_host: 'db', primary_password: 'sesame' }
  const state = { version: mariadb, status: none }
  expect(planWith(mysqlReplication, args, state).changes[0]!.summary).toBe("CHANGE MASTER TO MASTER_HOST='db',MASTER_PASSWORD='********'")
  expect(resultWith(mysqlReplication, args, state, { changed: true })).toEqual({ queries: ["CHANGE MASTER TO MASTER_HOST='db',MASTER_PASSWORD='********'"] })
})

it('tells the status', () => {
  expect(resultWith(mysqlReplication, {}, { version: mysql, status: replica('Yes', 'Yes') })).toMatchObject({ Is_Replica: true, Master_Host: 'db1', Master_Port: 3306, Last_Error: null })
  expect(resultWith(mysqlReplication, {}, { version: mysql, status: none })).toMatchObject({ Is_Replica: false, msg: 'Server is not configured as mysql replica' })
  expect(resultWith(mysqlReplication, { mode: 'getprimary' }, { version: mysql, status: said('File\tPosition\nbin.1\t4\n') })).toMatchObject({ Is_Primary: true, File: 'bin.1', Position: 4 })
})

it('needs something to change', () => expect(() => planWith(mysqlReplication, { mode: 'changeprimary' }, { version: mysql, status: none })).toThrow('needs something to change'))

it('foresees that a replica that is set up can be started, and then runs', () => {
  const after = (mode: string, state: unknown): unknown => {
    const [leaves] = planWith(mysqlReplication, { mode, ...(mode === 'changeprimary' && { primary_host: 'db' }) }, { version: mariadb, status: state }).changes.map((change) => change.leaves?.[0])
    return leaves?.kind === 'answer' ? said(leaves.stdout) : state
  }
  const setUp = after('changeprimary', none)
  expect(statements({ mode: 'startreplica' }, { version: mariadb, status: setUp })).toEqual(['START REPLICA;\n'])
  expect(statements({ mode: 'startreplica' }, { version: mariadb, status: after('startreplica', setUp) })).toEqual([])
  expect(statements({ mode: 'resetreplicaall' }, { version: mariadb, status: after('resetreplicaall', setUp) })).toEqual([])
})
