/** ssh's command line options, as `ansible_ssh_common_args` holds them, turned into lines of an ssh configuration. */
import { PlonerunError } from '../../errors/plonerun-error.ts'

export interface SshArguments {
  /** Lines such as `ProxyJump bastion`, which come before every file. */
  readonly lines: readonly string[]
  /** `-F`: read instead of the usual files. */
  readonly configFile?: string
}

const OPTION_LETTERS: Readonly<Record<string, string>> = { J: 'ProxyJump', i: 'IdentityFile', p: 'Port', l: 'User' }

/** Flags that change nothing here: compression, quiet, verbose, no terminal, address families that DNS decides. */
const SILENT_FLAGS = /^-[Cqv46Tnta]+$/

/** @throws PlonerunError for an option that plonerun does not know */
export function parseSshArguments(words: readonly string[]): SshArguments {
  const lines: string[] = []
  let configFile: string | undefined
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === '-A') lines.push('ForwardAgent yes')
    else if (SILENT_FLAGS.test(word)) continue
    else if (/^-[oJiplF]/.test(word)) {
      const value = word.length > 2 ? word.slice(2) : words[++at]
      if (value === undefined) throw new PlonerunError(`the ssh option ${word} needs a value`, { kind: 'unreachable', hint: 'look at ansible_ssh_common_args' })
      const letter = word.charAt(1)
      if (letter === 'F') configFile ??= value
      else lines.push(letter === 'o' ? value.replace(/^\s*(\w+)\s*=\s*/, '$1 ') : `${OPTION_LETTERS[letter]!} ${value}`)
    } else throw new PlonerunError(`the ssh option ${word} is not supported`, { kind: 'unreachable', hint: 'plonerun understands -o, -J, -i, -p, -l, -F and -A in ansible_ssh_common_args' })
  }
  return { lines, ...(configFile !== undefined && { configFile }) }
}
