/** ansible.builtin.reboot: restarts a host and waits until it is back. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { shellRead } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { sh } from '../contract/change.ts'
import { action, type ActionContext, type ActionResult } from '../contract/module.ts'
import { defaulting, integer, list, path, text, type Input } from '../contract/option.ts'
import { untilReachable } from './wait_for_connection.ts'

const options = {
  pre_reboot_delay: defaulting(integer('Seconds before it goes down; only whole minutes count.'), 0),
  post_reboot_delay: defaulting(integer('Seconds to wait before the first look whether it is back.'), 0),
  reboot_timeout: defaulting(integer('Seconds until it is given up, once for the restart and once for the test command.'), 600),
  connect_timeout: integer('Seconds for one connection.'),
  test_command: defaulting(text('What must succeed on the host before it counts as back.'), 'whoami'),
  msg: defaulting(text('What people who are logged in are told.'), 'Reboot initiated by Ansible'),
  search_paths: defaulting(list(path('Folder.'), 'Where shutdown is looked for.'), ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin']),
  boot_time_command: defaulting(text('Its output tells one start of the host from another.'), 'cat /proc/sys/kernel/random/boot_id'),
  reboot_command: text('Restarts the host, instead of shutdown -r.'),
} as const

type RebootInput = Input<typeof options>

/** Seconds between looks. */
const SLEEP = 1

export const reboot = action({
  name: 'ansible.builtin.reboot',
  summary: 'Restarts the host and waits until it is back.',
  options,
  async run(input, context) {
    if (context.local) throw new PlonerunError('reboot would restart this machine: the host is reached without a connection', { kind: 'task' })
    if (context.check) return { changed: true, result: { elapsed: 0, rebooted: true } }
    const before = await bootTime(input, context)
    const started = Date.now()
    const elapsed = (): number => Math.floor((Date.now() - started) / 1000)
    const refused = await goDown(input, context)
    if (refused !== undefined) return { changed: false, failed: true, msg: `Reboot command failed. Error was: '${refused}'`, result: { rebooted: false, elapsed: elapsed() } }
    await context.sleep(Math.max(0, input.post_reboot_delay))
    const failed = (msg: string): ActionResult => ({ changed: true, failed: true, msg, result: { rebooted: true, elapsed: elapsed() } })
    if (!(await isBack(input, context, before))) return failed(`Timed out waiting for last boot time check (timeout=${input.reboot_timeout})`)
    if (!(await passesTest(input, context))) return failed(`Timed out waiting for post-reboot test command (timeout=${input.reboot_timeout})`)
    return { changed: true, result: { rebooted: true, elapsed: elapsed() } }
  },
})

async function bootTime({ boot_time_command: command }: RebootInput, context: ActionContext): Promise<string> {
  context.forget(['anything'])
  const { answer } = await context.read({ answer: shellRead(`sh -c ${quote(command)}`, ['anything']) })
  if (answer.code !== 0) throw new PlonerunError(`failed to get host boot time info: ${command} ended with ${answer.code}`, { kind: 'task' })
  return answer.stdout.trim()
}

/** Gives what the command complains of. It may well take the connection with it before it has answered. */
async function goDown({ reboot_command: own, msg, pre_reboot_delay: delay, search_paths: folders }: RebootInput, context: ActionContext): Promise<string | undefined> {
  const step =
    own === undefined
      ? sh(`minutes=$1 text=$2; shift 2; for d do [ ! -x "$d/shutdown" ] || exec "$d/shutdown" -r "$minutes" "$text"; done; echo "Unable to find command \\"shutdown\\" in search paths: $*" >&2; exit 127`, String(Math.floor(Math.max(0, delay) / 60)), msg, ...folders)
      : sh(own)
  try {
    const [reply] = await context.apply([{ summary: 'reboot', writes: ['anything'], steps: [step] }])
    return reply === undefined || reply.code === 0 || reply.lost !== undefined ? undefined : `${reply.stdout.toString().trim()}, ${reply.stderr.toString().trim()}`
  } catch (error) {
    if (context.signal.aborted || !(error instanceof PlonerunError) || error.kind !== 'unreachable') throw error
    return undefined
  }
}

/** Connects until the host tells of another start than before. */
async function isBack(input: RebootInput, context: ActionContext, before: string): Promise<boolean> {
  const deadline = Date.now() + input.reboot_timeout * 1000
  while (Date.now() < deadline) {
    if ((await untilReachable(context, { limit: input.connect_timeout, sleep: SLEEP, deadline })) !== undefined) return false
    const now = await bootTime(input, context).catch((error: unknown) => {
      if (context.signal.aborted) throw error
      return before
    })
    if (now !== before) return true
    await context.sleep(SLEEP)
  }
  return false
}

async function passesTest({ test_command: command, reboot_timeout: timeout, connect_timeout: limit }: RebootInput, context: ActionContext): Promise<boolean> {
  const deadline = Date.now() + timeout * 1000
  while (Date.now() < deadline) {
    try {
      context.forget(['anything'])
      const { answer } = await context.read({ answer: shellRead(`sh -c ${quote(command)}`, ['anything']) })
      if (answer.code === 0) return true
    } catch (error) {
      if (context.signal.aborted) throw error
      await untilReachable(context, { limit, sleep: SLEEP, deadline })
    }
    await context.sleep(SLEEP)
  }
  return false
}
