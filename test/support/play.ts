/** Runs a playbook text over hosts that are in-process ssh servers with real shells, and tells what happened. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { indexModules, isModule, isModuleName, moduleNames } from '../../src/engine/module-names.ts'
import { run, type RunOptions } from '../../src/engine/run.ts'
import type { RunEnded, RunEvent, TaskEnded } from '../../src/engine/events.ts'
import { createLoader } from '../../src/load/loader.ts'
import { createPluginPlaces } from '../../src/load/plugin-places.ts'
import { modules as allModules } from '../../src/modules/registry.generated.ts'
import { createPythonPlugins } from '../../src/template/python/plugins.ts'
import { createTemplating } from '../../src/template/templating.ts'
import type { Value } from '../../src/values/value.ts'
import { scopeOf } from '../../src/vars/scope.ts'
import { startSshServer, type SshServer } from './ssh-server.ts'

export interface Stage {
  /** A folder for what the plays write: `{{ out }}` in them. */
  readonly out: string
  /** The folder of the playbook. */
  readonly folder: string
  readonly servers: ReadonlyMap<string, SshServer>
  /** Writes files beside the playbook. */
  write(files: Readonly<Record<string, string>>): void
  play(playbook: string, options?: Partial<RunOptions>): Promise<Played>
  end(): Promise<void>
}

export interface Played {
  readonly ended: RunEnded
  readonly events: readonly RunEvent[]
  /** `host task: status`, in the order they were told; items left out. */
  readonly order: readonly string[]
  /** The last result of a task on a host. */
  result(task: string, host?: string): TaskEnded['result']
  status(task: string, host?: string): string | undefined
  /** Round trips of a host. */
  roundTrips(host?: string): number
}

/** Hosts of that name, each an ssh server of its own on this machine. */
export async function setStage(hosts: readonly string[] = ['h1'], inventoryVars = ''): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'plonerun-play-'))
  const out = join(folder, 'out')
  mkdirSync(out)
  const servers = new Map<string, SshServer>()
  for (const host of hosts) servers.set(host, await startSshServer())
  const lines = [...servers].map(([host, server]) => {
    const { port, user } = server.address()
    return `${host} ansible_host=127.0.0.1 ansible_port=${port ?? 22} ansible_user=${user ?? 'root'} ansible_password=secret plonerun_known_hosts=${server.knownHosts}`
  })
  writeFileSync(join(folder, 'hosts'), `[group]\n${lines.join('\n')}\n[all:vars]\nout=${out}\n${inventoryVars}\n`)
  const stage: Stage = {
    out,
    folder,
    servers,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), text)
      }
    },
    async play(playbook, options = {}) {
      const file = join(folder, 'play.yml')
      writeFileSync(file, playbook)
      return perform(file, join(folder, 'hosts'), options)
    },
    async end() {
      await Promise.all([...servers.values()].map((server) => server.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return stage
}

async function perform(file: string, inventoryFile: string, options: Partial<RunOptions>): Promise<Played> {
  const modules = indexModules(allModules)
  const plugins = createPluginPlaces({ paths: { filter: [], test: [], lookup: [] } })
  const own = createPythonPlugins(plugins.folders)
  const templating = createTemplating({ own })
  const { extraVars = new Map<Value, Value>() } = options
  const loader = options.loader ?? createLoader({
    plugins,
    modules: { known: (name) => isModuleName(modules, name), exists: (name) => isModule(modules, name), all: () => moduleNames(modules) },
    evaluate: (template, vars) => templating.resolve(template, scopeOf([extraVars, vars]), { basedir: dirname(file), searchPath: [] }),
  })
  const events: RunEvent[] = []
  const ended = await run({
    playbooks: [loader.loadPlaybook(file)],
    inventorySources: [inventoryFile],
    loader,
    inventory: loader.loadInventory([inventoryFile]),
    readInventory: () => loader.loadInventory([inventoryFile]),
    modules,
    templating,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    extraVars,
    check: false,
    diff: false,
    forks: 10,
    verbosity: 0,
    connection: {},
    become: {},
    forceHandlers: false,
    limit: undefined,
    tags: [],
    skipTags: [],
    startAtTask: undefined,
    decrypt: (content) => content,
    ask: () => Promise.resolve(null),
    ...options,
  })
  const tasks = events.filter((event) => event.type === 'task-ended' && event.item === undefined) as readonly TaskEnded[]
  const last = (task: string, host: string): TaskEnded | undefined => tasks.findLast((event) => event.task.name === task && event.host === host)
  return {
    ended,
    events,
    order: tasks.map(({ host, task, status }) => `${host} ${task.name}: ${status}`),
    result: (task, host = 'h1') => last(task, host)?.result ?? {},
    status: (task, host = 'h1') => last(task, host)?.status,
    roundTrips: (host = 'h1') => ended.hosts.find((each) => each.host === host)?.roundTrips ?? Number.NaN,
  }
}
