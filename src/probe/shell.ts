/** The way out for what no typed read covers: a shell text of a module's own, and what it depends on. */
import { quote } from '../shell/quote.ts'
import { read, type Imagined, type ProbeKind, type Read } from './read.ts'
import type { Resource } from './resource.ts'

interface ShellRequest {
  readonly script: string
  readonly touches: readonly Resource[]
}

export interface ShellResult {
  readonly stdout: string
  readonly code: number
}

/** Each request prints its answer with its length in front, so that any output stays apart from the next. */
const shellKind: ProbeKind<ShellRequest, ShellResult> = {
  name: 'shell',
  script: (requests) =>
    requests.map(({ script }) => `o=$( { ${script}\n} </dev/null 2>/dev/null; printf '.%s' "$?" )\nprintf '%s\\0' "$o"`).join('\n'),
  parse(requests, stdout) {
    const answers = stdout.toString('utf8').split('\0')
    return requests.map((_, index) => {
      const answer = answers[index] ?? ''
      const dot = answer.lastIndexOf('.')
      return { stdout: answer.slice(0, dot), code: Number(answer.slice(dot + 1)) }
    })
  },
  touches: ({ touches }) => touches,
  opaque: true,
  // A task's environment may stand in front of the text.
  imagine: ({ script }, real, imagined) => imagined.reduce((answer, each) => (each.kind === 'answer' && (script === each.script || script.endsWith(`\n${each.script}`)) ? { stdout: each.stdout, code: each.code } : answer), real),
}

/** check mode: what a question of shellRead would be answered once a change is made. */
export function answered(question: Read<ShellResult>, stdout: string, code = 0): Imagined {
  return { kind: 'answer', script: (question.request as ShellRequest).script, stdout, code }
}

/** The same question, asked with these in the environment of its text; what words a program speaks in stays as it is. Other kinds of questions have no use for it. */
export function withEnvironment<Result>(question: Read<Result>, environment: Readonly<Record<string, string>>): Read<Result> {
  const names = Object.keys(environment).filter((name) => /^\w+$/.test(name) && !/^(?:LC_\w+|LANG|LANGUAGE)$/.test(name))
  if (question.kind.name !== shellKind.name || names.length === 0) return question
  const { script, touches } = question.request as ShellRequest
  // Programs that the question needs itself are still found where the task's own path does not lead.
  const settings = names.map((name) => `${name}=${quote(environment[name]!)}${name === 'PATH' ? ':"$PATH"' : ''}`)
  return shellRead(`export ${settings.join(' ')}\n${script}`, touches) as Read<unknown> as Read<Result>
}

/**
 * Runs a text that plonerun wrote (quote what came from a playbook) and gives its output, decoded, and its exit code.
 * @param touches what the answer depends on; `anything` when in doubt
 */
export function shellRead(script: string, touches: readonly Resource[]): Read<ShellResult> {
  return read(shellKind, { script, touches })
}
