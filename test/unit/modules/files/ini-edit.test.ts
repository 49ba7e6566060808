import { expect, it } from 'vitest'
import { editIni, type IniWish } from '../../../../src/modules/files/ini-edit.ts'

const FILE = `top = 1

# about a
[a]
x = 1
;y = 2
x = 3

# about b
[b]
z=1
`
const USUAL: IniWish = { values: [], section_has_values: [], present: true, exclusive: true, no_extra_spaces: false, ignore_spaces: false, allow_no_value: false, modify_inactive_option: true }

const cases: readonly [what: string, wish: Partial<IniWish>, before: string, after: string, message: string][] = [
  ['changes a value', { section: 'b', option: 'z', values: ['2'] }, '[b]\nz = 1\n', '[b]\nz = 2\n', 'option changed'],
  ['leaves a value that is right', { section: 'b', option: 'z', values: ['1'] }, '[b]\nz = 1\n', '[b]\nz = 1\n', 'OK'],
  ['spaces the line as wanted', { section: 'b', option: 'z', values: ['1'] }, '[b]\nz=1\n', '[b]\nz = 1\n', 'option changed'],
  ['takes blanks for nothing when told', { section: 'b', option: 'z', values: ['1'], ignore_spaces: true }, '[b]\nz=1\n', '[b]\nz=1\n', 'OK'],
  ['writes without blanks', { section: 'b', option: 'z', values: ['2'], no_extra_spaces: true }, '[b]\nz=1\n', '[b]\nz=2\n', 'option changed'],
  ['adds an option behind the last of its section', { section: 'a', option: 'new', values: ['v'] }, FILE, FILE.replace('x = 3\n', 'x = 3\nnew = v\n'), 'option added'],
  ['adds a section', { section: 'c', option: 'o', values: ['v'] }, '[a]\n', '[a]\n[c]\no = v\n', 'section and option added'],
  ['adds an empty section', { section: 'c' }, '[a]\n', '[a]\n[c]\n', 'only section added'],
  ['begins an empty file with an empty line', { section: 'c' }, '', '\n[c]\n', 'only section added'],
  ['leaves a section that is there', { section: 'a' }, FILE, FILE, 'OK'],
  ['sets options above all sections', { option: 'top', values: ['2'] }, FILE, FILE.replace('top = 1', 'top = 2'), 'option changed'],
  ['adds options above all sections', { option: 'more', values: ['2'] }, FILE, FILE.replace('top = 1\n', 'top = 1\nmore = 2\n'), 'option added'],
  ['adds options to a file that begins with a section', { option: 'more', values: ['2'] }, '[a]\n', 'more = 2\n[a]\n', 'option added'],
  ['uses a line that is commented out', { section: 'a', option: 'y', values: ['5'] }, FILE, FILE.replace(';y = 2', 'y = 5'), 'option changed'],
  ['leaves the comment when told', { section: 'a', option: 'y', values: ['5'], modify_inactive_option: false }, FILE, FILE.replace('x = 3\n', 'x = 3\ny = 5\n'), 'option added'],
  ['keeps one of several values', { section: 'a', option: 'x', values: ['3'] }, FILE, FILE.replace('x = 1\n', ''), 'option changed'],
  ['has several values', { section: 'a', option: 'x', values: ['1', '2'] }, FILE, FILE.replace('x = 3', 'x = 2'), 'option changed'],
  ['adds a value to others', { section: 'a', option: 'x', values: ['2'], exclusive: false }, FILE, FILE.replace('x = 3\n', 'x = 3\nx = 2\n'), 'option added'],
  ['lets an option stand alone', { section: 'a', option: 'skip', allow_no_value: true }, FILE, FILE.replace('x = 3\n', 'x = 3\nskip\n'), 'option added'],
  ['takes an option away', { section: 'a', option: 'x', present: false }, FILE, FILE.replace('x = 1\n', '').replace('x = 3\n', ''), 'option changed'],
  ['takes one value away', { section: 'a', option: 'x', values: ['1'], present: false, exclusive: false }, FILE, FILE.replace('x = 1\n', ''), 'option changed'],
  ['takes a section away', { section: 'a', present: false }, FILE, FILE.replace(/\[a\][^[]*/, ''), 'section removed'],
  ['takes nothing away where nothing is', { section: 'none', option: 'x', present: false }, FILE, FILE, 'OK'],
  ['tells sections of the same name apart', { section: 'p', section_has_values: [{ option: 'n', values: ['2'] }], option: 'v', values: ['x'] }, '[p]\nn = 1\n[p]\nn = 2\n', '[p]\nn = 1\n[p]\nn = 2\nv = x\n', 'option added'],
  ['ends the last line first', { section: 'a', option: 'y', values: ['1'] }, '[a]\nx = 1', '[a]\nx = 1\ny = 1\n', 'option added'],
  ['takes names and values as they are', { section: 'a.b*', option: 'x+y', values: ['$1 \\n'] }, '[a.b*]\nx+y = 1\n', '[a.b*]\nx+y = $1 \\n\n', 'option changed'],
]

it.each(cases)('%s', (_what, wish, before, after, message) => {
  const once = editIni(before, { ...USUAL, ...wish })
  expect(once).toEqual({ text: after, message })
  expect(editIni(once.text, { ...USUAL, ...wish })).toEqual({ text: after, message: 'OK' })
})
