/** A play: its hosts, its variables, its batches. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Position } from '../errors/position.ts'
import { wrongSubset } from '../facts/subsets.ts'
import { selectHosts } from '../load/inventory/patterns.ts'
import { dirname } from 'node:path'
import { isBatchSize } from '../load/fields.ts'
import type { Play } from '../load/tree/play.ts'
import type { Statement, Task } from '../load/tree/task.ts'
import type { TemplateContext } from '../template/templating.ts'
import { Omit } from '../values/omit.ts'
import { positionOf } from '../values/positions.ts'
import { asBool } from '../values/python.ts'
import { str } from '../values/print.ts'
import { Secret } from '../values/secret.ts'
import { isList } from '../values/tuple.ts'
import { Template } from '../values/template.ts'
import { Pending, type Dict, type Scope, type Value } from '../values/value.ts'
import { varsFilesLayer } from './variables.ts'
import type { Place } from './place.ts'
import { scopeOf, type Layer } from '../vars/scope.ts'
import type { Modules, RunContext } from './context.ts'
import { startOf } from './cursor.ts'
import { gatherAll, withFacts } from './facts.ts'
import { factsTask } from './gather.ts'
import { createHost, type HostState } from './host.ts'
import { inventoryLayers } from './inventory-change.ts'
import { namesSetBy } from './names-set.ts'
import { batches, hostNames } from './play-hosts.ts'
import { hostlessPlace, playScope } from './play-scope.ts'
import type { PlayState } from './play-state.ts'
import { free, linear, type Walk } from './strategy.ts'
import { stopsBatch } from './failures.ts'
import { roleLayersOf } from './role-layers.ts'

/** The hosts of a run, by name: they keep their facts and registered variables from play to play. */
export type Hosts = Map<string, HostState>

export interface PlayRunner {
  readonly run: RunContext
  readonly hosts: Hosts
  readonly nextId: () => number
  readonly startAt: { reached: boolean }
  /** --step: the person is asked before each task. */
  readonly step: { asks: boolean }
}

/**
 * Runs a play over its hosts, batch by batch.
 * @returns false when no host is left to go on with
 */
export async function runPlay(runner: PlayRunner, play: Play): Promise<boolean> {
  const { run } = runner
  const context = templateContext(run, play)
  const place = holdsTemplates(play) ? hostlessPlace({ run, play: preparePlay(runner, play, '', [], [], new Map()) }) : undefined
  const scope = place === undefined ? scopeOf([]) : playScope(place)
  const choose = (): { names: ReturnType<typeof hostNames>; name: string } => {
    const found = hostNames(run, play, scope, context)
    return { names: found, name: play.name === undefined ? found.pattern : str(run.templating.resolve(play.name, scope, context)) }
  }
  const { names, name } = place === undefined ? choose() : await withFacts({ place, task: factsTask(place), cursor: null, next: null }, choose)
  const isThere = (host: string): boolean => isAlive(runner.hosts.get(host))
  if (!names.hosts.some(isThere)) {
    run.emit({ type: 'play-started', name, position: play.position, hosts: [] })
    return names.hosts.length === 0
  }
  for (const host of names.hosts) {
    const known = runner.hosts.get(host)
    if (known !== undefined) known.left = false
  }
  const prompted = await promptedVars(run, play, scope, context)
  const serial = play.serial.flatMap((size) => (typeof size === 'object' ? evaluatedSizes(run.templating.resolve(size, scope, context), play) : [size]))
  for (const batch of batches(names.hosts, serial)) {
    if (!batch.some(isThere)) continue
    const state = preparePlay(runner, play, name, names.selected, batch, prompted)
    run.emit({ type: 'play-started', name, position: play.position, hosts: state.batch.map((host) => host.name) })
    await runBatch(runner, state)
    if (state.batch.every(({ status }) => status === 'failed' || status === 'unreachable')) return false
    if (state.over) break
  }
  return names.hosts.some(isThere)
}

/** What a template says of `serial`: a size, a list of them, or nothing. */
function evaluatedSizes(value: Value, play: Play): readonly (string | number)[] {
  if (value instanceof Omit) return []
  if (isList(value)) return value.flatMap((each) => evaluatedSizes(each, play))
  const size = typeof value === 'number' ? value : str(value)
  if (!isBatchSize(size)) throw new PlonerunError(`'serial' takes a number or a percentage, got '${str(value)}'`, { where: positionOf(play.source, 'serial') ?? play.position })
  return [size]
}

/** Whether what is known before its hosts are chosen uses variables. */
function holdsTemplates({ hosts, name, order, serial, varsPrompt }: Play): boolean {
  return varsPrompt.length > 0 || [...hosts, ...serial, name, order].some((text) => text instanceof Template)
}

function isAlive(host: HostState | undefined): boolean {
  return host === undefined || (host.status !== 'failed' && host.status !== 'unreachable')
}

async function runBatch({ run, nextId, startAt, step }: PlayRunner, play: PlayState): Promise<void> {
  const nodes = statementsOf(play)
  for (const host of play.batch) {
    host.cursor = startOf(nodes)
    host.status = 'running'
    host.notified.clear()
    host.notifications.clear()
    host.rolesRun.clear()
    host.rolesDone.clear()
    host.early.clear()
    host.window = Number.POSITIVE_INFINITY
    if (!play.gatherFacts) continue
    host.gathers = true
    // Each play looks anew, where something may have changed.
    if (run.defaults?.gathering === 'smart') continue
    host.gathered.clear()
    host.told.clear()
  }
  const walk: Walk = { run, play, nextId, startAt, step, throttles: new Map(), afterTask: (task, turns) => stopsBatch({ run, play }, task, turns) }
  await (play.strategy === 'free' ? free(walk) : linear(walk))
  if (run.factCache !== undefined) await Promise.all(play.batch.filter(({ gathers, status }) => gathers && (status === 'running' || status === 'ended')).map((host) => gatherAll({ run, play, host })))
}

/** The stream of a play; handlers run after pre_tasks, after roles and tasks, and after post_tasks, with force_handlers also where these failed. */
function statementsOf({ play, forceHandlers }: PlayState): readonly Statement[] {
  const flush = flushTask(play)
  const sections = [play.preTasks, [...play.roleTasks, ...play.tasks], play.postTasks]
  const { keywords, position, source } = play
  return sections.flatMap((tasks): readonly Statement[] => (forceHandlers && tasks.length > 0 ? [{ kind: 'block', block: tasks, rescue: [], always: [flush], keywords, position, source }] : [...tasks, flush]))
}

function flushTask({ keywords, position, source, file }: Play): Task {
  return {
    when: [],
    tags: [],
    vars: new Map(),
    environment: [],
    moduleDefaults: [],
    collections: [],
    kind: 'task',
    module: 'ansible.builtin.meta',
    modulePosition: position,
    args: new Map<Value, Value>([['_raw_params', 'flush_handlers']]),
    loopControl: { loopVar: 'item' },
    listen: [],
    includeVars: new Map(),
    implicit: true,
    position,
    source,
    enclosure: { keywords, includeVars: new Map(), files: [file] },
  }
}

export function preparePlay({ run, hosts }: PlayRunner, play: Play, name: string, allHosts: readonly string[], batch: readonly string[], prompted: Layer): PlayState {
  const hostState = (hostName: string): HostState | undefined => {
    const known = hosts.get(hostName)
    if (known !== undefined) return known
    if (run.inventory.host(hostName) === undefined) return undefined
    const made = createHost(hostName, [])
    hosts.set(hostName, made)
    refresh(made)
    run.factCache?.recall(made)
    return made
  }
  const refresh = (host: HostState): void => void (host.inventoryLayers = inventoryLayers(run, host.name, play.file))
  const states = batch.map((hostName) => hostState(hostName)).filter((host) => host !== undefined)
  for (const host of hosts.values()) refresh(host)
  const context = templateContext(run, play)
  const scope = scopeOf([run.extraVars, play.vars])
  const strategy = strategyName(play.strategy === undefined ? (run.defaults?.strategy ?? 'linear') : str(run.templating.resolve(play.strategy, scope, context)), play.position)
  const gather = play.gatherFacts === undefined ? run.defaults?.gathering !== 'explicit' : asBool(run.templating.resolve(play.gatherFacts, scope, context)) !== false
  if (gather) checkSubset(play, (play.gatherSubset ?? []).map((each) => str(run.templating.resolve(each, scope, context))))
  const forceHandlers = play.forceHandlers === undefined ? run.forceHandlers : asBool(run.templating.resolve(play.forceHandlers, scope, context)) === true
  const roles = play.roles.filter((role) => role.public)
  const state: PlayState = {
    play,
    name,
    prompted,
    allHosts,
    batch: states.filter(isAlive),
    batchSize: batch.length,
    hostState,
    handlers: [...play.handlers],
    roles,
    roleLayers: roleLayersOf(roles),
    included: new Map(),
    over: false,
    strategy,
    gatherFacts: gather,
    forceHandlers,
    settable: settableNames(play, run.modules),
  }
  for (const host of states.slice(0, 1)) checkVarsFiles({ run, play: state, host })
  return state
}

/** A file of variables that is missing is told before the play begins. One that is named by facts is told when they are known. */
function checkVarsFiles(place: Place): void {
  try {
    for (const _ of varsFilesLayer(place)?.keys() ?? []) return
  } catch (error) {
    if (!(error instanceof Pending)) throw error
  }
}

function checkSubset({ source, position }: Play, subset: readonly string[]): void {
  const wrong = wrongSubset(subset)
  if (wrong !== undefined) throw new PlonerunError(wrong, { where: positionOf(source, 'gather_subset') ?? position })
}

function strategyName(written: string, where: Position): 'linear' | 'free' {
  const name = written.replace(/^ansible\.builtin\./, '')
  if (name === 'linear' || name === 'free') return name
  if (name === 'host_pinned') return 'free'
  // As linear, with a debugger that is not there.
  if (name === 'debug') return 'linear'
  throw new PlonerunError(`there is no strategy '${written}'`, { where, hint: 'There are linear, free and host_pinned.' })
}

function settableNames(play: Play, modules: Modules): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (statement: Statement): void => {
    if (statement.kind === 'block') [...statement.block, ...statement.rescue, ...statement.always].forEach(visit)
    else for (const name of namesSetBy(statement, modules)) names.add(name)
  }
  ;[...play.preTasks, ...play.roleTasks, ...play.tasks, ...play.postTasks, ...play.handlers].forEach(visit)
  return names
}

function templateContext(run: RunContext, play: Play): TemplateContext {
  const folder = dirname(play.file)
  return { basedir: folder, searchPath: [folder], decrypt: (content) => run.decrypt(content, ''), selectHosts: (pattern) => selectHosts(run.inventory, [pattern]).hosts }
}

async function promptedVars(run: RunContext, play: Play, scope: Scope, context: TemplateContext): Promise<Dict> {
  const vars: Dict = new Map()
  for (const prompt of play.varsPrompt) {
    if (run.extraVars.has(prompt.name)) continue
    const secret = asBool(run.templating.resolve(prompt.private, scope, context)) !== false
    const fallback = prompt.default === undefined ? undefined : run.templating.resolve(prompt.default, scope, context)
    const text = str(run.templating.resolve(prompt.prompt, scope, context))
    const answer = await run.ask(`${text}${fallback === undefined || secret ? '' : ` [${str(fallback)}]`}: `, { secret })
    const value: Value = answer === null || answer === '' ? (fallback ?? answer) : answer
    vars.set(prompt.name, secret && typeof value === 'string' && value !== '' ? new Secret(value) : value)
  }
  return vars
}

