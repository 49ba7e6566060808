/** The machines of a cycle, reached through the engine. */
import { LONGEST, type Box } from '../../cycle/box.ts'
import type { Reach } from '../../cycle/course.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { shellRead } from '../../probe/shell.ts'
import type { ActionContext } from '../contract/module.ts'

/** What depends on nothing that a task says it writes: asked anew each time. */
const RUNNING = ['path:/proc'] as const

/**
 * @param context of the balancer's host
 * @param lane what no other cycle is called
 */
export function reachOf(host: ActionContext, lane: string): Reach {
  const context = host.lane(lane)
  const balancer = boxOf(context)
  const others = new Map<string, Box>()
  const reach: Reach = {
    balancer,
    of({ host: name }) {
      if (name === undefined || name === context.host) return balancer
      const box = others.get(name) ?? boxOf(context.on(name))
      others.set(name, box)
      return box
    },
    slot: (number) => (number === 0 ? reach : reachOf(host, `${lane} ${number}`)),
  }
  return reach
}

function boxOf(context: ActionContext): Box {
  return {
    async exchange(commands, looks) {
      if (context.check) return { printed: [], seen: await read(context, looks) }
      const replies = await context.proceed([
        ...commands.map(({ argv, stdin, seconds = LONGEST }) => ({ argv, timeout: seconds, ...(stdin !== undefined && { stdin }) })),
        ...looks.map((script) => ({ argv: ['/bin/sh', '-c', `${script}\nexit 0`], timeout: LONGEST })),
      ])
      replies.forEach(({ code, lost, stderr, timedOut }, index) => {
        const { summary, seconds = LONGEST } = commands[index] ?? { summary: 'a look at the balancer or its backends' }
        if (lost !== undefined) throw new PlonerunError(`${summary}: ${lost}`, { kind: context.signal.aborted ? 'interrupted' : 'task' })
        if (timedOut) throw new PlonerunError(`${summary}: it took longer than ${seconds} seconds`, { kind: 'task' })
        if (code !== 0) throw new PlonerunError(`${summary}: exit code ${String(code)}`, { kind: 'task', why: stderr.toString().trim() })
      })
      const texts = replies.map(({ stdout }) => stdout.toString())
      return { printed: texts.slice(0, commands.length), seen: texts.slice(commands.length) }
    },
    connect: (host, port) => context.tunnel({ host, port }),
    sleep: (seconds) => context.sleep(seconds),
  }
}

async function read(context: ActionContext, looks: readonly string[]): Promise<string[]> {
  context.forget(RUNNING)
  const seen = await context.read(Object.fromEntries(looks.map((script, index) => [String(index), shellRead(script, RUNNING)])))
  return looks.map((_, index) => seen[String(index)]!.stdout)
}
