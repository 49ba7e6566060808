/**
 * The work of bench/forty-tasks.mjs: forty tasks as a play, as a pyinfra deploy, and as the shell text of somebody who
 * only wants to know whether all is as it should be. One table, so that all do the same.
 */

/**
 * @typedef {{ kind: 'group' | 'package' | 'service', name: string }
 *   | { kind: 'user', name: string, group: string }
 *   | { kind: 'directory' | 'absent', path: string }
 *   | { kind: 'file' | 'template', path: string, content: string }
 *   | { kind: 'line', path: string, line: string }
 *   | { kind: 'link', path: string, target: string }
 *   | { kind: 'cron', name: string, job: string, hour: string }} Task
 */

/** @param {number} count @param {(number: number) => Task} make @returns {Task[]} */
const times = (count, make) => Array.from({ length: count }, (_, index) => make(index + 1))

/** @type {readonly Task[]} */
export const tasks = [
  { kind: 'group', name: 'bench' },
  ...times(2, (n) => ({ kind: 'user', name: `bench${n}`, group: 'bench' })),
  ...['cron', 'rsync', 'less', 'logrotate'].map((name) => /** @type {Task} */ ({ kind: 'package', name })),
  ...times(6, (n) => ({ kind: 'directory', path: `/srv/bench/folder${n}` })),
  ...times(8, (n) => ({ kind: 'file', path: `/srv/bench/folder1/file${n}`, content: `number ${n}\n`.repeat(20 * n) })),
  ...times(6, (n) => ({ kind: 'template', path: `/srv/bench/folder2/template${n}`, content: `{% for line in range(${20 * n}) %}line {{ line }} of {{ inventory }}\n{% endfor %}` })),
  ...times(4, (n) => ({ kind: 'line', path: `/etc/profile.d/bench.sh`, line: `export BENCH${n}=${n}` })),
  ...times(3, (n) => ({ kind: 'link', path: `/srv/bench/link${n}`, target: `/srv/bench/folder${n}` })),
  ...['ssh', 'cron', 'dbus'].map((name) => /** @type {Task} */ ({ kind: 'service', name })),
  ...times(2, (n) => ({ kind: 'cron', name: `bench ${n}`, job: `/bin/true ${n}`, hour: String(n) })),
  { kind: 'absent', path: '/srv/bench/gone' },
]

/** What the tasks take for granted. */
export const prepared = 'apt-get -qq update && mkdir -p /srv/bench && : >>/etc/profile.d/bench.sh'

/** A play; JSON is YAML. */
export function play() {
  return JSON.stringify([{ hosts: 'all', gather_facts: false, vars: { inventory: 'bench' }, tasks: tasks.map(ansibleTask) }], null, 2)
}

/** @param {Task} task */
function ansibleTask(task, index = tasks.indexOf(task)) {
  const name = `${index + 1} ${task.kind}`
  switch (task.kind) {
    case 'group': return { name, 'ansible.builtin.group': { name: task.name } }
    case 'user': return { name, 'ansible.builtin.user': { name: task.name, group: task.group, shell: '/bin/sh' } }
    case 'package': return { name, 'ansible.builtin.apt': { name: task.name } }
    case 'directory': return { name, 'ansible.builtin.file': { path: task.path, state: 'directory', mode: '0755' } }
    case 'file': return { name, 'ansible.builtin.copy': { dest: task.path, content: task.content, mode: '0644' } }
    case 'template': return { name, 'ansible.builtin.template': { src: templateFile(task), dest: task.path, mode: '0644' } }
    case 'line': return { name, 'ansible.builtin.lineinfile': { path: task.path, line: task.line } }
    case 'link': return { name, 'ansible.builtin.file': { path: task.path, src: task.target, state: 'link' } }
    case 'service': return { name, 'ansible.builtin.systemd_service': { name: task.name, state: 'started', enabled: task.name === 'cron' ? true : undefined } }
    case 'cron': return { name, 'ansible.builtin.cron': { name: task.name, job: task.job, hour: task.hour, minute: '0' } }
    case 'absent': return { name, 'ansible.builtin.file': { path: task.path, state: 'absent' } }
  }
}

/** Template files by their names. */
export function templates() {
  return new Map(tasks.flatMap((task) => (task.kind === 'template' ? [[templateFile(task), task.content]] : [])))
}

/** @param {{ readonly path: string }} task */
function templateFile({ path }) {
  return `${path.split('/').at(-1) ?? ''}.j2`
}

/** The same as a deploy of pyinfra. */
export function deploy() {
  return ['from io import StringIO', 'from pyinfra.operations import apt, crontab, files, server, systemd', '', ...tasks.map(pyinfraOperation), ''].join('\n')
}

/** @param {Task} task */
function pyinfraOperation(task) {
  const say = JSON.stringify
  switch (task.kind) {
    case 'group': return `server.group(group=${say(task.name)})`
    case 'user': return `server.user(user=${say(task.name)}, group=${say(task.group)}, shell="/bin/sh")`
    case 'package': return `apt.packages(packages=[${say(task.name)}])`
    case 'directory': return `files.directory(path=${say(task.path)}, mode="755")`
    case 'file': return `files.put(src=StringIO(${say(task.content)}), dest=${say(task.path)}, mode="644")`
    case 'template': return `files.template(src=${say(templateFile(task))}, dest=${say(task.path)}, mode="644", inventory="bench")`
    case 'line': return `files.line(path=${say(task.path)}, line=${say(task.line)})`
    case 'link': return `files.link(path=${say(task.path)}, target=${say(task.target)})`
    case 'service': return `systemd.service(service=${say(task.name)}, running=True${task.name === 'cron' ? ', enabled=True' : ''})`
    case 'cron': return `crontab.crontab(cron_name=${say(task.name)}, command=${say(task.job)}, hour=${say(task.hour)}, minute="0")`
    case 'absent': return `files.file(path=${say(task.path)}, present=False)`
  }
}

/** The floor: one shell text that looks at everything the tasks are about, each kind of thing with one command. */
export function probes() {
  const paths = tasks.flatMap((task) => ('path' in task ? [task.path] : []))
  const contents = tasks.flatMap((task) => (task.kind === 'file' || task.kind === 'template' ? [task.path] : []))
  /** @param {Task['kind']} kind */
  const names = (kind) => tasks.flatMap((task) => (task.kind === kind && 'name' in task ? [task.name] : [])).join(' ')
  return [
    `stat -c '%n %F %a %U %G %s %N' ${[...new Set(paths)].join(' ')} 2>/dev/null`,
    `sha256sum ${contents.join(' ')}`,
    'cat /etc/profile.d/bench.sh',
    `dpkg-query -W -f '\${Package} \${Version} \${db:Status-Status}\\n' ${names('package')}`,
    `systemctl show -p Id,ActiveState,UnitFileState ${names('service')}`,
    `getent group ${names('group')}`,
    `getent passwd ${names('user')}`,
    `id ${names('user').split(' ')[0]}; id ${names('user').split(' ')[1]}`,
    'crontab -l',
    '',
  ].join('\n')
}
