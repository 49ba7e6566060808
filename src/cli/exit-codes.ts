/** What the exit code of plonerun says. Where ansible-playbook has a code for the same thing, it is the same code. */

export const exitCodes = {
  ok: { code: 0, meaning: 'nothing failed' },
  input: { code: 1, meaning: 'a file, a name or a value is wrong; no host was touched by what was asked for' },
  failed: { code: 2, meaning: 'a task failed on a host' },
  unreachable: { code: 4, meaning: 'a host could not be reached (whether or not another one failed)' },
  usage: { code: 5, meaning: 'the command line is wrong: an unknown command or option, an argument missing' },
  changed: { code: 10, meaning: 'nothing failed and something changed, or would change in check mode; only with --exit-changed' },
  interrupted: { code: 99, meaning: 'stopped by the person (Ctrl-C), or by a signal' },
  fault: { code: 250, meaning: 'a fault in plonerun itself' },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>

export type Outcome = keyof typeof exitCodes
