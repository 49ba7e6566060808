/** `plonerun completion`: completes commands, options and file names in bash. */
import type { CommandInfo, RunCommand } from '../command-info.ts'
import { shortName } from '../../modules/contract/module.ts'
import { modules } from '../../modules/registry.generated.ts'

/** The command itself, which has to know all commands. */
export function completion(commands: readonly CommandInfo[]): { readonly run: RunCommand } {
  return {
    async run() {
      process.stdout.write(completionScript(commands))
      return 'ok'
    },
  }
}

/** A bash script with all words in it, so that completing does not start plonerun. */
export function completionScript(commands: readonly CommandInfo[]): string {
  const shortNames = modules.map(({ name }) => shortName(name))
  return `_plonerun() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} words=
  if [ "$COMP_CWORD" = 1 ]; then
    words='${commands.map(({ name }) => name).join(' ')} --help --version'
  elif [[ $before == -m || $before == --module-name || \${COMP_WORDS[1]} == doc && $current != -* ]]; then
    words='${[...new Set(shortNames)].sort().join(' ')}'
  elif [[ $current == -* ]]; then
    case \${COMP_WORDS[1]} in
${commands.map((command) => `      ${command.name}) words='${optionNames(command).join(' ')}' ;;`).join('\n')}
    esac
  else
    COMPREPLY=($(compgen -f -- "$current"))
    return
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o filenames -F _plonerun plonerun
`
}

function optionNames({ groups }: CommandInfo): string[] {
  return ['--help', ...groups.flatMap(({ options }) => options.map(({ flags }) => /--[\w-]+/.exec(flags)![0]))]
}
