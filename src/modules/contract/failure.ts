/** What a step that failed says, as fields of the task's result. */
import type { Reply } from '../../shell/fragment.ts'

/** Its words alone. */
export function failureMessage({ stderr }: Pick<Reply, 'stderr'>): { readonly msg: string } {
  return { msg: stderr.toString().trimEnd() }
}

/** Its words, its code and both its outputs, as modules say it that stand for a program. */
export function programFailure({ code, stdout, stderr }: Reply): { readonly msg: string; readonly rc: number | null; readonly stdout: string; readonly stderr: string } {
  return { ...failureMessage({ stderr }), rc: code, stdout: stdout.toString(), stderr: stderr.toString() }
}
