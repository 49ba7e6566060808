import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PlonerunError } from '../../../src/errors/plonerun-error.ts'
import { becomeArgv, becomeError } from '../../../src/transport/become.ts'
import type { Become, Connection } from '../../../src/transport/contract.ts'
import { connect } from '../../../src/transport/connection.ts'
import { createPool } from '../../../src/transport/pool.ts'
import { Secret } from '../../../src/values/secret.ts'
import { type SshServer, startSshServer } from '../../support/ssh-server.ts'

const password = new Secret('sesame')

test.each<[Become, string]>([
  [{ method: 'sudo', user: 'root' }, 'sudo -H -n -u root /bin/sh'],
  [{ method: 'sudo', user: 'root', password }, 'sudo -H -S -p prompt: -u root /bin/sh'],
  [{ method: 'sudo', user: 'zope', flags: '-i' }, 'sudo -i -u zope /bin/sh'],
  [{ method: 'sudo', user: 'zope', flags: '-H -S -n', password }, 'sudo -H -S -p prompt: -u zope /bin/sh'],
  [{ method: 'sudo', user: 'zope', flags: '-HSn -E', password, exe: '/opt/sudo' }, '/opt/sudo -H -E -S -p prompt: -u zope /bin/sh'],
  [{ method: 'su', user: 'zope', flags: '-s /bin/bash' }, 'su -s /bin/bash zope -c /bin/sh'],
  [{ method: 'doas', user: 'zope' }, 'doas -n -u zope /bin/sh'],
  [{ method: 'doas', user: 'zope', password }, 'doas -u zope /bin/sh'],
])('%j', (become, argv) => {
  expect(becomeArgv(become, ['/bin/sh'], 'prompt:').join(' ')).toBe(argv)
})

test.each([
  ['sudo: a password is required\n', 1, 'web1: sudo gives the login user no shell as root without a password'],
  ['sudo: ein Passwort ist notwendig\n', 1, 'web1: sudo gives the login user no shell as root without a password'],
  ['alice is not in the sudoers file.\n', 1, 'web1: sudo does not let the login user become root'],
  ['Sorry, user alice is not allowed to execute /bin/sh as root on web1.\n', 1, 'web1: sudo does not let the login user become root'],
  ['sudo: unknown user zope\n', 1, 'web1: there is no user root to become'],
  ['sudo: sorry, you must have a tty to run sudo\n', 1, 'web1: sudo is set up to work on a terminal only'],
  ['sh: 1: sudo: not found\n', 127, 'web1: sudo is not installed'],
])('%s', (said, code, message) => {
  const error = becomeError({ method: 'sudo', user: 'root' }, 'web1', { said, code, asked: false })
  expect(error).toMatchObject({ message, kind: 'task', why: said.trim() })
  expect(error.hint).toMatch(/./)
})

/** Asks as sudo does: on stderr, byte by byte from stdin, three times. */
const FAKE_SUDO = `#!/bin/sh
while [ "$1" != -u ]; do [ "$1" = -p ] && prompt=$2; shift; done
shift 2
for try in 1 2 3; do
  printf %s "$prompt" >&2
  read -r answer || exit 1
  echo "$answer" >>"$HOME/answers"
  [ "$answer" = sesame ] && exec "$@"
  echo 'Sorry, try again.' >&2
done
exit 1
`

describe('with a password', () => {
  let server: SshServer
  let connection: Connection
  let exe: string

  beforeAll(async () => {
    server = await startSshServer()
    connection = await connect(server.address(), createPool())
    exe = join(server.folder, 'fake-sudo')
    writeFileSync(exe, FAKE_SUDO, { mode: 0o755 })
  })

  afterAll(async () => {
    await connection.close()
    await server.close()
  })

  async function say(become: Become, script: string): Promise<string> {
    const [reply] = await (await connection.session(become)).exchange([{ kind: 'probe', script }])
    return reply!.stdout.toString()
  }

  test('the right one opens a shell, and is no part of any command line', async () => {
    expect(await say({ method: 'sudo', user: 'root', password, exe }, 'printf in')).toBe('in')
    expect(server.counts.commands.join('\n')).not.toContain('sesame')
  })

  test('a wrong one is given once', async () => {
    const wrong: Become = { method: 'sudo', user: 'root', password: new Secret('wrong'), exe }
    await expect(say(wrong, 'true')).rejects.toMatchObject({ message: 'web1: Incorrect sudo password to become root', hint: 'check -K or ansible_become_password' })
    const answers = await say({ method: 'sudo', user: 'root', password, exe }, 'grep -c wrong "$HOME/answers"')
    expect(answers.trim()).toBe('1')
  })

  test('a prompt that never comes is not waited for, and a greeting is no answer', async () => {
    const free = join(server.folder, 'free-sudo')
    writeFileSync(free, '#!/bin/sh\necho Welcome; while [ "$1" != -u ]; do shift; done; shift 2; exec "$@"\n', { mode: 0o755 })
    expect(await say({ method: 'sudo', user: 'root', password, exe: free }, 'printf in')).toBe('in')
  })

  test('a shell of another user is left, but not the one that is worked in; the next opens anew', async () => {
    const [one, two] = ['one', 'two'].map((user): Become => ({ method: 'sudo', user, password, exe }))
    const shell = (become: Become | undefined): Promise<string> => say(become!, 'echo $$')
    const [before, beside] = [await shell(one), await shell(two)]
    await connection.leave(two)
    expect(await shell(two)).toBe(beside)
    expect(await shell(one)).not.toBe(before)
  })

  test('a program that is missing is named', async () => {
    const missing: Become = { method: 'sudo', user: 'root', exe: '/nowhere/sudo' }
    await expect(say(missing, 'true')).rejects.toBeInstanceOf(PlonerunError)
    await expect(say(missing, 'true')).rejects.toMatchObject({ message: 'web1: /nowhere/sudo is not installed', kind: 'task' })
  })
})
