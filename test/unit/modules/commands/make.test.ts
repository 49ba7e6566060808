import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { make } from '../../../../src/modules/commands/make.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { inputOf, planWith, resultWith } from '../../../support/drive.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { prove, runLocally } from '../../../support/local-host.ts'

const state = (code: number): Record<string, unknown> => ({ program: { stdout: '/usr/bin/gmake\n', code: 0 }, upToDate: { stdout: '', code } })

it.each<[Record<string, Plain>, number, readonly string[]]>([
  [{}, 0, []],
  [{}, 1, ['/usr/bin/gmake']],
  [{ target: 'install' }, 1, ['/usr/bin/gmake install']],
  [{ target: 'install' }, 2, ['/usr/bin/gmake install']],
  [{ targets: ['a', 'b'], jobs: 4, file: '/srv/other.mk', params: { NUM: 1, '--silent': null, DEBUG: 'y e s' } }, 1, ["/usr/bin/gmake -j 4 -f /srv/other.mk a b 'NUM=1' --silent 'DEBUG=y e s'"]],
])('make %j when make -q says %i', (args, code, calls) => expect(planWith(make, { chdir: '/srv', ...args }, state(code)).changes.map(({ steps }) => steps[0]!.argv[2])).toEqual(calls.map((call) => `CDPATH= cd -- /srv || exit 126\nexec ${call}`)))

it('tells what it ran', () =>
  expect(resultWith(make, { chdir: '/srv', target: 'a', params: { X: 'y z' } }, state(0))).toMatchObject({ command: "/usr/bin/gmake a 'X=y z'", target: 'a', targets: null, chdir: '/srv', jobs: null, stdout: '' }))

it('refuses target beside targets, and needs a folder', () => {
  expect(() => inputOf(make, { chdir: '/', target: 'a', targets: ['b'] })).toThrow('parameters are mutually exclusive: target|targets')
  expect(() => inputOf(make, { target: 'a' })).toThrow("missing required arguments: chdir")
})

it('makes what is not there, once', () => {
  const chdir = temporaryFolder()
  writeFileSync(join(chdir, 'Makefile'), 'out:\n\techo $(WORD) > out\n')
  expect(runLocally(make, { chdir, params: { WORD: 'hi' } }, { check: true }).changes).toHaveLength(1)
  expect(existsSync(join(chdir, 'out'))).toBe(false)
  expect(runLocally(make, { chdir, params: { WORD: 'hi' } }).result).toMatchObject({ stdout: 'echo hi > out' })
  expect(readFileSync(join(chdir, 'out'), 'utf8')).toBe('hi\n')
  expect(prove(make, { chdir, params: { WORD: 'hi' } }).summaries).toEqual([])
})

it('fails with what make said', () => {
  const chdir = temporaryFolder()
  expect(() => runLocally(make, { chdir, target: 'nosuch' })).toThrow(expect.objectContaining({ why: expect.stringContaining('No rule to make target') as string }))
})
