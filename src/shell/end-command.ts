/** Ends what a session's shell is running, from another shell of the same user. */

/**
 * A probe's script that signals the process group of the command that the shell waits for, and prints the ids it found.
 * Only the shell's own builtins are used, because a minimal host has no ps.
 * @param shell process id of the session's shell
 * @param withShell the shell is to end too, as soon as the command has: nothing of the frame runs after it
 */
export function endCommand(shell: number, signal: 'TERM' | 'KILL', { withShell = false } = {}): string {
  return `${withShell ? `kill -s TERM ${shell} 2>/dev/null\n` : ''}for stat in /proc/[0-9]*/stat; do
  { read -r line <"$stat"; } 2>/dev/null || continue
  set -- \${line##*) }
  [ "$2" = ${shell} ] || continue
  pid=\${line%% *}
  [ "$3" = "$pid" ] && group=-$pid || group=$pid
  kill -s ${signal} -- "$group" 2>/dev/null && echo "$pid"
done
`
}
