import { expect, it } from 'vitest'
import { splitWords } from '../../../src/shell/words.ts'

it.each<[string, string[]]>([
  ['echo hi', ['echo', 'hi']],
  ['  a \t b\n c ', ['a', 'b', 'c']],
  [`echo 'a b' "c d" e\\ f`, ['echo', 'a b', 'c d', 'e f']],
  [`a"b"'c'd`, ['abcd']],
  [`'' ""`, ['', '']],
  [`"a\\"b\\\\c\\$d\\n"`, ['a"b\\c\\$d\\n']],
  [`'a\\b'`, ['a\\b']],
  ['echo $HOME *', ['echo', '$HOME', '*']],
  ['# no comment', ['#', 'no', 'comment']],
  ['', []],
])('%j', (line, words) => expect(splitWords(line)).toEqual(words))

it.each([`echo "a`, `echo 'a`, 'echo a\\'])('%j is refused', (line) => expect(() => splitWords(line)).toThrow(/command line/))
