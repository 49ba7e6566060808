import { describe, expect, it } from 'vitest'
import { ensureBlock, type BlockWish } from '../../../../src/modules/files/block-edit.ts'
import { ensureLine, removeLines, type LineWish } from '../../../../src/modules/files/line-edit.ts'

const FILE = '# comment\nListen 80\nServerName a\nListen 443\n'

describe('ensureLine', () => {
  const cases: readonly [what: string, before: string, wish: Partial<LineWish> & { line: string }, after: string][] = [
    ['adds at the end', FILE, { line: 'new' }, `${FILE}new\n`],
    ['adds to an empty file', '', { line: 'new' }, 'new\n'],
    ['ends the last line first', 'a\nb', { line: 'new' }, 'a\nb\nnew\n'],
    ['leaves a line that is there', FILE, { line: 'ServerName a' }, FILE],
    ['gives the last line its newline when it is the one', 'a\nb', { line: 'b' }, 'a\nb\n'],
    ['takes a line that ends in CRLF for the same, and ends it anew', 'a\r\nb\r\n', { line: 'a' }, 'a\nb\r\n'],
    ['replaces the last match', FILE, { regexp: '^Listen', line: 'Listen 8080' }, '# comment\nListen 80\nServerName a\nListen 8080\n'],
    ['replaces the first match with firstmatch', FILE, { regexp: '^Listen', line: 'Listen 8080', firstmatch: true }, '# comment\nListen 8080\nServerName a\nListen 443\n'],
    ['replaces by a plain text', FILE, { search_string: 'Name', line: 'ServerName b' }, '# comment\nListen 80\nServerName b\nListen 443\n'],
    ['fills in groups', FILE, { regexp: '^(?P<word>Server)Name (.*)$', line: String.raw`\g<word>Alias \2`, backrefs: true }, '# comment\nListen 80\nServerAlias a\nListen 443\n'],
    ['adds nothing with backrefs when nothing matches', FILE, { regexp: '^nothing', line: 'x', backrefs: true }, FILE],
    ['keeps references as they are without backrefs', 'a\n', { regexp: '(a)', line: String.raw`\1` }, '\\1\n'],
    ['inserts behind the last match', FILE, { line: 'new', insertafter: '^Listen' }, `${FILE}new\n`],
    ['inserts behind the first match with firstmatch', FILE, { line: 'new', insertafter: '^Listen', firstmatch: true }, '# comment\nListen 80\nnew\nServerName a\nListen 443\n'],
    ['inserts in front of the last match', FILE, { line: 'new', insertbefore: '^Listen' }, '# comment\nListen 80\nServerName a\nnew\nListen 443\n'],
    ['inserts at the top', FILE, { line: 'new', insertbefore: 'BOF' }, `new\n${FILE}`],
    ['inserts at the top with insertafter too', FILE, { line: 'new', insertafter: 'BOF' }, `new\n${FILE}`],
    ['inserts at the end when the place is not found', FILE, { line: 'new', insertafter: '^none' }, `${FILE}new\n`],
    ['does not insert what already stands there', FILE, { line: 'ServerName a', insertafter: '^Listen 80' }, FILE],
    ['prefers the match of regexp to insertafter', FILE, { regexp: '^ServerName', line: 'ServerName b', insertafter: '^#' }, '# comment\nListen 80\nServerName b\nListen 443\n'],
    ['ends the line that it inserts behind', 'a\nb', { line: 'new', insertafter: '^b' }, 'a\nb\nnew\n'],
    ['takes a line of several lines', 'a\n', { line: 'b\nc' }, 'a\nb\nc\n'],
    ['matches $ before the newline', FILE, { regexp: '^Listen 80$', line: 'x' }, '# comment\nx\nServerName a\nListen 443\n'],
  ]
  it.each(cases)('%s', (_what, before, wish, after) => {
    const full = { backrefs: false, firstmatch: false, ...(wish.insertafter === undefined && wish.insertbefore === undefined && { insertafter: 'EOF' }), ...wish }
    const result = ensureLine(before, full)
    expect(result.text).toBe(after)
    expect(result.message === '').toBe(before === after)
  })
})

describe('removeLines', () => {
  it.each([
    [{ regexp: '^Listen' }, '# comment\nServerName a\n', 2],
    [{ search_string: 'e' }, '', 4],
    [{ line: 'Listen 80' }, '# comment\nServerName a\nListen 443\n', 1],
    [{ line: 'Listen' }, FILE, 0],
    [{ regexp: '^#', line: 'Listen 80' }, 'Listen 80\nServerName a\nListen 443\n', 1],
  ])('%j', (wish, text, found) => expect(removeLines(FILE, wish)).toEqual({ text, found }))
})

describe('ensureBlock', () => {
  const markers = { begin: '# BEGIN', end: '# END', append_newline: false, prepend_newline: false }
  const cases: readonly [what: string, before: string, wish: Partial<BlockWish> & { block: string }, after: string][] = [
    ['adds at the end', 'a\n', { block: 'x\ny' }, 'a\n# BEGIN\nx\ny\n# END\n'],
    ['ends the last line first', 'a', { block: 'x\n' }, 'a\n# BEGIN\nx\n# END\n'],
    ['replaces the block that is there', '# BEGIN\nold\n# END\na\n', { block: 'x' }, '# BEGIN\nx\n# END\na\n'],
    ['finds markers in the wrong order', 'a\n# END\nold\n# BEGIN\nb\n', { block: 'x' }, 'a\n# BEGIN\nx\n# END\nb\n'],
    ['leaves a marker without its partner', '# BEGIN\na\n', { block: 'x' }, '# BEGIN\na\n# BEGIN\nx\n# END\n'],
    ['takes an empty block away', 'a\n# BEGIN\nold\n# END\nb\n', { block: '' }, 'a\nb\n'],
    ['inserts behind the last match', 'a\nb\na\nc\n', { block: 'x', insertafter: '^a' }, 'a\nb\na\n# BEGIN\nx\n# END\nc\n'],
    ['inserts in front of the last match', 'a\nb\na\nc\n', { block: 'x', insertbefore: '^a' }, 'a\nb\n# BEGIN\nx\n# END\na\nc\n'],
    ['inserts at the top', 'a\n', { block: 'x', insertbefore: 'BOF' }, '# BEGIN\nx\n# END\na\n'],
    ['inserts at the end when nothing matches', 'a\n', { block: 'x', insertbefore: 'none' }, 'a\n# BEGIN\nx\n# END\n'],
    ['looks over several lines', 'a\nb\nc\n', { block: 'x', insertafter: '(?m)SNIP|^a\\nb' }, 'a\nb\n# BEGIN\nx\n# END\nc\n'],
    ['keeps blank lines around', 'a\nb\n', { block: 'x', insertafter: '^a', append_newline: true, prepend_newline: true }, 'a\n\n# BEGIN\nx\n# END\n\nb\n'],
    ['adds no second blank line', 'a\n\n# BEGIN\nx\n# END\n\nb\n', { block: 'x', append_newline: true, prepend_newline: true }, 'a\n\n# BEGIN\nx\n# END\n\nb\n'],
  ]
  it.each(cases)('%s', (_what, before, wish, after) => {
    const once = ensureBlock(before, { ...markers, ...wish }, true)
    expect(once).toBe(after)
    if (!before.startsWith('# BEGIN\na')) expect(ensureBlock(once, { ...markers, ...wish }, true)).toBe(after)
  })
})
