/** async with poll: 0: changes that go on in the background, until async_status asks for them. */
import { randomInt } from 'node:crypto'
import type { Step } from '../modules/contract/change.ts'
import type { Job } from '../modules/contract/module.ts'
import { launchJob } from '../shell/job.ts'
import type { Plain } from '../values/value.ts'
import { toFragments } from './machine.ts'
import type { Work } from './prepare.ts'

/** An id as Ansible makes them. */
export function newJob(): string {
  return `j${randomInt(1e12)}`
}

/** The step that starts all of them in the background. */
export function jobStep({ background = 0, environment }: Work, job: string, steps: readonly Step[]): Step {
  return { ...launchJob(job, background, toFragments({ steps, environment })), user: true }
}

/** Keeps a job for async_status, and gives the result of the task that has started it. */
export function startedJob({ item }: Work, id: string, job: Job, changed: boolean, file?: string): Record<string, Plain> {
  item.view.place.run.jobs.set(id, job)
  return { changed, failed: false, ansible_job_id: id, started: true, finished: false, ...(file !== undefined && { results_file: file }) }
}

/** The result of work that leaves nothing to do in the background: where it was to go there, async_status gives it. */
export function settledJob(work: Work, result: Readonly<Record<string, Plain>>): Readonly<Record<string, Plain>> {
  return work.background === undefined ? result : startedJob(work, newJob(), { result }, result['changed'] === true)
}
