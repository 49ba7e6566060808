/** ansible.builtin.expect: runs a program on a terminal and answers what it asks. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { hostWord } from '../../probe/host-path.ts'
import { pathRead } from '../../probe/path.ts'
import { quote } from '../../shell/quote.ts'
import { splitWords } from '../../shell/words.ts'
import { compileRegex } from '../../template/regex/translate.ts'
import { bytesToText, textToBytes } from '../../values/bytes.ts'
import { str } from '../../values/print.ts'
import { isList } from '../../values/tuple.ts'
import type { Dict } from '../../values/value.ts'
import { action, type ActionContext, type ActionResult } from '../contract/module.ts'
import { defaulting, dict, flag, number, pathIfAny, required, text, type Input } from '../contract/option.ts'
import { guardOptions } from './guard.ts'
import { commandSummary, timesOf } from './result.ts'
import { expandedWord } from './words.ts'

const options = {
  ...guardOptions,
  command: required(text('The program and its arguments.')),
  responses: required(dict('What it asks, as regular expressions, and the answers; a list is for one time after the other.')),
  chdir: pathIfAny('The folder to run it in.'),
  timeout: defaulting(number('Seconds that may pass without a question.'), 30),
  echo: defaulting(flag('Shows the answers in its output.'), false),
} as const

type ExpectInput = Input<typeof options>

/** What is searched for a question, as pexpect does: the end of the output. Bytes. */
const WINDOW = 2000

interface Question {
  readonly pattern: RegExp
  readonly asked: string
  /** undefined: there are no more. */
  readonly next: () => string | undefined
}

export const expect = action({
  name: 'ansible.builtin.expect',
  summary: 'Runs a program on a terminal and answers what it asks.',
  options,
  async run(input, context) {
    const reason = await guardedBy(input, context)
    if (reason !== undefined) return { result: { cmd: input.command, stdout: `skipped, ${reason}`, rc: 0 }, changed: false }
    const [program, ...words] = splitWords(input.command)
    if (program === undefined) throw new PlonerunError('no command given', { kind: 'task' })
    const questions = questionsOf(input.responses)
    if (context.check) return { result: {}, unknown: commandSummary(input.command) }
    const started = Date.now()
    const said = await talk(input, [program, ...words], questions, context)
    const times = timesOf({ started, ended: Date.now() })
    await context.apply([{ summary: commandSummary(input.command), writes: ['anything'], steps: [] }])
    return { changed: true, ...said, result: { ...said.result, ...times } }
  },
})

async function guardedBy({ creates, removes }: ExpectInput, context: ActionContext): Promise<string | undefined> {
  if (creates !== undefined && (await context.read({ there: pathRead(creates) })).there.exists) return `since ${creates} exists`
  if (removes !== undefined && !(await context.read({ there: pathRead(removes) })).there.exists) return `since ${removes} does not exist`
  return undefined
}

function questionsOf(responses: Dict): readonly Question[] {
  return [...responses].map(([asked, answers]) => {
    const line = (answer: typeof answers): string => `${str(answer).replace(/\n+$/, '')}\n`
    const left = isList(answers) ? [...answers] : undefined
    return {
      pattern: compileRegex(str(asked)),
      asked: str(asked),
      next: () => (left === undefined ? line(answers) : left.length === 0 ? undefined : line(left.shift()!)),
    }
  })
}

/** script(1), which every distribution has, gives the program a terminal; how that shows answers is set before it starts. */
function commandLine({ chdir, echo }: ExpectInput, words: readonly string[]): string {
  const inner = `${echo ? '' : 'stty -echo; '}exec ${words.map(expandedWord).join(' ')}`
  return `${chdir === undefined ? '' : `cd -- ${hostWord(chdir)} && `}exec script -q -e -c ${quote(inner)} /dev/null`
}

/** Answers until the program ends, nothing is asked for too long, or an answer is missing. */
async function talk(input: ExpectInput, words: readonly string[], questions: readonly Question[], context: ActionContext): Promise<Pick<ActionResult, 'result' | 'failed' | 'msg'>> {
  const channel = await context.start(commandLine(input, words))
  let output: Buffer = Buffer.alloc(0)
  /** Where the next question may begin. */
  let from = 0
  let problem: string | undefined
  const give = (why: string): void => {
    problem = why
    channel.destroy()
  }
  let timer = setTimeout(give, input.timeout * 1000, 'command exceeded timeout')
  const onAbort = (): void => give('stopped')
  context.signal.addEventListener('abort', onAbort)
  channel.stdout.on('data', (chunk: Buffer) => {
    output = Buffer.concat([output, chunk])
    const start = Math.max(from, output.length - WINDOW)
    const found = firstQuestion(questions, bytesToText(output.subarray(start)))
    if (found === undefined) return
    from = output.length
    clearTimeout(timer)
    timer = setTimeout(give, input.timeout * 1000, 'command exceeded timeout')
    const answer = found.next()
    if (answer === undefined) give(`No remaining responses for '${found.asked}', output was '${bytesToText(output.subarray(start))}'`)
    else channel.stdin.write(textToBytes(answer))
  })
  channel.stdout.resume()
  channel.stderr.on('data', (chunk: Buffer) => (output = Buffer.concat([output, chunk])))
  const { code, broken } = await channel.closed
  clearTimeout(timer)
  context.signal.removeEventListener('abort', onAbort)
  if (context.signal.aborted) throw new PlonerunError('stopped while a program was at work', { kind: 'interrupted' })
  const stdout = bytesToText(output).replace(/[\r\n]+$/, '')
  const rc = problem === undefined ? code : null
  const failure = problem ?? broken ?? (code === 127 && /script: (command )?not found/.test(stdout) ? 'script was not found on the host: it comes with util-linux' : code === 0 ? undefined : 'non-zero return code')
  return { result: { cmd: input.command, stdout, rc }, failed: failure !== undefined, ...(failure !== undefined && { msg: failure }) }
}

/** The one that matches first; of several at the same place the first that was written. */
function firstQuestion(questions: readonly Question[], text: string): Question | undefined {
  const at = ({ pattern }: Question): number => text.search(new RegExp(pattern.source, pattern.flags.replace('g', '')))
  return questions.map((question) => ({ question, place: at(question) })).filter(({ place }) => place >= 0).sort((one, other) => one.place - other.place)[0]?.question
}
