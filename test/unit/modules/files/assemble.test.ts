import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { assemble } from '../../../../src/modules/files/assemble.ts'
import { fetch } from '../../../../src/modules/files/fetch.ts'
import { iniFile } from '../../../../src/modules/files/ini_file.ts'
import type { ActionContext } from '../../../../src/modules/contract/module.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { ask, prove, runLocally } from '../../../support/local-host.ts'

let host: string
beforeEach(() => {
  host = temporaryFolder()
  mkdirSync(at('parts/folder'), { recursive: true })
  writeFileSync(at('parts/20-b'), 'B')
  writeFileSync(at('parts/10-a'), 'A\n')
  writeFileSync(at('parts/.hidden'), 'H\n')
})
const at = (name: string): string => join(host, name)

describe('assemble', () => {
  it.each([
    [{}, 'H\nA\nB'],
    [{ ignore_hidden: true }, 'A\nB'],
    [{ regexp: '^[0-9]', delimiter: '--' }, 'A\n--\nB'],
    [{ regexp: '^[0-9]', delimiter: String.raw`# next\n` }, 'A\n# next\nB'],
  ])('puts fragments together: %j', (args, expected) => {
    for (const where of [{ src: at('parts') }, { src: 'parts', remote_src: false }]) {
      const dest = at('parts' in where ? 'here' : 'there')
      const { result } = prove(assemble, { dest, mode: '0600', ...where, ...args }, { files: host })
      expect(readFileSync(dest, 'utf8')).toBe(expected)
      expect(result).toMatchObject({ dest, mode: '0600', ...(where.remote_src !== false && { msg: 'OK' }) })
      expect(runLocally(assemble, { dest, ...where, ...args }, { files: host }).result).toHaveProperty('md5sum', result['md5sum'])
    }
  })

  it('shows the difference, and says what is missing', () => {
    writeFileSync(at('out'), 'old\n')
    expect(runLocally(assemble, { src: at('parts'), dest: at('out'), ignore_hidden: true }, { check: true, diff: true }).changes[0]!.diff).toMatchObject({ before: 'old\n', after: 'A\nB' })
    expect(() => runLocally(assemble, { src: at('none'), dest: at('out') })).toThrow(`Source (${at('none')}) does not exist`)
  })
})

describe('ini_file', () => {
  it('sets an option, and makes the file', () => {
    const { result, summaries } = prove(iniFile, { path: at('new/x.ini'), section: 's', option: 'o', value: 'v', mode: '0640' })
    expect(result).toMatchObject({ msg: 'section and option added', path: at('new/x.ini'), mode: '0640' })
    expect(summaries).toEqual([`${at('new')}: new folder`, `${at('new/x.ini')}: new file, mode 0640`])
    expect(readFileSync(at('new/x.ini'), 'utf8')).toBe('\n[s]\no = v\n')
  })

  it('replaces a link, or follows it', () => {
    writeFileSync(at('real.ini'), '[s]\n')
    symlinkSync('real.ini', at('link.ini'))
    prove(iniFile, { path: at('link.ini'), section: 's', option: 'o', value: '1', follow: true })
    expect(readFileSync(at('real.ini'), 'utf8')).toBe('[s]\no = 1\n')
    prove(iniFile, { path: at('link.ini'), section: 's', option: 'o', value: '2' })
    expect(lstatSync(at('link.ini')).isFile()).toBe(true)
    expect(readFileSync(at('real.ini'), 'utf8')).toBe('[s]\no = 1\n')
  })

  it('is refused', () => {
    expect(() => runLocally(iniFile, { path: at('x'), section: 's', option: 'o' })).toThrow("'value(s)' must be defined")
    expect(() => runLocally(iniFile, { path: at('x'), section: 's', option: 'o', value: '1', create: false })).toThrow(`Destination ${at('x')} does not exist !`)
    expect(prove(iniFile, { path: at('x'), section: 's', state: 'absent' }).changes).toEqual([])
  })
})

describe('fetch', () => {
  const module = fetch
  const context = (check = false): ActionContext =>
    ({ host: 'web1', check, variable: (name: string) => (name === 'inventory_hostname' ? 'web1' : undefined), read: (reads: never) => Promise.resolve(ask(reads)) }) as unknown as ActionContext
  const bring = async (args: Record<string, unknown>, check?: boolean): Promise<unknown> => module.run({ flat: false, fail_on_missing: true, validate_checksum: true, ...args }, context(check), new Map())

  it('brings a file into a folder of the host, once', async () => {
    const args = { src: at('parts/10-a'), dest: at('brought') }
    const dest = at(`brought/web1${at('parts/10-a')}`)
    expect(await bring(args, true)).toMatchObject({ changed: true, result: { dest } })
    expect(await bring(args)).toMatchObject({ changed: true, result: { dest, md5sum: 'bf072e9119077b4e76437a93986787ef' } })
    expect(readFileSync(dest, 'utf8')).toBe('A\n')
    expect(await bring(args)).toMatchObject({ changed: false })
  })

  it('brings it flat', async () => {
    await bring({ src: at('parts/10-a'), dest: `${at('flat')}/`, flat: true })
    await bring({ src: at('parts/20-b'), dest: at('flat/b'), flat: true })
    expect([readFileSync(at('flat/10-a'), 'utf8'), readFileSync(at('flat/b'), 'utf8')]).toEqual(['A\n', 'B'])
    expect(await bring({ src: at('parts/20-b'), dest: at('flat'), flat: true })).toMatchObject({ failed: true, msg: /trailing slash/ })
    mkdirSync(at('flat/20-b'))
    expect(await bring({ src: at('parts/20-b'), dest: `${at('flat')}/`, flat: true })).toMatchObject({ failed: true, msg: `calculated dest '${at('flat/20-b')}' is an existing directory` })
  })

  it('fails without the file, unless it may be missing', async () => {
    expect(await bring({ src: at('none'), dest: at('x') })).toMatchObject({ failed: true, msg: 'the remote file does not exist, not transferring, ignored' })
    expect(await bring({ src: at('parts'), dest: at('x'), fail_on_missing: false })).toMatchObject({ failed: false, changed: false, msg: 'remote file is a directory, fetch cannot work on directories, not transferring, ignored' })
  })
})
