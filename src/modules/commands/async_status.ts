/** ansible.builtin.async_status: how a task stands that went into the background. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { collectJob, forgetJob, parseJob } from '../../shell/job.ts'
import type { Reply } from '../../shell/fragment.ts'
import type { Plain } from '../../values/value.ts'
import { action, type ActionResult } from '../contract/module.ts'
import { defaulting, oneOf, required, text } from '../contract/option.ts'
import { commandResult } from './result.ts'

export const asyncStatus = action({
  name: 'ansible.builtin.async_status',
  summary: 'Tells how a task stands that went into the background (async with poll: 0); gives its result when it has ended.',
  options: {
    jid: required(text('The job, as `ansible_job_id` of the task that started it.')),
    mode: defaulting(oneOf(['status', 'cleanup'], 'cleanup forgets the job without asking for its result.'), 'status'),
  },
  async run({ jid, mode }, context): Promise<ActionResult> {
    if (!/^\w[\w.-]*$/.test(jid)) throw new PlonerunError(`'${jid}' is no id of a job`, { where: context.position })
    const about = { ansible_job_id: jid, started: true }
    if (mode === 'cleanup') {
      if (context.check) return { changed: false, result: { ansible_job_id: jid } }
      const [erased] = await context.proceed([forgetJob(jid)])
      return { changed: false, result: { ansible_job_id: jid, started: false, finished: false, stdout: '', stderr: '', erased: erased?.stdout.toString() ?? '' } }
    }
    const job = context.jobs.get(jid)
    if (job !== undefined && 'result' in job) return finished(jid, job.result)
    if (context.check) return { result: about, unknown: `job ${jid}` }
    const [reply] = await context.proceed([collectJob(jid)])
    if (reply?.code !== 0) return { changed: false, failed: true, msg: 'could not find job', result: { ...about, finished: true } }
    const state = parseJob(reply.stdout)
    if (state.state === 'running') return { changed: false, result: { ...about, finished: false, stdout: '', stderr: '' } }
    // Whatever was read of the host meanwhile may have been before the job's changes.
    context.forget(['anything'])
    if (state.state === 'lost') return { changed: false, failed: true, msg: 'the job is gone and has left no result: it was killed, or the host was started anew', result: { ...about, finished: true } }
    const result = job?.conclude(state.replies) ?? resultOf(state.replies)
    context.jobs.set(jid, { result })
    return finished(jid, result)
  },
})

function finished(jid: string, result: Readonly<Record<string, Plain>>): ActionResult {
  return { changed: result['changed'] === true, failed: result['failed'] === true, result: { ...result, ansible_job_id: jid, started: true, finished: true } }
}

/** Of a job that another run has started, only what its last command did is known. */
function resultOf(replies: readonly Reply[]): Readonly<Record<string, Plain>> {
  const last = replies.slice(-1)
  const result = commandResult({ cmd: '' }, { changed: true, foreseen: false, replies: last, ...(last[0]?.time && { time: last[0].time }) })
  return { ...result, cmd: null, changed: true, failed: last[0]?.code !== 0 }
}
