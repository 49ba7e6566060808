/** Becoming another user: the command that starts a shell for them, and what went wrong when none came. */
import { PlonerunError } from '../errors/plonerun-error.ts'
import { quote } from '../shell/quote.ts'
import type { Become } from './contract.ts'

/** @param prompt what sudo asks for the password with, when there is one */
export function becomeArgv(become: Become, shell: readonly string[], prompt: string): string[] {
  const { method, user, password, flags, exe = method } = become
  const given = flags?.split(/\s+/).filter(Boolean)
  switch (method) {
    case 'sudo': {
      if (!password) return [exe, ...(given ?? ['-H', '-n']), '-u', user, ...shell]
      const asking = (given ?? ['-H']).map((flag) => (/^-[HSnEkKb]+$/.test(flag) ? flag.replaceAll(/[nS]/g, '') : flag)).filter((flag) => flag !== '-')
      return [exe, ...asking, '-S', '-p', prompt, '-u', user, ...shell]
    }
    case 'su':
      return [exe, ...(given ?? []), user, '-c', shell.map(quote).join(' ')]
    case 'doas':
      return [exe, ...(given ?? []), ...(password ? [] : ['-n']), '-u', user, ...shell]
  }
}

/** doas reads passwords from a terminal only. */
export function needsTerminal({ method, password }: Become): boolean {
  return method === 'doas' && password !== undefined
}

export interface Refusal {
  /** What it printed. */
  readonly said: string
  readonly code: number | null
  /** The password had been asked for, and given. */
  readonly asked: boolean
}

/**
 * The error for a shell of another user that ended before it was ready.
 * These programs' words may be translated, so a text that is not known is shown as it is.
 */
export function becomeError({ method, user, exe = method }: Become, host: string, { said: printed, code, asked }: Refusal): PlonerunError {
  const said = printed.trim()
  const failed = (what: string, hint: string): PlonerunError => new PlonerunError(`${host}: ${what}`, { kind: 'task', ...(said !== '' && { why: said }), hint })
  if (code === 127) return failed(`${exe} is not installed`, 'install it, or choose another become_method')
  if (/not in the sudoers|not allowed|may not run|not permitted/i.test(said)) return failed(`${method} does not let the login user become ${user}`, `allow it on the host (for sudo: in /etc/sudoers.d)`)
  if (/unknown user|does not exist|no passwd entry|unknown id/i.test(said)) return failed(`there is no user ${user} to become`, 'create it in an earlier task, or check become_user')
  if (/currently not available|nologin/i.test(said)) return failed(`${user} has no login shell, and ${method} uses it`, `use become_method sudo, or become_flags '-s /bin/sh'`)
  if (/must have a tty/i.test(said)) return failed('sudo is set up to work on a terminal only', "take requiretty for the login user out of the host's sudoers")
  if (asked) return failed(`Incorrect ${method} password to become ${user}`, 'check -K or ansible_become_password')
  return failed(`${method} gives the login user no shell as ${user} without a password`, 'give it with -K or ansible_become_password, or allow the login user to do without')
}
