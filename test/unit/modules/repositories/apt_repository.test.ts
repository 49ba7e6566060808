import { expect, it } from 'vitest'
import { aptRepository } from '../../../../src/modules/repositories/apt_repository.ts'
import { addSource, normaliseSource, removeSource, suggestedName } from '../../../../src/modules/repositories/sources-list.ts'
import { inputOf, planWith } from '../../../support/drive.ts'
import { ARMORED_KEY, KEY_FINGERPRINT } from '../../../support/pgp-key.ts'

const D = 'deb http://x.org/debian stable main'
const FILES = new Map([['/l', `# about\n\n${D} # mine\n#deb  http://y.org a   b\n`], ['/m', `#${D}\n`]])

it.each<[string, ReadonlyMap<string, string>, Record<string, string>]>([
  ['enables what is commented out, everywhere', addSource(FILES, D, '/new'), { '/m': `${D}\n` }],
  ['takes up a disabled line', addSource(FILES, 'deb http://y.org a b', '/new'), { '/l': `# about\n\n${D} # mine\ndeb http://y.org a b\n` }],
  ['goes to a new file', addSource(FILES, 'deb http://z a', '/new'), { '/new': 'deb http://z a\n' }],
  ['goes behind what a file has', addSource(new Map([['/l', D]]), 'deb http://z a', '/l'), { '/l': `${D}\ndeb http://z a\n` }],
  ['does nothing twice', addSource(new Map([['/l', D]]), D, '/new'), {}],
  ['is removed where it is in use', removeSource(FILES, D), { '/l': '# about\n\n# deb http://y.org a b\n' }],
  ['leaves an empty file', removeSource(new Map([['/l', `${D}\n`]]), D), { '/l': '' }],
  ['is not removed where it is not', removeSource(FILES, 'deb http://y.org a b'), {}],
])('a source %s', (_, edited, files) => expect(Object.fromEntries(edited)).toEqual(files))

it.each([
  ['deb [arch=amd64 signed-by=/k] https://download.docker.com/linux/debian trixie stable', 'download_docker_com_linux_debian'],
  ['deb http://user:pw@x.org:80/a-b/ ./', 'x_org_80_a_b'],
  ['ppa:nginx/stable_jammy', 'ppa_nginx_stable_jammy'],
])('%s goes to %s.list', (source, name) => expect(suggestedName(source)).toBe(name))

it('knows a source from what is none', () => {
  expect(normaliseSource(' deb   a  b c # x ')).toBe('deb a b c')
  for (const repo of ['http://x', '#deb a b', '', 'rpm a b']) expect(() => inputWith(repo)).toThrow('Invalid repository string')
})

function inputWith(repo: string): unknown {
  return planWith(aptRepository, { repo }, {})
}

const missing = { exists: false, path: '', realPath: '', umask: 0o22 }
const NEW = '/etc/apt/sources.list.d/x_org_debian.list'
const state = (extra: Record<string, unknown> = {}): Record<string, unknown> => ({ parts: { entries: [] }, '/etc/apt/sources.list content': { bytes: Buffer.from(D) }, [`${NEW} entry`]: { ...missing, path: NEW, realPath: NEW }, ...extra })

it('adds a file, and takes it back when the lists cannot be fetched', () => {
  const { changes } = planWith(aptRepository, { repo: 'deb http://x.org/debian other main', mode: '0640' }, state({ [`${NEW} content`]: { bytes: null } }))
  expect(changes.map(({ summary }) => summary)).toEqual([`add deb http://x.org/debian other main to ${NEW}`, 'update the package lists'])
  expect(changes[0]!.leaves).toMatchObject([{ path: NEW, state: { mode: 0o640 } }])
  expect(changes[1]!.steps[0]!.argv[2]).toContain(`rm -f -- ${NEW}`)
})

it('does nothing when it is there, and fetches nothing when told so', () => {
  expect(planWith(aptRepository, { repo: D }, state()).changes).toEqual([])
  expect(planWith(aptRepository, { repo: `${D} contrib`, update_cache: false }, state()).changes).toHaveLength(1)
})

const PPA = '/etc/apt/sources.list.d/ppa_me_tool_jammy.list'
const answer = (text: string): unknown => ({ code: 0, stdout: Buffer.from(text).toString('base64') })
const ppaState = (extra: Record<string, unknown>): Record<string, unknown> => ({
  parts: { entries: [] }, codename: { code: 0, stdout: 'jammy' }, [`${PPA} entry`]: { ...missing, path: PPA, realPath: PPA }, 'key entry': { ...missing, path: '/k', realPath: '/k' }, ...extra,
})

it('adds the key and the source of a PPA', () => {
  const { changes } = planWith(aptRepository, { repo: 'ppa:me/tool' }, ppaState({ archive: answer(`{"signing_key_fingerprint": "${KEY_FINGERPRINT}"}`), signer: answer(ARMORED_KEY) }))
  expect(changes.map(({ summary }) => summary)).toEqual([`trust key ${KEY_FINGERPRINT} in /etc/apt/trusted.gpg.d/me-tool.gpg`, `add ppa:me/tool to ${PPA}`, 'update the package lists'])
  expect(Buffer.from(changes[1]!.steps[0]!.stdin!).toString()).toBe('deb https://ppa.launchpadcontent.net/me/tool/ubuntu jammy main\n')
})

it.each<[Record<string, unknown>, string]>([
  [{ archive: { code: 22, stdout: 'no route' } }, 'failed to fetch PPA information, error was: no route'],
  [{ archive: answer('{}') }, 'failed to fetch PPA information, error was: the answer does not name it'],
  [{ archive: answer(`{"signing_key_fingerprint": "${KEY_FINGERPRINT.replace('D', 'A')}"}`), signer: answer(ARMORED_KEY) }, 'Unable to get required signing key'],
])('a PPA fails when %j', (extra, message) => expect(planWith(aptRepository, { repo: 'ppa:me/tool' }, ppaState(extra)).fail).toContain(message))

it('takes the aliases that Ansible has', () => expect(inputOf(aptRepository, { repo: D, 'update-cache': false })).toMatchObject({ update_cache: false }))

