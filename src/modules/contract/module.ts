/** The shapes of a module. Adding one is a file with one exported const, and its test. */
import type { Duplex } from 'node:stream'
import type { CycleEvent } from '../../cycle/events.ts'
import type { Position } from '../../errors/position.ts'
import type { Read } from '../../probe/read.ts'
import type { Resource } from '../../probe/resource.ts'
import type { Reply } from '../../shell/fragment.ts'
import type { Channel, TunnelEnd } from '../../transport/channel.ts'
import type { Dict, Plain, Value } from '../../values/value.ts'
import type { Change, Plan, Step } from './change.ts'
import type { Input, Options } from './option.ts'

/** Rules over several options, as Ansible's argument specs have them. */
export interface Rules {
  readonly requiredOneOf?: readonly (readonly string[])[]
  readonly mutuallyExclusive?: readonly (readonly string[])[]
  readonly requiredTogether?: readonly (readonly string[])[]
  /** When the first option has the value, the listed ones are required. */
  readonly requiredIf?: readonly (readonly [option: string, value: string | boolean, then: readonly string[]])[]
}

interface Common<O extends Options> {
  /** Fully qualified: `ansible.builtin.copy`. The last part is its short name. */
  readonly name: string
  /** Other fully qualified names it answers to (`ansible.legacy.X` and the short name need no mention). */
  readonly aliases?: readonly string[]
  /** One line of documentation. */
  readonly summary: string
  readonly options: O
  readonly rules?: Rules
  /** The option that takes the text of the free form (`command: echo hi`); without it free form is an error. */
  readonly freeForm?: keyof O & string
  /** It does the work of one of these modules, the one that this option names or, when that is `auto`, the first of these variables; the module_defaults of that one hold for it as well. */
  readonly actsAs?: { readonly option: keyof O & string; readonly modules: readonly string[]; readonly variables: readonly string[] }
  /** The option that names a template file of the controller, and how the file is written, as its options say; undefined where a template decides that. */
  readonly renders?: { readonly option: keyof O & string; readonly syntax: (args: Dict) => RenderRequest | undefined }
  /** The option that names a file of the controller, and the flag that makes it one of the host. */
  readonly sends?: { readonly option: keyof O & string; readonly unless: keyof O & string }
  /** Facts that its result may hold, under the names they have as variables. Until it has settled nobody looks at them. */
  readonly facts?: readonly string[]
  /** What no host of the tests has, so that only the commands it would give are tested: `SELinux`. Shown in the docs. */
  readonly untried?: string
}

export type Reads = Readonly<Record<string, Read<unknown>>>

/** What each read gave, under the same keys. */
export type State<R extends Reads> = { readonly [K in keyof R]: R[K] extends Read<infer T> ? T : never }

/** What has been read so far, where a module asks for more than one kind of thing: each answer under the key of its read. */
export type Known = Readonly<Record<string, unknown>>

/** What the controller offers to a module before the host is asked anything. Everything here only reads. */
export interface Controller {
  /** Finds a file as Ansible does (role's files/ or templates/, task file's folder, playbook's folder). Throws a PlonerunError that lists where it looked. */
  findFile(kind: 'files' | 'templates' | 'tasks' | 'vars', name: string): string
  /** Bytes of a file on the controller; decrypted when it is a vault. */
  readFile(file: string, options?: { readonly decrypt?: boolean }): Buffer
  /** The variables in a file of YAML or JSON. Those of a vault are secrets. */
  readVars(file: string): Dict
  /** Renders a template file with the task's variables. The text is revealed: the caller must treat it as content, `secret` says it holds one. */
  render(file: string, options: RenderRequest): { readonly text: string; readonly secret: boolean }
  /** The task's variables, evaluated. */
  variable(name: string): Value | undefined
  /** The Python of the host that the inventory or a setting names. */
  python(): string | undefined
  /** --diff was asked for (content of text files is worth reading). */
  readonly diff: boolean
  /** Where the task stands, for errors. */
  readonly position: Position
}

export interface RenderRequest {
  readonly trimBlocks?: boolean
  readonly lstripBlocks?: boolean
  readonly variableStart?: string
  readonly variableEnd?: string
  readonly blockStart?: string
  readonly blockEnd?: string
  readonly commentStart?: string
  readonly commentEnd?: string
  readonly newline?: '\n' | '\r' | '\r\n'
  /** Added to the variables (template_path and its like). */
  readonly extra?: Dict
}

/** How an apply went. */
export interface Outcome<R extends Reads> {
  readonly changed: boolean
  /** check mode: nothing was run. */
  readonly foreseen: boolean
  /** One reply for each step that ran, in order. */
  readonly replies: readonly Reply[]
  /** When its steps began and ended, milliseconds since 1970. */
  readonly time?: { readonly started: number; readonly ended: number }
  /** The reads again, after the changes; only when the module has `readsAgain`, and in check mode as imagined. */
  readonly after?: State<R>
}

/**
 * State module: asks the host (reads), decides without side effects (plan), and leaves the doing to the engine.
 * check mode, --diff and a real run call the same plan.
 */
export interface StateModule<O extends Options = Options, Prepared = unknown, R extends Reads = Reads> extends Common<O> {
  readonly shape: 'state'
  /** Always does something unless its plan says no (command, shell). It is never sent ahead, and what it leaves is unknown in check mode. */
  readonly effect?: boolean
  /** Its reads reach beyond the host (another machine's port, a url): not sent ahead of anyone's changes. */
  readonly beyond?: boolean
  /** The result wants the state after the change: the reads are asked again in the apply's frame. */
  readonly readsAgain?: boolean
  /** What the controller contributes (a rendered template, a file's bytes). Must be repeatable: look-ahead calls it too. */
  prepare?(input: Input<O>, controller: Controller): Prepared
  /**
   * The questions. Called first with nothing known, and again with what is known as long as it asks for more
   * (every call returns all reads so far, so the keys only grow).
   */
  reads(input: Input<O>, prepared: Prepared, known: Partial<State<R>>): R
  /** Throws NotKnown for what only a real run could tell. */
  plan(input: Input<O>, state: State<R>, prepared: Prepared): readonly Change[] | Plan
  /** Ansible's return values for this module. `failed`, `changed` and `msg` in it overrule what the engine found. */
  result?(input: Input<O>, state: State<R>, outcome: Outcome<R>, prepared: Prepared): Readonly<Record<string, Plain>>
  /** What is returned when this step of it failed, instead of its output and of `result`. `changed` in it overrules what the engine found. */
  failure?(input: Input<O>, state: State<R>, failed: Reply, prepared: Prepared): Readonly<Record<string, Plain>>
}

/** What an action may do to the run, as data; the engine does it. */
export interface ActionResult {
  readonly result: Readonly<Record<string, Plain>>
  readonly changed?: boolean
  readonly failed?: boolean
  readonly skipped?: boolean
  /** check mode: what could only be known by running it. */
  readonly unknown?: string
  readonly msg?: string
  /** Variables set for this host from here on (set_fact), and whether they are facts that last beyond the run. */
  readonly facts?: Dict
  readonly cacheable?: boolean
  /** Variables with include_vars' precedence. */
  readonly includedVars?: Dict
  readonly addHost?: { readonly name: string; readonly groups: readonly string[]; readonly vars: Dict }
  readonly addToGroups?: { readonly groups: readonly string[]; readonly parents: readonly string[] }
  readonly stats?: { readonly data: Dict; readonly perHost: boolean; readonly aggregate: boolean }
}

/** What async with poll: 0 has put into the background: its result is known already, or comes from how its steps went. */
export type Job =
  | { readonly result: Readonly<Record<string, Plain>> }
  | { readonly conclude: (replies: readonly Reply[]) => Readonly<Record<string, Plain>> }

/** What an action can use. Host access goes through the engine, so check mode and staleness hold for actions too. */
export interface ActionContext extends Controller {
  readonly host: string
  /** The host that the task acts on instead. */
  readonly delegatedTo?: string
  readonly check: boolean
  /** check mode: a real run would have done something before, of which nobody knows what it leaves. */
  readonly unforeseeable: boolean
  readonly verbosity: number
  readonly noLog: boolean
  /** Jobs that this run has put into the background, by their ids. */
  readonly jobs: Map<string, Job>
  /** Ends when the run is interrupted. */
  readonly signal: AbortSignal
  /** Evaluates a condition such as assert's `that`. */
  condition(expression: Value): boolean | 'unknown'
  /** Evaluates a variable name or expression given as text. */
  expression(text: string): Value
  /** The same for the eyes of a person (debug's var): what is undefined or fails is told where it stands. */
  show(text: string): Value
  /** Evaluates the Templates in an argument that came unevaluated. */
  evaluate(value: Value): Value
  read<R extends Reads>(reads: R): Promise<State<R>>
  /** Reads that depend on these are asked anew (polling). */
  forget(resources: readonly Resource[]): void
  /** Applies changes and gives the replies of their steps; in check mode only notes them, and gives none. */
  apply(changes: readonly Change[]): Promise<readonly Reply[]>
  /** Further steps of changes that were applied before; `forget` says in the end what they have made stale. Not in check mode. */
  proceed(steps: readonly Step[]): Promise<readonly Reply[]>
  /** The same over a session of its own, so that what runs there does not wait for what runs elsewhere. */
  lane(name: string): ActionContext
  /** The same on another host of the inventory. */
  on(host: string): ActionContext
  /** The same without becoming another user. */
  asLogin(): ActionContext
  /** A stream that starts at the host. */
  tunnel(end: TunnelEnd): Promise<Duplex>
  /** Starts a command line on the host, to talk with it; what it prints waits until it is resumed or piped. Not in check mode, unless it only reads. */
  start(command: string): Promise<Channel>
  upload(localFile: string, remotePath: string): Promise<void>
  download(remotePath: string): Promise<Buffer>
  /** The host is this machine, reached without a connection. */
  readonly local: boolean
  /** Closes the connection, also a broken one, and opens it again. Throws when that takes longer than this many seconds. */
  reconnect(seconds?: number): Promise<void>
  /** Waits, unless the run is interrupted. Seconds. */
  sleep(seconds: number): Promise<void>
  /** The same, going on after the run was interrupted: for what must not be left half done. */
  regardless(): ActionContext
  /** Tells where a cycle stands. */
  tell(event: CycleEvent): void
  /** Shows a line to the person. */
  say(line: string): void
  /** Asks the person on the terminal; null when there is none. */
  ask(prompt: string, options?: { readonly secret?: boolean; readonly timeout?: number }): Promise<string | null>
}

/** Action module: works on the controller, or drives a host step by step. */
export interface ActionModule<O extends Options = Options> extends Common<O> {
  readonly shape: 'action'
  /** Only computes from its arguments: look-ahead may run it early. */
  readonly pure?: boolean
  /** Is done once for all hosts of a batch, as with run_once. */
  readonly once?: boolean
  /** Takes any key as an argument (set_fact); they arrive in `rest`. */
  readonly open?: boolean
  run(input: Input<O>, context: ActionContext, rest: Dict): ActionResult | Promise<ActionResult>
}

export type Module = StateModule | ActionModule

/** The last part of a name: `copy` of `ansible.builtin.copy`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

/** Declares a state module; the types of input, prepared and state follow from what is written. */
export function state<O extends Options, R extends Reads, Prepared = undefined>(module: Omit<StateModule<O, Prepared, R>, 'shape'>): StateModule {
  return { shape: 'state', ...module } as unknown as StateModule
}

/** Declares an action module. */
export function action<O extends Options>(module: Omit<ActionModule<O>, 'shape'>): ActionModule {
  return { shape: 'action', ...module } as unknown as ActionModule
}
