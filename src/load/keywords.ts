/** Every keyword of the playbook language: where it may stand, what it takes, and what it means. The documentation is made from it. */

/** Where keywords stand. `role` is an entry of a play's `roles:` or of a role's dependencies; a `handler` takes all that a task takes. */
export type Place = 'play' | 'role' | 'block' | 'task' | 'handler' | 'loop_control' | 'vars_prompt' | 'import_playbook'

export type KeywordType =
  /** A string. */
  | 'text'
  /** Yes or no. */
  | 'flag'
  /** A number. */
  | 'count'
  /** A number, perhaps with a percent sign. */
  | 'percent'
  /** A name that no template may stand for. */
  | 'name'
  /** A string, or a list of them. */
  | 'texts'
  | 'names'
  /** As texts, where a comma separates as well. */
  | 'tags'
  /** An expression, or a list of which all must hold. */
  | 'conditions'
  /** Variables: a mapping whose keys are names. */
  | 'vars'
  | 'environment'
  | 'module_defaults'
  | 'serial'
  /** Anything: its own reader knows. */
  | 'value'

export interface KeywordSpec {
  readonly type: KeywordType
  readonly places: readonly Place[]
  readonly doc: string
}

const EVERYWHERE = ['play', 'role', 'block', 'task', 'handler', 'import_playbook'] as const
const TASKS = ['task', 'handler'] as const
const BLOCKS = ['block', 'task', 'handler'] as const

function keyword<T extends KeywordType>(type: T, places: readonly Place[], doc: string): KeywordSpec & { readonly type: T } {
  return { type, places, doc }
}

export const KEYWORDS = {
  // Inherited: what is set outside holds inside.
  any_errors_fatal: keyword('flag', EVERYWHERE, 'A failure on one host ends the play for all hosts.'),
  become: keyword('flag', EVERYWHERE, 'Whether to run as another user.'),
  become_exe: keyword('text', EVERYWHERE, 'The program that becomes the other user, when it is not the usual one.'),
  become_flags: keyword('text', EVERYWHERE, 'Options for that program.'),
  become_method: keyword('text', EVERYWHERE, 'How to become the other user: sudo or su.'),
  become_user: keyword('text', EVERYWHERE, 'The user to become; root unless set.'),
  check_mode: keyword('flag', EVERYWHERE, 'Whether to only say what would change, whatever the command line says.'),
  collections: keyword('names', ['play', 'role', 'block', 'task', 'handler'], 'Collections in which short names of modules and roles are looked up.'),
  connection: keyword('text', EVERYWHERE, 'How hosts are reached: ssh, local.'),
  debugger: keyword('text', EVERYWHERE, 'When the debugger starts: always, on_failed, on_unreachable, on_skipped, never.'),
  diff: keyword('flag', EVERYWHERE, 'Whether to show differences.'),
  environment: keyword('environment', EVERYWHERE, 'Environment variables for what runs on the host; inner ones are added to outer ones.'),
  ignore_errors: keyword('flag', EVERYWHERE, 'Go on after a failure. Has no say over hosts that cannot be reached.'),
  ignore_unreachable: keyword('flag', EVERYWHERE, 'Go on after a host could not be reached.'),
  module_defaults: keyword('module_defaults', EVERYWHERE, 'Arguments that modules take unless a task gives its own.'),
  no_log: keyword('flag', EVERYWHERE, 'Keep arguments and results out of all output.'),
  port: keyword('count', EVERYWHERE, 'Port of the connection.'),
  remote_user: keyword('text', EVERYWHERE, 'User to connect as.'),
  run_once: keyword('flag', EVERYWHERE, 'Run on the first host of the batch only, and give its result to all.'),
  tags: keyword('tags', EVERYWHERE, 'Words by which --tags and --skip-tags choose; inner ones are added to outer ones.'),
  throttle: keyword('count', EVERYWHERE, 'How many hosts at most do it at the same time.'),
  timeout: keyword('count', EVERYWHERE, 'Seconds until it is ended as failed.'),
  vars: keyword('vars', EVERYWHERE, 'Variables for everything inside.'),
  when: keyword('conditions', ['role', ...BLOCKS, 'import_playbook'], 'Expressions that must all hold; inner ones are added to outer ones.'),
  delegate_to: keyword('text', ['role', ...BLOCKS], 'Another host to do it on.'),
  delegate_facts: keyword('flag', ['role', ...BLOCKS], 'Facts belong to the host it is delegated to.'),
  notify: keyword('texts', BLOCKS, 'Handlers to run when it changed something.'),
  name: keyword('text', [...EVERYWHERE, 'vars_prompt'], 'What it is called in the output.'),

  // Plays
  hosts: keyword('texts', ['play'], 'Pattern of the hosts it is for.'),
  user: keyword('text', ['play'], 'The old word for remote_user.'),
  gather_facts: keyword('flag', ['play'], 'Whether facts are gathered.'),
  gather_subset: keyword('texts', ['play'], 'Which facts are gathered.'),
  gather_timeout: keyword('count', ['play'], 'Seconds that gathering one kind of facts may take.'),
  fact_path: keyword('text', ['play'], "Folder of the hosts' own facts."),
  vars_files: keyword('value', ['play'], 'Files of variables. Of a list within the list, the first that exists is read.'),
  vars_prompt: keyword('value', ['play'], 'Variables to ask the person for.'),
  roles: keyword('value', ['play'], 'Roles, which run after pre_tasks and before tasks.'),
  pre_tasks: keyword('value', ['play'], 'Tasks that run before the roles.'),
  tasks: keyword('value', ['play'], 'Tasks that run after the roles.'),
  post_tasks: keyword('value', ['play'], 'Tasks that run last.'),
  handlers: keyword('value', ['play'], 'Tasks that run when they are notified.'),
  serial: keyword('serial', ['play'], 'Sizes of the batches in which hosts are done, as numbers or percentages.'),
  strategy: keyword('text', ['play'], 'linear: hosts stay at the same task; free: each as fast as it can.'),
  order: keyword('text', ['play'], 'Order of the hosts: inventory, reverse_inventory, sorted, reverse_sorted, shuffle.'),
  max_fail_percentage: keyword('percent', ['play'], 'The play ends when more hosts of a batch than this have failed.'),
  force_handlers: keyword('flag', ['play'], 'Run notified handlers also on hosts that failed.'),

  // Blocks
  block: keyword('value', ['block'], 'Tasks that share keywords.'),
  rescue: keyword('value', ['block'], 'Tasks that run when one of the block fails.'),
  always: keyword('value', ['block'], 'Tasks that run last, whatever happened.'),

  // Role entries
  role: keyword('text', ['role'], 'Name or path of the role.'),

  // Tasks and handlers
  action: keyword('value', TASKS, 'Module and arguments in one; better write the module itself as the key.'),
  local_action: keyword('value', TASKS, 'As action, delegated to localhost.'),
  args: keyword('value', TASKS, 'More arguments for the module.'),
  async: keyword('count', TASKS, 'Seconds that it may run in the background.'),
  poll: keyword('count', TASKS, 'Seconds between looks at what runs in the background; 0 does not wait.'),
  register: keyword('name', TASKS, 'Variable that takes the result.'),
  loop: keyword('value', TASKS, 'A list: run once for each item.'),
  loop_control: keyword('value', TASKS, 'Names and pace of the loop.'),
  until: keyword('conditions', TASKS, 'Try again until these hold.'),
  retries: keyword('count', TASKS, 'How often to try again; 3 unless set.'),
  delay: keyword('count', TASKS, 'Seconds between tries; 5 unless set.'),
  changed_when: keyword('conditions', TASKS, 'When it counts as changed.'),
  failed_when: keyword('conditions', TASKS, 'When it counts as failed.'),
  listen: keyword('names', ['handler'], 'Topics that notify it, besides its name.'),

  // loop_control
  loop_var: keyword('text', ['loop_control'], 'Variable that holds the item; `item` unless set.'),
  index_var: keyword('text', ['loop_control'], 'Variable that holds the number of the item, from 0.'),
  label: keyword('value', ['loop_control'], 'What is shown of the item.'),
  pause: keyword('count', ['loop_control'], 'Seconds between items.'),
  extended: keyword('flag', ['loop_control'], 'Whether ansible_loop tells about the loop.'),
  extended_allitems: keyword('flag', ['loop_control'], 'Whether ansible_loop.allitems holds all items.'),
  break_when: keyword('conditions', ['loop_control'], 'Ends the loop after an item for which these hold.'),

  // vars_prompt
  prompt: keyword('text', ['vars_prompt'], 'The question.'),
  default: keyword('value', ['vars_prompt'], 'The answer when there is none.'),
  private: keyword('flag', ['vars_prompt'], 'Hide what is typed; yes unless set.'),
  confirm: keyword('flag', ['vars_prompt'], 'Ask twice.'),
  encrypt: keyword('text', ['vars_prompt'], 'Hash to make of the answer, such as sha512_crypt.'),
  salt: keyword('text', ['vars_prompt'], 'Salt of the hash.'),
  salt_size: keyword('count', ['vars_prompt'], 'Length of a salt made up.'),
  unsafe: keyword('flag', ['vars_prompt'], 'The answer may hold braces; they are never evaluated.'),
} satisfies Record<string, KeywordSpec>

export type Keyword = keyof typeof KEYWORDS

const SPECS: Readonly<Record<string, KeywordSpec>> = KEYWORDS

/** The keyword of that name at that place, or undefined. */
export function keywordAt(place: Place, name: string): KeywordSpec | undefined {
  const spec = Object.hasOwn(SPECS, name) ? SPECS[name] : undefined
  return spec?.places.includes(place) === true ? spec : undefined
}

/** Every keyword that may stand there. */
export function keywordsAt(place: Place): string[] {
  return Object.keys(SPECS).filter((name) => SPECS[name]!.places.includes(place))
}
