/** A program in a folder of the host, as a question and as a step; its words that begin with `~` are expanded there. */
import { hostWord } from '../../probe/host-path.ts'
import type { Read } from '../../probe/read.ts'
import type { Resource } from '../../probe/resource.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { sh, type Step } from '../contract/change.ts'

/** Words as a shell's text. */
export function hostWords(argv: readonly string[]): string {
  return argv.map((word) => (word.startsWith('~') ? hostWord(word) : quote(word))).join(' ')
}

/** Asks with a program that changes nothing. Without a folder it runs in the one of the session. */
export function askInFolder(folder: string | undefined, argv: readonly string[], touches: readonly Resource[]): Read<ShellResult> {
  return shellRead(folder === undefined || folder === '' ? hostWords(argv) : `CDPATH= cd -- ${hostWord(folder)} && ${hostWords(argv)}`, touches)
}

interface RunOptions {
  /** The folder is made when it is not there. */
  readonly create?: boolean
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs a program with the login environment. */
export function runInFolder(folder: string | undefined, argv: readonly string[], { create = false, environment = {} }: RunOptions = {}): Step {
  const word = folder === undefined || folder === '' ? '' : hostWord(folder)
  const move = word === '' ? '' : `${create ? `mkdir -p -- ${word} && ` : ''}CDPATH= cd -- ${word} || exit 126\n`
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${hostWords([value])}\n`)
  return { ...sh(`${move}${exports.join('')}exec ${hostWords(argv)}`), user: true }
}
