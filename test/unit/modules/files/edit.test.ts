import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { blockinfile } from '../../../../src/modules/files/blockinfile.ts'
import { lineinfile } from '../../../../src/modules/files/lineinfile.ts'
import { replace } from '../../../../src/modules/files/replace.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { prove, runLocally } from '../../../support/local-host.ts'

let host: string
let path: string
beforeEach(() => {
  host = temporaryFolder()
  path = join(host, 'app.conf')
  writeFileSync(path, 'one\ntwo\nthree\n')
})
const content = (): string => readFileSync(path, 'utf8')

it('lineinfile changes one line, in one stage, and tells what it did', () => {
  const { summaries, result, stages } = prove(lineinfile, { path, regexp: '(?i)^t[wh]', line: 'TWO', firstmatch: true, mode: '0600' })
  expect(content()).toBe('one\nTWO\nthree\n')
  expect(summaries).toEqual([`${path}: content, mode 0644 -> 0600`])
  expect(stages).toBe(1)
  expect(result).toEqual({ msg: 'line replaced and ownership, perms or SE linux context changed', backup: '' })
})

it('lineinfile finds a line by a plain text', () => {
  prove(lineinfile, { path, search_string: 'thr', line: 'three, really' })
  expect(content()).toBe('one\ntwo\nthree, really\n')
})

it('lineinfile takes lines away', () => {
  expect(prove(lineinfile, { path, regexp: '^t', state: 'absent' }).result).toEqual({ msg: '2 line(s) removed', backup: '', found: 2 })
  expect(content()).toBe('one\n')
  expect(prove(lineinfile, { path: join(host, 'none'), line: 'x', state: 'absent' }).result).toEqual({ msg: 'file not present' })
})

it('lineinfile makes a file, and the folders above it', () => {
  path = join(host, 'a/b/new')
  const { summaries } = prove(lineinfile, { path, line: 'x', create: true, mode: '0640' })
  expect(summaries).toEqual([`${join(host, 'a/b')}: new folder`, `${path}: new file, mode 0640`])
  expect(content()).toBe('x\n')
})

it('lineinfile keeps what is not UTF-8, and a link a link', () => {
  const bytes = Buffer.from('caf\xe9\nr\xfc\n', 'latin1')
  writeFileSync(path, bytes)
  symlinkSync('app.conf', join(host, 'link'))
  prove(lineinfile, { path: join(host, 'link'), line: 'new' })
  expect(readFileSync(path)).toEqual(Buffer.concat([bytes, Buffer.from('new\n')]))
  expect(lstatSync(join(host, 'link')).isSymbolicLink()).toBe(true)
})

it('lineinfile keeps a backup, validates, and shows the difference', () => {
  const { result, changes } = prove(lineinfile, { path, line: 'four', backup: true, validate: 'grep -q four %s' })
  expect(readFileSync(result['backup'] as string, 'utf8')).toBe('one\ntwo\nthree\n')
  expect(changes[0]!.diff).toEqual({ before: 'one\ntwo\nthree\n', after: 'one\ntwo\nthree\nfour\n', beforeHeader: path, afterHeader: path })
  expect(() => runLocally(lineinfile, { path, line: 'five', validate: 'false %s' })).toThrow('failed')
  expect(content()).toBe('one\ntwo\nthree\nfour\n')
  expect(readdirSync(host)).toHaveLength(2)
})

it('lineinfile sets attributes alone', () => {
  chmodSync(path, 0o600)
  expect(prove(lineinfile, { path, line: 'one', mode: 'a+r' }).summaries).toEqual([`${path}: mode 0600 -> 0644`])
})

it('is refused', () => {
  const cases: [Record<string, string | boolean>, string][] = [
    [{ path: host, line: 'x' }, `Path ${host} is a directory !`],
    [{ path: '/none/x', line: 'x' }, 'Destination /none/x does not exist !'],
    [{ path }, 'line is required with state=present'],
    [{ path, line: 'x', backrefs: true }, 'regexp is required with backrefs=true'],
    [{ path, state: 'absent' }, 'one of line, search_string, or regexp is required with state=absent'],
    [{ path, line: 'x', insertafter: 'a', insertbefore: 'b' }, 'parameters are mutually exclusive: insertbefore|insertafter'],
    [{ path, line: 'x', regexp: '(' }, "the regular expression '(' is not valid"],
  ]
  for (const [args, message] of cases) expect(() => runLocally(lineinfile, args)).toThrow(message)
  expect(runLocally(lineinfile, { path, regexp: '', line: 'x' }, { check: true }).plan.warnings).toEqual([
    "The regular expression is an empty string, which will match every line in the file. This may have unintended consequences, such as replacing the last line in the file rather than appending. If this is desired, use '^' to match every line in the file and avoid this warning.",
  ])
})

it('sees what an earlier task would write', () => {
  const imagined = [{ kind: 'path', path: join(host, 'later'), state: { type: 'file', content: Buffer.from('a\n') } }] as const
  expect(runLocally(lineinfile, { path: join(host, 'later'), line: 'a' }, { check: true, imagined }).changes).toEqual([])
  expect(runLocally(lineinfile, { path: join(host, 'later'), line: 'b' }, { check: true, imagined }).changes[0]!.diff).toMatchObject({ before: 'a\n', after: 'a\nb\n' })
})

it('blockinfile keeps a block', () => {
  expect(prove(blockinfile, { path, block: 'x\ny', marker: '<!-- {mark} -->' }).result).toEqual({ msg: 'Block inserted' })
  expect(content()).toBe('one\ntwo\nthree\n<!-- BEGIN -->\nx\ny\n<!-- END -->\n')
  prove(blockinfile, { path, block: 'z', marker: '<!-- {mark} -->', backup: true })
  expect(prove(blockinfile, { path, state: 'absent', marker: '<!-- {mark} -->' }).result).toEqual({ msg: 'Block removed' })
  expect(content()).toBe('one\ntwo\nthree\n')
})

it('blockinfile makes a file', () => {
  path = join(host, 'new')
  expect(prove(blockinfile, { path, block: 'x', create: true }).result).toEqual({ msg: 'File created' })
  expect(content()).toBe('# BEGIN ANSIBLE MANAGED BLOCK\nx\n# END ANSIBLE MANAGED BLOCK\n')
  expect(prove(blockinfile, { path: join(host, 'none'), state: 'absent' }).changes).toEqual([])
  expect(existsSync(join(host, 'none'))).toBe(false)
})

it('replace replaces every match, line by line', () => {
  expect(prove(replace, { path, regexp: '^t(.*)$', replace: String.raw`T\g<1>!`, backup: true }).result).toMatchObject({ rc: 0, msg: '2 replacements made' })
  expect(content()).toBe('one\nTwo!\nThree!\n')
})

it.each([
  [{ after: 'one' }, 'one\n2two\n2three\n'],
  [{ before: 'three' }, 'one\n2two\nthree\n'],
  [{ after: 'one', before: 'three' }, 'one\n2two\nthree\n'],
  [{ after: 'nowhere' }, 'one\ntwo\nthree\n'],
])('replace looks only within %j', (within, expected) => {
  runLocally(replace, { path, regexp: '^(t)', replace: String.raw`2\1`, ...within })
  expect(content()).toBe(expected)
})

it('replace works in the encoding of the file', () => {
  writeFileSync(path, Buffer.from('gr\xfcn\n', 'latin1'))
  prove(replace, { path, regexp: 'grün', replace: 'größer', encoding: 'latin-1' })
  expect(readFileSync(path, 'latin1')).toBe('größer\n')
  expect(statSync(path).size).toBe(7)
})
