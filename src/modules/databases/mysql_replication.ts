/** community.mysql.mysql_replication: primaries and replicas of MySQL and MariaDB. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Read } from '../../probe/read.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { ShellResult } from '../../probe/shell.ts'
import { fromPlain } from '../../values/convert.ts'
import { str } from '../../values/print.ts'
import type { Plain } from '../../values/value.ts'
import type { Plan } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, integer, oneOf, text, type Input } from '../contract/option.ts'
import { configRead, loginFailure, mysqlAnswered, mysqlRead, mysqlStep, sqlText } from './mysql-client.ts'
import { loginOptions } from './mysql-login.ts'
import { serverOf, versionRead } from './mysql-version.ts'

const MODES = ['changeprimary', 'changereplication', 'getprimary', 'getreplica', 'startreplica', 'stopreplica', 'resetprimary', 'resetreplica', 'resetreplicaall'] as const

const options = {
  ...loginOptions,
  mode: defaulting(oneOf(MODES, 'What to do; the two that begin with get only tell.'), 'getreplica'),
  primary_host: text('The primary.', { aliases: ['master_host'] }),
  primary_user: text('Who logs in there.', { aliases: ['master_user'] }),
  primary_password: text('Their password.', { aliases: ['master_password'], secret: true }),
  primary_port: integer('Its port.', { aliases: ['master_port'] }),
  primary_connect_retry: integer('Seconds between attempts to reach it.', { aliases: ['master_connect_retry'] }),
  primary_log_file: text('The log file to begin with.', { aliases: ['master_log_file'] }),
  primary_log_pos: integer('Where in it.', { aliases: ['master_log_pos'] }),
  primary_delay: integer('Seconds to stay behind.', { aliases: ['master_delay'] }),
  relay_log_file: text('The relay log file to begin with.'),
  relay_log_pos: integer('Where in it.'),
  primary_ssl: flag('The connection is encrypted.', { aliases: ['master_ssl'] }),
  primary_ssl_ca: text('The certificate that is trusted.', { aliases: ['master_ssl_ca'] }),
  primary_ssl_capath: text('A folder of them.', { aliases: ['master_ssl_capath'] }),
  primary_ssl_cert: text("The replica's certificate.", { aliases: ['master_ssl_cert'] }),
  primary_ssl_key: text("The replica's key.", { aliases: ['master_ssl_key'] }),
  primary_ssl_cipher: text('Ciphers.', { aliases: ['master_ssl_cipher'] }),
  primary_ssl_verify_server_cert: flag('The certificate must name the primary.'),
  primary_auto_position: defaulting(flag('MySQL: goes by global transaction ids.', { aliases: ['master_auto_position'] }), false),
  primary_use_gtid: oneOf(['current_pos', 'replica_pos', 'disabled'], 'MariaDB: goes by global transaction ids.', { aliases: ['master_use_gtid'] }),
  connection_name: text('MariaDB: the name of the connection.'),
  channel: text('MySQL: the channel.'),
  fail_on_error: defaulting(flag('Has no effect: what the server refuses is a failure.'), false),
} as const

type ReplicationInput = Input<typeof options>
interface Known {
  readonly version: ShellResult
  readonly config: PathState
  readonly status?: ShellResult
}

export const mysqlReplication = state({
  name: 'community.mysql.mysql_replication',
  aliases: ['ansible.mysql.mysql_replication'],
  summary: 'Tells, sets up, starts and stops replication of MySQL and MariaDB.',
  options,
  beyond: true,
  rules: { mutuallyExclusive: [['connection_name', 'channel']] },
  reads: (input, _prepared, known: Partial<Known>): { version: Read<ShellResult>; config: Read<PathState>; status?: Read<ShellResult> } => ({
    version: versionRead(input),
    config: configRead(input),
    ...(known.version?.code === 0 && { status: statusRead(input, known.version) }),
  }),
  plan: (input, known: Known) => plan(input, known),
  result(input, known: Known, { changed }) {
    // What was not needed is told as well: Ansible tries it.
    const queries = input.mode === 'getprimary' || input.mode === 'getreplica' ? [] : [shown(input, wordsOf(known.version))]
    const status = rowOf(known.status)
    if (input.mode === 'getprimary') return status === undefined ? { queries, Is_Primary: false, msg: 'Server is not configured as mysql primary. Meaning: Binary logs are disabled' } : { queries, ...status, Is_Primary: true }
    if (input.mode === 'getreplica') return status === undefined ? { queries, Is_Replica: false, msg: 'Server is not configured as mysql replica' } : { queries, ...status, Is_Replica: true }
    return { queries, ...(MESSAGES[input.mode] !== undefined && { msg: MESSAGES[input.mode]![changed ? 0 : 1] }) }
  },
})

const MESSAGES: Readonly<Partial<Record<ReplicationInput['mode'], readonly [changed: string, same: string]>>> = {
  startreplica: ['Replica started ', 'Replica already started (Or cannot be started)'],
  stopreplica: ['Replica stopped', 'Replica already stopped'],
  resetprimary: ['Primary reset', 'Primary already reset'],
  resetreplica: ['Replica reset', 'Replica already reset'],
  resetreplicaall: ['Replica reset', 'Replica already reset'],
}

/** The words that this server uses: both families have renamed them, at different versions. */
interface Words {
  readonly replica: string
  readonly source: string
  readonly change: string
  readonly primaryStatus: string
  readonly resetPrimary: string
}

function wordsOf(version: ShellResult): Words {
  const { isMariadb, since } = serverOf(version)
  if (isMariadb) return { replica: since(10, 5, 1) ? 'REPLICA' : 'SLAVE', source: 'MASTER', change: 'CHANGE MASTER', primaryStatus: since(10, 5, 2) ? 'SHOW BINLOG STATUS' : 'SHOW MASTER STATUS', resetPrimary: 'RESET MASTER' }
  const isNew = since(8, 0, 23)
  return {
    replica: since(8, 0, 22) ? 'REPLICA' : 'SLAVE',
    source: isNew ? 'SOURCE' : 'MASTER',
    change: isNew ? 'CHANGE REPLICATION SOURCE' : 'CHANGE MASTER',
    primaryStatus: since(8, 2, 0) ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS',
    resetPrimary: since(8, 4, 0) ? 'RESET BINARY LOGS AND GTIDS' : 'RESET MASTER',
  }
}

function statusRead(input: ReplicationInput, version: ShellResult): Read<ShellResult> {
  return mysqlRead(input, statusQuery(input, wordsOf(version)), { names: true })
}

function statusQuery(input: ReplicationInput, words: Words): string {
  return input.mode === 'getprimary' || input.mode === 'resetprimary' ? words.primaryStatus : `SHOW ${words.replica}${named(input)} STATUS${onChannel(input)}`
}

function named({ connection_name: name }: ReplicationInput): string {
  return name ? ` ${sqlText(name)}` : ''
}

function onChannel({ channel }: ReplicationInput): string {
  return channel ? ` FOR CHANNEL ${sqlText(channel)}` : ''
}

/** The row of a status by its columns; undefined when there is none. */
function rowOf(answer: ShellResult | undefined): Readonly<Record<string, Plain>> | undefined {
  const [head, row] = (answer?.stdout ?? '').split('\n')
  if (answer?.code !== 0 || head === undefined || row === undefined || row === '') return undefined
  const cells = row.split('\t')
  return Object.fromEntries(head.split('\t').map((name, index) => [name, valueOf(cells[index] ?? '')]))
}

function valueOf(cell: string): Plain {
  if (cell === 'NULL') return null
  return /^\d{1,15}$/.test(cell) ? Number(cell) : cell
}

function plan(input: ReplicationInput, known: Known): Plan {
  const answer = known.version
  if (answer.code !== 0) return { fail: loginFailure(answer, known.config) }
  const words = wordsOf(answer)
  const { status } = known
  if (status !== undefined && status.code !== 0) return { fail: `the server does not tell its status: ${status.stdout.trim()}` }
  if (input.mode === 'getprimary' || input.mode === 'getreplica') return {}
  if (!isNeeded(input, rowOf(status))) return {}
  const query = statement(input, words)
  return { changes: [{ summary: shown(input, words), writes: ['anything'], steps: [mysqlStep(input, [query])], leaves: [mysqlAnswered(statusRead(input, answer), statusAfter(input, status))] }] }
}

/** check mode: what the server would tell of its status. */
function statusAfter({ mode }: ReplicationInput, before: ShellResult | undefined): string {
  const row = rowOf(before)
  if (mode === 'resetreplicaall') return ''
  if (mode === 'resetprimary') return before?.stdout ?? ''
  const runs = mode === 'startreplica' ? 'Yes' : mode === 'stopreplica' ? 'No' : undefined
  const names = ['IO', 'SQL'].map((thread) => (row !== undefined && `Replica_${thread}_Running` in row ? `Replica_${thread}_Running` : `Slave_${thread}_Running`))
  const after = Object.entries({ ...row, ...Object.fromEntries(names.map((name) => [name, runs ?? row?.[name] ?? 'No'])) })
  return `${after.map(([name]) => name).join('\t')}\n${after.map(([, value]) => (value === null ? 'NULL' : str(fromPlain(value)))).join('\t')}\n`
}

/** Both threads of a replica run, or neither does; one that is not set up can do neither. */
function isNeeded({ mode }: ReplicationInput, status: Readonly<Record<string, Plain>> | undefined): boolean {
  if (mode === 'changeprimary' || mode === 'changereplication') return true
  if (status === undefined) return false
  const threads = ['IO', 'SQL'].map((thread) => (status[`Replica_${thread}_Running`] ?? status[`Slave_${thread}_Running`]) !== 'No')
  if (mode === 'startreplica') return !threads.every(Boolean)
  return mode !== 'stopreplica' || threads.some(Boolean)
}

/** The statement, without the password. */
function shown(input: ReplicationInput, words: Words): string {
  return statement({ ...input, ...(input.primary_password !== undefined && { primary_password: '********' }) }, words)
}

/** @throws PlonerunError when a change would change nothing */
function statement(input: ReplicationInput, words: Words): string {
  switch (input.mode) {
    case 'startreplica':
    case 'stopreplica':
      return `${input.mode === 'startreplica' ? 'START' : 'STOP'} ${words.replica}${named(input)}${onChannel(input)}`
    case 'resetreplica':
    case 'resetreplicaall':
      return `RESET ${words.replica}${named(input)}${input.mode === 'resetreplicaall' ? ' ALL' : ''}${onChannel(input)}`
    case 'resetprimary':
      return words.resetPrimary
    default: {
      const isSource = input.mode === 'changereplication'
      const settings = settingsOf(input, { ...words, ...(isSource && { source: 'SOURCE' }) })
      if (settings.length === 0) throw new PlonerunError(`mysql_replication: mode ${input.mode} needs something to change, such as primary_host`, { kind: 'task' })
      return `${isSource ? 'CHANGE REPLICATION SOURCE' : words.change}${isSource ? '' : named(input)} TO ${settings.join(',')}${onChannel(input)}`
    }
  }
}

function settingsOf(input: ReplicationInput, { source, replica }: Words): readonly string[] {
  const textual = (name: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [`${name}=${sqlText(value)}`])
  const number = (name: string, value: number | boolean | undefined): readonly string[] => (value === undefined ? [] : [`${name}=${Number(value)}`])
  const gtid = { current_pos: 'current_pos', replica_pos: replica === 'REPLICA' ? 'replica_pos' : 'slave_pos', disabled: 'no' }
  return [
    ...textual(`${source}_HOST`, input.primary_host), ...textual(`${source}_USER`, input.primary_user), ...textual(`${source}_PASSWORD`, input.primary_password),
    ...number(`${source}_PORT`, input.primary_port), ...number(`${source}_CONNECT_RETRY`, input.primary_connect_retry),
    ...textual(`${source}_LOG_FILE`, input.primary_log_file), ...number(`${source}_LOG_POS`, input.primary_log_pos), ...number(`${source}_DELAY`, input.primary_delay),
    ...textual('RELAY_LOG_FILE', input.relay_log_file), ...number('RELAY_LOG_POS', input.relay_log_pos),
    ...number(`${source}_SSL`, input.primary_ssl), ...textual(`${source}_SSL_CA`, input.primary_ssl_ca), ...textual(`${source}_SSL_CAPATH`, input.primary_ssl_capath),
    ...textual(`${source}_SSL_CERT`, input.primary_ssl_cert), ...textual(`${source}_SSL_KEY`, input.primary_ssl_key), ...textual(`${source}_SSL_CIPHER`, input.primary_ssl_cipher),
    ...number(`${source}_SSL_VERIFY_SERVER_CERT`, input.primary_ssl_verify_server_cert), ...(input.primary_auto_position ? [`${source}_AUTO_POSITION=1`] : []),
    ...(input.primary_use_gtid === undefined ? [] : [`MASTER_USE_GTID=${gtid[input.primary_use_gtid]}`]),
  ]
}
