/** The options of the command line as data: the parser, --help and the documentation are made from it. */

export interface OptionInfo {
  /** As commander writes it: `-i, --inventory <source>`. */
  readonly flags: string
  readonly summary: string
  /** What several uses give: a list, or how many there were. Without it the last one counts. */
  readonly repeat?: 'list' | 'count'
  /** The argument is a whole number, zero or more. */
  readonly number?: boolean
  readonly choices?: readonly string[]
  /** Other spellings that ansible-playbook takes. */
  readonly aliases?: readonly string[]
}

export interface OptionGroup {
  readonly title: string
  readonly options: readonly OptionInfo[]
}

const inventorySource: OptionInfo = {
  flags: '-i, --inventory <source>',
  summary: 'inventory file, folder or script, or hosts with commas (web1,web2); may be given several times',
  repeat: 'list',
  aliases: ['--inventory-file'],
}

const extraVars: OptionInfo = {
  flags: '-e, --extra-vars <vars>',
  summary: 'variables that win over all others: k=v, JSON or YAML, or @FILE; may be given several times',
  repeat: 'list',
}

export const variableOptions: OptionGroup = { title: 'Variables', options: [extraVars] }

export const verbose: OptionInfo = { flags: '-v, --verbose', summary: "shows tasks' results; -vv and -vvv show more", repeat: 'count' }

export const inventoryOptions: OptionGroup = {
  title: 'Hosts',
  options: [inventorySource, { flags: '-l, --limit <pattern>', summary: 'only these of the hosts; may be given several times', repeat: 'list', aliases: ['--subset'] }],
}

/** For commands that name their inventory, or their hosts, as an argument. */
export const limitOptions: OptionGroup = { title: 'Hosts', options: inventoryOptions.options.slice(1) }

export const vaultOptions: OptionGroup = {
  title: 'Secrets',
  options: [
    { flags: '--vault-password-file <file>', summary: 'file with the vault password, or a program that prints it; may be given several times', repeat: 'list', aliases: ['--vault-pass-file'] },
    { flags: '--vault-id <id>', summary: 'LABEL@FILE or LABEL@prompt; may be given several times', repeat: 'list' },
    { flags: '-J, --ask-vault-pass', summary: 'asks for the vault password', aliases: ['--ask-vault-password'] },
  ],
}

const connectionOptions: OptionGroup = {
  title: 'Connection',
  options: [
    { flags: '-u, --user <name>', summary: 'user to log in as', aliases: ['--remote-user'] },
    { flags: '-k, --ask-pass', summary: 'asks for the password to log in with' },
    { flags: '--connection-password-file <file>', summary: 'file with the password to log in with', aliases: ['--conn-pass-file'] },
    { flags: '--private-key <file>', summary: 'key to log in with', aliases: ['--key-file'] },
    { flags: '-c, --connection <kind>', summary: 'ssh, local, docker or podman' },
    { flags: '-T, --timeout <seconds>', summary: 'seconds to wait for a connection', number: true },
    { flags: '--ssh-common-args <args>', summary: 'more arguments as ssh takes them (-o, -J, -F)' },
    { flags: '--ssh-extra-args <args>', summary: 'the same; both are used' },
    { flags: '--host-key-checking <how>', summary: 'what to do about an unknown host key', choices: ['strict', 'accept-new', 'no'] },
  ],
}

const becomeOptions: OptionGroup = {
  title: 'Becoming another user',
  options: [
    { flags: '-b, --become', summary: 'runs tasks as another user' },
    { flags: '--become-user <name>', summary: 'that user; root unless given' },
    { flags: '--become-method <method>', summary: 'sudo, su or doas' },
    { flags: '-K, --ask-become-pass', summary: 'asks for the password that becoming needs' },
    { flags: '--become-password-file <file>', summary: 'file with the password that becoming needs', aliases: ['--become-pass-file'] },
  ],
}

/** Of every command that reaches hosts. */
export const reachOptions: readonly OptionGroup[] = [variableOptions, connectionOptions, becomeOptions, vaultOptions]

export const changeOptions: OptionGroup = {
  title: 'How it runs',
  options: [
    { flags: '-C, --check', summary: 'changes nothing, and says what would change' },
    { flags: '-D, --diff', summary: 'shows the differences of files that change' },
    { flags: '-f, --forks <number>', summary: 'hosts worked on at once', number: true },
  ],
}

export const playbookOptions: OptionGroup = {
  title: 'Tasks',
  options: [
    { flags: '-t, --tags <tags>', summary: 'only tasks with one of these tags; may be given several times', repeat: 'list' },
    { flags: '--skip-tags <tags>', summary: 'no tasks with one of these tags; may be given several times', repeat: 'list' },
    { flags: '--start-at-task <name>', summary: 'starts at the task with this name' },
    { flags: '--step', summary: 'asks before each task: no, yes, or yes to all that follow' },
    { flags: '--flush-cache', summary: 'forgets what earlier runs have kept of the facts of hosts (fact_caching)' },
    { flags: '--force-handlers', summary: 'runs notified handlers although a task failed' },
    { flags: '--syntax-check', summary: 'reads everything, and runs nothing' },
    { flags: '--list-tasks', summary: 'lists the tasks, and runs nothing' },
    { flags: '--list-tags', summary: 'lists the tags, and runs nothing' },
    { flags: '--list-hosts', summary: 'lists the hosts, and runs nothing' },
  ],
}

export const outputOptions: OptionGroup = {
  title: 'Output',
  options: [
    { flags: '--output <kind>', summary: 'tty, lines, ansible, json, and beside one of them junit=FILE, or page=FILE for a page that shows cycles; may be given several times', repeat: 'list' },
    { flags: '--stats', summary: 'shows round trips, sessions and bytes of each host' },
    { flags: '--exit-changed', summary: 'ends with exit code 10 when something changed, or would' },
    verbose,
  ],
}
