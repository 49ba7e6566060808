import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contentRead } from '../../../src/probe/content.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { ask, shells } from './ask.ts'

describe.each(shells)('in $name', ({ shell, env }) => {
  it('tells what files hold and where they are, or why nothing can be told', () => {
    const dir = temporaryFolder()
    const at = (name: string): string => join(dir, name)
    writeFileSync(at('file'), 'text\0\xff\n', 'latin1')
    writeFileSync(at('empty'), '')
    writeFileSync(at("quo'te\nd"), 'odd name')
    mkdirSync(at('folder'))
    symlinkSync('file', at('link'))
    symlinkSync('/proc/self/nowhere', at('broken'))
    const reads = ['file', 'missing', 'empty', "quo'te\nd", 'folder', 'link', 'file/below', 'broken'].map((name) => contentRead(at(name)))
    const found = ask([...reads.slice(0, 2), contentRead(at('file'), 5), ...reads.slice(2)], { shell, env })
    expect(found.map(({ bytes, why }) => bytes?.toString('latin1') ?? why)).toEqual(['text\0\xff\n', 'missing', 'too large', '', 'odd name', 'not a file', 'text\0\xff\n', 'below a file', 'missing'])
    expect(found.slice(0, 7).map(({ realPath }) => realPath)).toEqual(['file', 'missing', 'file', 'empty', "quo'te\nd", 'folder', 'file'].map(at))
  })
})
