/** Settings of git, made for real in a folder of this machine. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { gitConfig } from '../../../../src/modules/git/git_config.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { prove, runLocally } from '../../../support/local-host.ts'
import { describeWith } from '../../../support/programs.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder, 'config')
})

describeWith('git', () => {
  const values = (): readonly string[] => (spawnSync('git', ['config', '--file', file, '--get-all', 'a.b'], { encoding: 'utf8' }).stdout.match(/.+/g) ?? [])
  const inFile = (args: Record<string, Plain>): Record<string, Plain> => ({ name: 'a.b', scope: 'file', file, ...args })

  it('sets, replaces, adds and unsets', () => {
    expect(prove(gitConfig, inFile({ value: `it's "one" $HOME` })).result).toEqual({ msg: 'setting changed' })
    expect(values()).toEqual([`it's "one" $HOME`])
    prove(gitConfig, inFile({ value: 'two', add_mode: 'add' }))
    expect(values()).toEqual([`it's "one" $HOME`, 'two'])
    prove(gitConfig, inFile({ value: 'two' }))
    expect(values()).toEqual(['two'])
    prove(gitConfig, inFile({ state: 'absent' }))
    expect(values()).toEqual([])
    expect(runLocally(gitConfig, inFile({ state: 'absent' })).result).toEqual({ msg: 'no setting to unset' })
  })

  it('a repository that an earlier task would make has no settings yet, and one that nobody makes is an error', () => {
    const args = { name: 'a.b', value: 'x', scope: 'local', repo: join(folder, 'repo') }
    const imagined = [{ kind: 'path', path: args.repo, state: { type: 'directory' } }] as const
    expect(runLocally(gitConfig, args, { check: true, imagined }).summaries).toEqual(['a.b = x'])
    expect(() => runLocally(gitConfig, args, { check: true })).toThrow('git cannot read its settings')
  })

  it('check mode writes nothing', () => {
    expect(runLocally(gitConfig, inFile({ value: 'x' }), { check: true }).summaries).toEqual(['a.b = x'])
    expect(existsSync(file)).toBe(false)
  })

  it('sets those of a repository', () => {
    execFileSync('git', ['init', '-q', folder])
    prove(gitConfig, { name: 'user.email', scope: 'local', repo: folder, value: 'me@example.org' })
    expect(readFileSync(join(folder, '.git/config'), 'utf8')).toContain('email = me@example.org')
  })

  it('says what git says', () => {
    writeFileSync(file, '[broken\n')
    expect(() => runLocally(gitConfig, inFile({ value: 'x' }))).toThrow('bad config line 1')
    expect(() => runLocally(gitConfig, { name: 'a.b', scope: 'local', repo: '/nosuch', value: 'x' })).toThrow('git cannot read its settings')
  })
})

it.each<[Record<string, Plain>, string]>([
  [{ name: 'a.b', scope: 'file', value: 'x' }, 'file'],
  [{ name: 'a.b' }, 'value'],
  [{ name: 'a.b', value: '', scope: 'system' }, 'a value must be specified'],
])('%j is refused', (args, message) => expect(() => runLocally(gitConfig, args)).toThrow(message))
