/** Runs a module of `library/` on the host: a script, or one in Python. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { LibraryModule } from '../load/tree/library.ts'
import { action, type ActionModule, type ActionResult } from '../modules/contract/module.ts'
import { shellRead } from '../probe/shell.ts'
import { quote } from '../shell/quote.ts'
import { splitWords } from '../shell/words.ts'
import { dumpJson } from '../template/json/dump.ts'
import { loadJson } from '../template/json/load.ts'
import { isDict } from '../values/dict.ts'
import { str } from '../values/print.ts'
import { asBool } from '../values/python.ts'
import { Secret } from '../values/secret.ts'
import { isList } from '../values/tuple.ts'
import type { Dict, Plain, Value } from '../values/value.ts'
import { findPython, pythonText } from './python-module.ts'

/** The module that the script is. */
export function libraryModule(library: LibraryModule): ActionModule {
  const { name, file, checks } = library
  return action({
    name,
    summary: `The script ${file}.`,
    options: {},
    open: true,
    async run(_input, context, rest) {
      if (context.check && !checks) return { result: {}, unknown: `what the script ${file} does` }
      const given: Dict = new Map<Value, Value>([
        ...[...rest].map(([key, value]): [Value, Value] => [key, revealed(value)]),
        ['_ansible_check_mode', context.check],
        ['_ansible_diff', context.diff],
        ['_ansible_no_log', context.noLog],
        ['_ansible_verbosity', context.verbosity],
        ['_ansible_module_name', name],
        ['_ansible_version', '2.19.14'],
      ])
      const script = textOf(library, given, context.python())
      if (context.check) {
        const { answer } = await context.read({ answer: shellRead(script, ['anything']) })
        const foreseen = resultOf(answer.stdout, '', answer.code)
        return foreseen.failed === true && context.unforeseeable ? { result: {}, unknown: `what ${name} does (${foreseen.msg ?? 'it failed'})` } : foreseen
      }
      // The script reaches the shell as its standard input, so that no process list shows what it is given.
      const [reply] = await context.proceed([{ argv: ['/bin/sh'], stdin: script, user: true }])
      context.forget(['anything'])
      if (reply?.lost !== undefined) throw new PlonerunError(`${name} did not end: ${reply.lost}`, { kind: 'task' })
      return resultOf(reply?.stdout.toString('utf8') ?? '', reply?.stderr.toString('utf8') ?? '', reply?.code ?? null)
    },
  })
}

/** What the shell of the host runs. @param python the interpreter that the inventory names for modules in Python */
function textOf(library: LibraryModule, given: Dict, python: string | undefined): string {
  const { interpreter, takes } = library
  if (takes === 'ansible') return findPython(python) + pythonText(library, given)
  const args = takes === 'json' ? dumpJson(given) : asWords(given)
  return interpreter === 'python' ? findPython(python) + scriptText(library, '"$python"', args) : scriptText(library, interpreter.map(quote).join(' '), args)
}

/** Puts the script and its arguments into a folder of their own, which is gone when it has run. */
function scriptText({ name, content }: LibraryModule, interpreter: string, args: string): string {
  return [
    'd=$(mktemp -d) || exit',
    `trap 'rm -rf -- "$d"' EXIT`,
    `trap 'exit 1' HUP INT TERM`,
    `printf %s ${quote(content)} >"$d"/${quote(name)} && printf %s ${quote(args)} >"$d/args" && chmod 700 "$d"/${quote(name)} || exit`,
    `${interpreter} "$d"/${quote(name)} "$d/args" </dev/null`,
    '',
  ].join('\n')
}

/** `k=v` for each argument, quoted for a shell; values are printed as Python does. */
function asWords(given: Dict): string {
  return [...given].map(([key, value]) => `${str(key)}=${quote(str(value))} `).join('')
}

/** The value with its secrets in the open, for the script that is given them. */
function revealed(value: Value): Value {
  if (value instanceof Secret) return value.reveal()
  if (isDict(value)) return new Map([...value].map(([key, item]): [Value, Value] => [key, revealed(item)]))
  return isList(value) ? value.map(revealed) : value
}

/** Of an answer, these steer the run. */
const STEERING = new Set(['changed', 'failed', 'skipped', 'msg'])

/** What a script answers is data. It says itself how it went; one that says nothing that can be read has failed. */
function resultOf(stdout: string, stderr: string, code: number | null): ActionResult {
  const answer = answerIn(stdout)
  if (answer === undefined) return { failed: true, msg: 'the module gave no answer that can be read: JSON is wanted, or words of the form k=v', result: { rc: code, module_stdout: stdout, module_stderr: stderr } }
  const said = (key: string): boolean => asBool(answer.get(key) ?? false) === true
  const msg = answer.get('msg')
  const result = Object.fromEntries([...answer].filter(([key]) => !STEERING.has(str(key)) && !str(key).startsWith('_ansible_')).map(([key, value]): [string, Plain] => [str(key), value as Plain]))
  return { result, changed: said('changed'), failed: said('failed'), skipped: said('skipped'), ...(msg !== undefined && { msg: str(msg) }) }
}

/** The JSON object in the output, whatever stands around it; or all of it as words. */
function answerIn(stdout: string): Dict | undefined {
  const [begin, end] = [stdout.search(/^\s*\{/m), stdout.lastIndexOf('}')]
  try {
    if (begin >= 0 && end > begin) {
      const value = loadJson(stdout.slice(begin, end + 1))
      return isDict(value) ? value : undefined
    }
    const words = splitWords(stdout)
    if (words.length === 0 || !words.every((word) => /^\w+=/.test(word))) return undefined
    return new Map(words.map((word): [Value, Value] => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]))
  } catch (error) {
    if (!(error instanceof PlonerunError)) throw error
    return undefined
  }
}
