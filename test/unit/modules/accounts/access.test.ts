/** Who may do what: ssh keys, known hosts, passwords for Apache, PAM. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { changeKeys, type KeyWish } from '../../../../src/modules/accounts/authorized-keys.ts'
import { authorizedKey } from '../../../../src/modules/accounts/authorized_key.ts'
import { htpasswd } from '../../../../src/modules/accounts/htpasswd.ts'
import { knownHosts } from '../../../../src/modules/accounts/known_hosts.ts'
import { editPam, type PamWish } from '../../../../src/modules/accounts/pam-text.ts'
import { pamd } from '../../../../src/modules/accounts/pamd.ts'
import { isPassword } from '../../../../src/template/hashing/crypt.ts'
import { planWith } from '../../../support/drive.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { prove, runLocally } from '../../../support/local-host.ts'

let folder: string
beforeEach(() => void (folder = temporaryFolder()))
const file = (name: string): string => join(folder, name)
const text = (name: string): string => readFileSync(file(name), 'utf8')

describe('authorized keys', () => {
  const [one, two] = ['ssh-ed25519 AAAA1 one', 'ssh-rsa AAAA2 two']
  const wish = (over: Partial<KeyWish>): KeyWish => ({ key: one, present: true, exclusive: false, options: undefined, comment: undefined, ...over })
  it.each<[string, string, Partial<KeyWish>, string]>([
    ['added behind the others', `# mine\n${two}`, {}, `# mine\n${two}\n${one}\n`],
    ['there already', `no-pty ${two}\n${one}\n`, {}, `no-pty ${two}\n${one}\n`],
    ['another comment takes its place, at the end', `ssh-ed25519 AAAA1 old\n${two}\n`, {}, `${two}\n${one}\n`],
    ['options', '', { options: 'no-pty,from="a,b"' }, `no-pty,from="a,b" ${one}\n`],
    ['a comment of its own', '', { comment: 'x y' }, 'ssh-ed25519 AAAA1 x y\n'],
    ['several', '', { key: `${one}\n# no key\n\n${two}\n` }, `${one}\n${two}\n`],
    ['the only ones', `# mine\n${two}\n`, { exclusive: true }, `${one}\n`],
    ['taken away, whatever its comment', `${two}\nfrom="x" ssh-ed25519 AAAA1 other\n`, { present: false }, `${two}\n`],
    ['not there to be taken away', two, { present: false }, two],
  ])('%s', (_, before, over, after) => expect(changeKeys(before, wish(over))).toBe(after))
  it('what is no key is told', () => expect(() => changeKeys('', wish({ key: 'nonsense' }))).toThrow('invalid key specified: nonsense'))

  it('the file and its folder belong to the user alone', () => {
    const { username } = userInfo()
    expect(prove(authorizedKey, { user: username, key: one, path: file('ssh/keys') }).result).toMatchObject({ state: 'file', mode: '0600', owner: username, keyfile: file('ssh/keys') })
    expect(text('ssh/keys')).toBe(`${one}\n`)
    expect([statSync(file('ssh')).mode & 0o777, statSync(file('ssh/keys')).mode & 0o777]).toEqual([0o700, 0o600])
    prove(authorizedKey, { user: username, key: one, path: file('ssh/keys'), state: 'absent' })
    expect(text('ssh/keys')).toBe('')
    expect(() => runLocally(authorizedKey, { user: 'no-such-user', key: one })).toThrow('Failed to lookup user no-such-user')
  })
  it('keys come from an address', () => {
    const { username } = userInfo()
    writeFileSync(file('offered'), `${one}\n${two}\n`)
    prove(authorizedKey, { user: username, key: `file://${file('offered')}`, path: file('keys') })
    expect(text('keys')).toBe(`${one}\n${two}\n`)
    expect(() => runLocally(authorizedKey, { user: username, key: `file://${file('none')}`, path: file('keys') })).toThrow(`Error getting key from: file://${file('none')}`)
    const { fail } = planWith(authorizedKey, { user: username, key: 'https://x/keys', path: file('keys') }, { user: {}, fetched: { code: 22, stdout: 'E: 404' } })
    expect(fail).toBe('Error getting key from: https://x/keys')
  })
})

describe('known hosts', () => {
  const key = (name: string, data = 'AAAA'): string => `${name} ssh-ed25519 ${data}`
  it('a key is added, changed and taken away', () => {
    writeFileSync(file('known'), `${key('other')}\n${key('db,10.0.0.1')}\ndb ssh-rsa BBBB`)
    expect(prove(knownHosts, { name: 'DB', key: key('db', 'CCCC'), path: file('known') }).result).toMatchObject({ path: file('known'), state: 'file', mode: expect.any(String) as string })
    expect(text('known')).toBe(`${key('other')}\ndb ssh-rsa BBBB\n${key('db', 'CCCC')}\n`)
    prove(knownHosts, { name: 'db', key: key('db', 'CCCC'), path: file('known'), state: 'absent' })
    expect(text('known')).toBe(`${key('other')}\ndb ssh-rsa BBBB\n`)
    prove(knownHosts, { name: 'db', path: file('known'), state: 'absent' })
    expect(text('known')).toBe(`${key('other')}\n`)
  })
  it('a name is hashed, and found again', () => {
    prove(knownHosts, { name: '[db]:2222', key: key('[db]:2222'), path: file('known'), hash_host: true })
    expect(text('known')).toMatch(/^\|1\|[^ ]+ ssh-ed25519 AAAA\n$/)
  })
  it('a key of another machine is refused', () => expect(() => runLocally(knownHosts, { name: 'db', key: key('web'), path: file('known') })).toThrow('Host parameter does not match'))
})

describe('htpasswd', () => {
  it('users are added, changed and taken away', () => {
    const { result } = prove(htpasswd, { path: file('users'), name: 'admin', password: 'secret', mode: '0640' })
    expect(result).toMatchObject({ msg: `Created ${file('users')} and added admin and ownership, perms or SE linux context changed` })
    expect(text('users')).toMatch(/^admin:\$apr1\$.{8}\$.{22}\n$/)
    prove(htpasswd, { path: file('users'), name: 'editor', password: 'secret', crypt_scheme: 'ldap_sha1' })
    prove(htpasswd, { path: file('users'), name: 'admin', password: 'other', hash_scheme: 'md5_crypt' })
    expect(isPassword('other', text('users').split(/[:\n]/)[1]!)).toBe(true)
    expect(runLocally(htpasswd, { path: file('users'), name: 'admin', password: 'other' }).result).toMatchObject({ msg: 'admin already present' })
    prove(htpasswd, { path: file('users'), name: 'admin', state: 'absent' })
    expect(text('users')).toBe('editor:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n')
  })
  it('says what is wrong', () => {
    expect(() => runLocally(htpasswd, { path: file('none'), name: 'x', password: 'y', create: false })).toThrow('does not exist')
    expect(() => runLocally(htpasswd, { path: file('users'), name: 'x' })).toThrow('state is present but all of the following are missing: password')
    expect(runLocally(htpasswd, { path: file('none'), name: 'x', state: 'absent' }).result).toMatchObject({ msg: 'x not present' })
  })
})

describe('PAM', () => {
  const before = '#%PAM-1.0\nauth       required pam_unix.so nullok\n@include common\nsession [success=1 default=ignore] pam_x.so a=1 b\n'
  const wish = (over: Partial<PamWish>): PamWish => ({ type: 'auth', control: 'required', path: 'pam_unix.so', state: 'updated', fresh: {}, args: undefined, ...over })
  it.each<[string, Partial<PamWish>, string, number]>([
    ['updated', { fresh: { control: 'sufficient' }, args: ['try_first_pass'] }, 'auth       sufficient pam_unix.so try_first_pass', 1],
    ['as it is', { fresh: { control: 'required' } }, 'auth       required pam_unix.so nullok', 0],
    ['another one before', { state: 'before', fresh: { type: 'auth', control: 'required', path: 'pam_env.so' } }, 'auth       required pam_env.so\nauth       required pam_unix.so nullok', 1],
    ['another one after', { state: 'after', fresh: { type: 'auth', control: '[default=die]', path: 'pam_deny.so' }, args: ['x'] }, 'auth       required pam_unix.so nullok\nauth       [default=die] pam_deny.so x', 1],
    ['more arguments', { state: 'args_present', args: ['nullok', 'rounds=5'] }, 'auth       required pam_unix.so nullok rounds=5', 1],
    ['less arguments', { state: 'args_absent', args: ['nullok'] }, 'auth       required pam_unix.so', 1],
    ['gone', { state: 'absent' }, '#%PAM-1.0\n@include common', 1],
  ])('%s', (_, over, part, count) => {
    const edited = editPam(before, wish(over))
    expect(edited.text).toContain(`${part}\n`)
    expect(edited.count).toBe(count)
    expect(editPam(edited.text, wish(over)).text).toBe(edited.text)
  })
  it('an argument with a value takes the place of another value', () =>
    expect(editPam(before, wish({ type: 'session', control: '[success=1 default=ignore]', path: 'pam_x.so', state: 'args_present', args: ['a=2'] })).text).toContain('session    [success=1 default=ignore] pam_x.so a=2 b\n'))
  it('a control that is none is refused', () => expect(() => editPam(before, wish({ fresh: { control: 'maybe' } }))).toThrow('Rule control, maybe, is not valid'))
  it('in a file', () => {
    writeFileSync(file('su'), before)
    prove(pamd, { name: 'su', path: folder, type: 'auth', control: 'required', module_path: 'pam_unix.so', new_control: 'sufficient' })
    expect(() => runLocally(pamd, { name: 'nosuch', path: folder, type: 'auth', control: 'required', module_path: 'x' })).toThrow('Unable to open/read PAM module file')
  })
})
