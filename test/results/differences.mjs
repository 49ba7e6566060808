/** Where two results of a task differ: those of two tools, or those of check mode and of the run that it foretells. */

/** What says when and where a task ran: only that it is there is compared. */
const CHANCE = new Set(['start', 'end', 'delta', 'elapsed', 'mtime', 'atime', 'ctime', 'inode', 'dev', 'backup_file', 'backup', 'cache_update_time', 'ansible_job_id', 'results_file', 'finished_at', 'date'])
/** Of a systemd unit's properties: what says when, as which process and in which group it runs, what systemd forgets with a unit that has ended, and lists whose order means nothing. */
const OF_THIS_START = /Timestamp(?:Monotonic)?$|PID$|^InvocationID$|^ControlGroup(?:Id)?$|^WatchdogUSec$|^ExecMain(?:Code|Status)$|^(?:Condition|Assert)Result$|^Exec(?:Start|Stop|Reload)|^(?:Memory|CPUUsage|Tasks|IO|IP)\w*(?:Current|Peak|NSec|Bytes|Available|Operations|Packets)$/
const UNORDERED = /^(?:After|Before|Conflicts|Requires|Wants|WantedBy|RequiredBy|Names|TriggeredBy)$/
/** Ansible's words about itself, and what it keeps for -vvv and --diff. */
const ITS_OWN = new Set(['invocation', 'warnings', 'deprecations', 'exception', 'diff', 'module_stdout', 'module_stderr', '_ansible_no_log', 'discovered_interpreter_python'])

/**
 * @param {import('./recorded.mjs').Task} task
 * @param {unknown} theirs
 * @param {unknown} ours
 * @returns {readonly string[]} a line each: `path: ansible-playbook's | plonerun's`
 */
export function differences({ apart }, theirs, ours) {
  return within('', theirs, ours)

  /** @param {string} path @param {unknown} one @param {unknown} other @returns {readonly string[]} */
  function within(path, one, other) {
    // Modules of Ansible say of some files where it had copied them to.
    if (apart.has(path) || (typeof one === 'string' && one.includes('/.ansible/tmp/'))) return []
    if (isRecord(one) && isRecord(other)) {
      // What does not fail may leave that out.
      const failed = path === '' ? 'failed' : `${path}.failed`
      if ((one['failed'] ?? false) !== (other['failed'] ?? false)) return apart.has(failed) ? [] : [`${failed}: ${tell(one['failed'])} ${tell(one['msg'])} | ${tell(other['failed'])} ${tell(other['msg'])}`]
      return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((key) => key !== 'failed' && !ITS_OWN.has(key)).flatMap((key) => {
        const inner = path === '' ? key : `${path}.${key}`
        const chance = CHANCE.has(key) && typeof one[key] === typeof other[key]
        const ofUnit = path.endsWith('status')
        if (chance || (ofUnit && OF_THIS_START.test(key))) return []
        return ofUnit && UNORDERED.test(key) ? within(inner, sorted(one[key]), sorted(other[key])) : within(inner, one[key], other[key])
      })
    }
    if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) return one.flatMap((item, index) => within(`${path}.${String(index)}`, item, other[index]))
    const [left, right] = [tell(one), tell(other)]
    return left === right ? [] : [`${path}: ${left} | ${right}`]
  }
}

/**
 * @param {import('./recorded.mjs').Task} task
 * @param {unknown} foretold undefined: check mode could not know
 * @param {unknown} came
 * @returns {readonly string[]}
 */
export function foretoldOtherwise({ apart }, foretold, came) {
  if (!isRecord(foretold) || !isRecord(came) || apart.has('check')) return []
  return ['changed', 'failed'].flatMap((key) => {
    const [one, other] = [foretold[key] ?? false, came[key] ?? false]
    return one === other ? [] : [`${key}: ${tell(one)} ${tell(foretold['msg'])} | ${tell(other)} ${tell(came['msg'])}`]
  })
}

/** @param {unknown} words */
function sorted(words) {
  return typeof words === 'string' ? words.split(' ').sort().join(' ') : words
}

/** @param {unknown} value */
function tell(value) {
  return value === undefined ? '(not there)' : JSON.stringify(value)
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
