/** ansible.posix.synchronize: keeps a folder alike on two machines, with rsync. */
import { execFile } from 'node:child_process'
import { isAbsolute, resolve } from 'node:path'
import { promisify } from 'node:util'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { pathResource, type Resource } from '../../probe/resource.ts'
import { shellRead } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { splitWords } from '../../shell/words.ts'
import { serveRemoteShell } from '../../transport/remote-shell.ts'
import { str } from '../../values/print.ts'
import type { Change } from '../contract/change.ts'
import { action, type ActionContext, type ActionResult } from '../contract/module.ts'
import { defaulting, flag, integer, list, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { rehearsal, rsyncChanges, rsyncDiff, rsyncOptions, withoutMarkers } from './rsync-call.ts'

const options = {
  src: required(text('Where the files are; a slash at the end means what is in the folder. On the controller, or with pull on the host.')),
  dest: required(text('Where they go. On the host, or with pull on the controller.')),
  mode: defaulting(oneOf(['pull', 'push'], 'push: from the controller, or the host that the task is delegated to, to the host; pull: the other way.'), 'push'),
  archive: defaulting(flag('Folders with all that is below, links, modes, times, owners, groups and devices.'), true),
  recursive: flag('Folders with all that is below; as archive says unless given.'),
  links: flag('Links stay links; as archive says unless given.'),
  perms: flag('Keeps modes; as archive says unless given.'),
  times: flag('Keeps times; as archive says unless given.'),
  owner: flag('Keeps owners; as archive says unless given.'),
  group: flag('Keeps groups; as archive says unless given.'),
  copy_links: defaulting(flag('Copies what links lead to.'), false),
  dirs: defaulting(flag('Folders without what is below.'), false),
  delete: defaulting(flag('Removes what src does not have.'), false),
  existing_only: defaulting(flag('Makes nothing new.'), false),
  checksum: defaulting(flag('Compares contents, not sizes and times.'), false),
  compress: defaulting(flag('Compresses what travels.'), true),
  partial: defaulting(flag('Keeps a file that arrived in part.'), false),
  delay_updates: defaulting(flag('Puts all files in place at the end; also honours .rsync-filter files.'), true),
  link_dest: list(path('A folder.'), 'Files that are in one of these folders already become hard links to them.'),
  rsync_opts: defaulting(list(text('An option.'), 'More options of rsync.'), []),
  rsync_path: text('The rsync on the other machine, in place of become.'),
  rsync_timeout: defaulting(integer('Seconds without any traffic until rsync gives up.'), 0),
  dest_port: integer("Port of the host's sshd, when it is not the connection's."),
  private_key: path("Key for the host, when it is not the connection's."),
  set_remote_user: defaulting(flag('ssh gets the user of the host, and does not take one from its own configuration.'), true),
  verify_host: defaulting(flag('An ssh that rsync starts checks the host key; the connection of plonerun always does.'), false),
  use_ssh_args: defaulting(flag('An ssh that rsync starts gets the ssh arguments of the host.'), false),
  ssh_connection_multiplexing: defaulting(flag('An ssh that rsync starts may share a connection.'), false),
} as const

type SyncInput = Input<typeof options>

/** How rsync gets to the other end. */
interface Route {
  readonly argv: readonly string[]
  /** The same without what nobody can make use of. */
  readonly shown: readonly string[]
  /** Runs the call and gives what came of it. */
  readonly run: (argv: readonly string[]) => Promise<Ran>
  /** Where the files arrive, when that is a machine that plonerun asks things. */
  readonly receiver: ActionContext
}

interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export const synchronize = action({
  name: 'ansible.posix.synchronize',
  summary: 'Keeps files and folders alike on two machines, with rsync on both. It goes over the connection that plonerun has.',
  options,
  run: (input, context) => (place(context) === 'controller' ? overConnection(input, context) : onHost(input, context)),
})

/** Where rsync runs: on the controller, or on a host. */
function place(context: ActionContext): 'controller' | 'host' {
  const { delegatedTo, local, host } = context
  if (delegatedTo === undefined) return local ? 'host' : 'controller'
  return delegatedTo !== host && local && !context.on(host).local ? 'controller' : 'host'
}

async function overConnection(input: SyncInput, context: ActionContext): Promise<ActionResult> {
  const host = context.on(context.host)
  const ownWay = input.private_key !== undefined || input.dest_port !== undefined
  const other = input.rsync_path === undefined ? host : host.asLogin()
  const shell = ownWay ? undefined : await serveRemoteShell((command) => other.start(command))
  try {
    const there = (place: string): string => (place.includes(':') ? place : `${ownWay ? target(input, context) : context.host.replace(/[^\w.-]/g, '_')}:${place}`)
    const here = (place: string): string => onController(place, context)
    const places = input.mode === 'push' ? [here(input.src), there(input.dest)] : [there(input.src), here(input.dest)]
    const words = rsyncWords(input, context)
    const rsh = shell === undefined ? sshWords(input, context) : shell.argv
    return await finish(input, context, {
      argv: [...words, `--rsh=${rsh.map(quote).join(' ')}`, ...places],
      shown: [...words, ...places],
      run: async (argv) => {
        const ran = await runHere(argv, context.signal)
        return { ...ran, stderr: [shell?.complaints.trim(), ran.stderr].filter(Boolean).join('\n') }
      },
      receiver: input.mode === 'push' ? host : context.on('localhost'),
    })
  } finally {
    await shell?.close()
  }
}

/** On the host itself, or between the host that the task is delegated to and it. */
async function onHost(input: SyncInput, context: ActionContext): Promise<ActionResult> {
  const { delegatedTo, host } = context
  const alone = delegatedTo === undefined || delegatedTo === host || context.local
  if (!alone && context.on(host).local) throw new PlonerunError(`synchronize: ${delegatedTo} cannot reach the controller`, { where: context.position, hint: `Run the task for ${delegatedTo}, with mode ${input.mode === 'push' ? 'pull' : 'push'} and delegated to nobody.` })
  const here = (place: string): string => (context.local ? onController(place, context) : place)
  const there = (place: string): string => (alone ? here(place) : place.includes(':') ? place : `${target(input, context)}:${place}`)
  const places = input.mode === 'push' ? [here(input.src), there(input.dest)] : [there(input.src), here(input.dest)]
  const words = [...rsyncWords(input, context), ...(alone ? [] : [`--rsh=${sshWords(input, context).map(quote).join(' ')}`])]
  const runner = alone ? context : context.asLogin()
  return finish(input, context, {
    argv: [...words, ...places],
    shown: [...words, ...places],
    run: (argv) => runThere(argv, runner),
    receiver: alone || input.mode === 'pull' ? context : context.on(host),
  })
}

function rsyncWords(input: SyncInput, context: ActionContext): readonly string[] {
  const program = context.variable('ansible_rsync_path')
  return [program === undefined || program === null ? 'rsync' : str(program), ...rsyncOptions(input), ...(input.rsync_path === undefined ? [] : [`--rsync-path=${input.rsync_path}`])]
}

/** A relative path is looked for as files are, and otherwise starts from the playbook's folder. */
function onController(place: string, context: ActionContext): string {
  if (place.includes(':') || isAbsolute(place)) return place
  const slash = place.endsWith('/') ? '/' : ''
  try {
    return context.findFile('files', place.replace(/(?<=.)\/+$/, '')) + slash
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    return resolve(str(context.variable('playbook_dir') ?? '.'), place) + slash
  }
}

/** `user@address`, for an ssh that plonerun does not start itself. */
function target({ set_remote_user: named }: SyncInput, context: ActionContext): string {
  const [user, address] = [variableOf(context, 'ansible_user', 'ansible_ssh_user'), variableOf(context, 'ansible_host', 'ansible_ssh_host') ?? context.host]
  return `${named && user !== undefined ? `${user}@` : ''}${address.includes(':') ? `[${address}]` : address}`
}

function sshWords(input: SyncInput, context: ActionContext): readonly string[] {
  const port = input.dest_port ?? variableOf(context, 'ansible_port', 'ansible_ssh_port')
  const key = input.private_key ?? variableOf(context, 'ansible_ssh_private_key_file', 'ansible_private_key_file')
  return [
    'ssh',
    ...(input.ssh_connection_multiplexing ? [] : ['-S', 'none']),
    ...(key === undefined ? [] : ['-i', key]),
    ...(port === undefined ? [] : ['-o', `Port=${port}`]),
    ...(input.verify_host ? [] : ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null']),
    ...(input.use_ssh_args ? splitWords([variableOf(context, 'ansible_ssh_common_args'), variableOf(context, 'ansible_ssh_extra_args')].join(' ')) : []),
  ]
}

function variableOf(context: ActionContext, ...names: readonly string[]): string | undefined {
  const value = names.map((name) => context.variable(name) ?? null).find((found) => found !== null)
  return value === undefined ? undefined : str(value)
}

async function finish(input: SyncInput, context: ActionContext, { argv, shown, run, receiver }: Route): Promise<ActionResult> {
  const cmd = shown.map(quote).join(' ')
  const { code, stdout, stderr } = await run(context.check ? rehearsal(argv) : argv)
  const resource: Resource = isAbsolute(input.dest) ? pathResource(input.dest) : 'anything'
  if (!context.check) receiver.forget([resource])
  if (code !== 0) {
    // What installs rsync may be a task that check mode only foretold.
    if (context.check && /rsync: (command )?not found/.test(stderr)) return { result: { cmd }, unknown: `rsync to ${input.dest}` }
    return { result: { cmd, ...(code !== null && { rc: code }) }, failed: true, changed: false, msg: `rsync failed: ${stderr.trim() || `exit code ${code}`}${/rsync: (command )?not found|ENOENT/.test(stderr) ? ' (rsync has to be installed on both machines)' : ''}` }
  }
  const changes = rsyncChanges(stdout)
  const change: Change = { summary: `synchronize ${input.dest}: ${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`, diff: rsyncDiff(changes), writes: [resource], steps: [], leaves: [{ kind: 'anything' }] }
  if (changes.length > 0) await receiver.apply([change])
  return { result: { cmd, rc: 0, msg: withoutMarkers(stdout), stdout_lines: withoutMarkers(stdout).split('\n').filter((line) => line !== '') }, changed: changes.length > 0 }
}

async function runHere([program = '', ...words]: readonly string[], signal: AbortSignal): Promise<Ran> {
  try {
    return { code: 0, ...(await promisify(execFile)(program, words, { signal, maxBuffer: 1e8, encoding: 'utf8' })) }
  } catch (error) {
    const { code, stdout = '', stderr = '', message } = error as Error & { code?: number | string; stdout?: string; stderr?: string }
    if (code === 'ABORT_ERR') throw new PlonerunError('stopped while rsync was at work', { kind: 'interrupted' })
    return { code: typeof code === 'number' ? code : null, stdout, stderr: stderr || message }
  }
}

/** The call on a host; a rehearsal only reads. */
async function runThere(argv: readonly string[], context: ActionContext): Promise<Ran> {
  if (context.check) {
    const { ran } = await context.read({ ran: shellRead(`${argv.map(quote).join(' ')} 2>&1`, ['anything', 'beyond:']) })
    return { code: ran.code, stdout: ran.stdout, stderr: ran.stdout }
  }
  const [reply] = await context.proceed([{ argv, user: true }])
  return { code: reply?.code ?? null, stdout: reply?.stdout.toString('utf8') ?? '', stderr: reply?.lost ?? reply?.stderr.toString('utf8') ?? '' }
}
